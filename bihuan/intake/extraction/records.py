"""Exports of messages and work orders: records of labelled lines, one after the other (编号：… 主题：… 详情：…)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.intake.extraction.columns import field_of
from bihuan.intake.extraction.cues import Disposition
from bihuan.intake.extraction.messages import intent_of
from bihuan.intake.extraction.prose import Finding
from bihuan.intake.extraction.spreadsheet import LedgerRow

if TYPE_CHECKING:
    from bihuan.intake.extraction.passages import Part

_LABEL = re.compile(r"^\s*[【\[]?([\u4e00-\u9fff]{2,8})[】\]]?\s*[：:]\s*")
_REPEATED = 3
_LABELS_OF_A_RECORD = 2
_NUMBER_WORDS = ("编号", "单号", "序号", "件号", "受理号")
_TITLE_WORDS = ("主题", "标题", "题目", "名称", "摘要")
_REPLY_WORDS = ("答复", "回复", "办理", "处理", "反馈", "整改", "结果")
_REPLY_BUT_BODY = ("内容", "反映")


@dataclass(slots=True)
class _Field:
    label: str
    parts: list[Part] = field(default_factory=list)

    @property
    def value(self) -> str:
        text = "\n".join(part.text for part in self.parts)
        return _LABEL.sub("", text, count=1).strip()


@dataclass(slots=True)
class _Record:
    fields: list[_Field] = field(default_factory=list)

    def first(self, words: tuple[str, ...]) -> str:
        return next((known.value for known in self.fields if any(word in known.label for word in words)), "")


def record_labels(parts: list[Part]) -> frozenset[str]:
    """The labels that recur through the document; empty where it is not an export of records."""
    found = Counter(match.group(1) for part in parts if (match := _LABEL.match(part.text)))
    repeated = {label: count for label, count in found.items() if count >= _REPEATED}
    if not repeated:
        return frozenset()
    most = max(repeated.values())
    labels = frozenset(label for label, count in repeated.items() if count * 2 >= most)
    lines = sum(repeated[label] for label in labels)
    written = sum(1 for part in parts if not part.is_running and not part.is_title)
    return labels if len(labels) >= _LABELS_OF_A_RECORD and lines * 2 >= written else frozenset()


def read_records(parts: list[Part], labels: frozenset[str]) -> list[Finding]:
    """Findings: the messages that complain of something, each as a whole."""
    first = next((found for part in parts if (found := _label_of(part, labels))), "")
    body = _body_label(parts, labels)
    records: list[_Record] = []
    for part in parts:
        label = _label_of(part, labels)
        if part.is_running:
            _dispose([part], Disposition.METADATA)
        elif label is None and not records:
            _dispose([part], Disposition.HEADING if part.is_title else Disposition.CONTEXT)
        elif label is None:
            records[-1].fields[-1].parts.append(part)
        else:
            if label == first or not records:
                records.append(_Record())
            records[-1].fields.append(_Field(label, [part]))
    return [finding for record in records for finding in _finding(record, body)]


def _label_of(part: Part, labels: frozenset[str]) -> str | None:
    match = _LABEL.match(part.text)
    return match.group(1) if match and match.group(1) in labels else None


def _body_label(parts: list[Part], labels: frozenset[str]) -> str:
    """The field with the most text that is not an answer."""
    sizes: Counter[str] = Counter()
    for part in parts:
        label = _label_of(part, labels)
        if label and (
            not any(word in label for word in _REPLY_WORDS) or any(word in label for word in _REPLY_BUT_BODY)
        ):
            sizes[label] += len(part.text)
    return sizes.most_common(1)[0][0] if sizes else ""


def _finding(record: _Record, body: str) -> list[Finding]:
    title = record.first(_TITLE_WORDS)
    text = record.first((body,)) if body else ""
    intent = intent_of(title, text)
    findings = []
    for known in record.fields:
        if known.label == body and intent is Disposition.PROBLEM:
            passages = [passage for part in known.parts for passage in part.passages]
            for passage in passages:
                passage.disposition = Disposition.PROBLEM
            findings.append(Finding(passages, title, record.first(_NUMBER_WORDS), row=_row_of(record, text)))
        elif known.label == body:
            _dispose(known.parts, intent)
        elif any(word in known.label for word in _REPLY_WORDS):
            _dispose(known.parts, Disposition.MEASURE_TAKEN)
        else:
            _dispose(known.parts, Disposition.METADATA)
    return findings


def _row_of(record: _Record, text: str) -> LedgerRow:
    """The record's fields under our names, as if they stood in a row of a table."""
    facts = {"text": text}
    for known in record.fields:
        meant = field_of(known.label)
        if meant is not None and meant[1] == 1.0 and meant[0] != "text" and known.value:
            facts.setdefault(meant[0], known.value)
    return LedgerRow("", 0, facts)


def _dispose(parts: list[Part], disposition: Disposition) -> None:
    for part in parts:
        for passage in part.passages:
            passage.disposition = disposition
