"""Prose read section by section: which passages state problems, and what the others are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bihuan.documents.model import BlockKind
from bihuan.intake.extraction.cues import Disposition, problem_weight
from bihuan.intake.extraction.findings import disposition_of, groups_of, problem_clauses
from bihuan.intake.extraction.zones import OF_ZONE, Zone, zone_of_heading, zone_of_lead_in, zone_of_paragraph
from bihuan.text.outline import enumerators, han_number

if TYPE_CHECKING:
    from bihuan.intake.extraction.passages import Part, Passage
    from bihuan.intake.extraction.spreadsheet import LedgerRow

_ARTICLES_OF_A_LAW = 5
_MEMBER = re.compile(
    r"\s*(?:([一二三四五六七八九十]{1,3})是|[（(]?(\d{1,2}|[一二三四五六七八九十]{1,3})[.．、）)])"
)


@dataclass(slots=True)
class Finding:
    """Passages that state one problem. `title` is the heading or lead that names it, `source_no` its printed number."""

    passages: list[Passage]
    title: str = ""
    source_no: str = ""
    section: tuple[str, ...] = ()
    row: LedgerRow | None = None


@dataclass(slots=True)
class _Item:
    """A part with a number (or a lone paragraph) and the unnumbered paragraphs that belong to it."""

    head: Part
    body: list[Part] = field(default_factory=list)


def read_prose(parts: list[Part]) -> list[Finding]:
    """Findings in the order of the text; every passage of the parts gets its disposition."""
    if sum(part.marker is not None and part.marker.kind == "article" for part in parts) >= _ARTICLES_OF_A_LAW:
        return _read_law(parts)
    return _ProseReader(parts).read()


def _read_law(parts: list[Part]) -> list[Finding]:
    """Laws and rules demand; they find nothing wrong."""
    for part in parts:
        for passage in part.passages:
            heading = part.is_title or (part.is_heading and part.marker is None)
            passage.disposition = Disposition.HEADING if heading else Disposition.REQUIREMENT
    return []


class _ProseReader:
    def __init__(self, parts: list[Part]) -> None:
        self._parts = [part for part in parts if not part.is_running]
        self._zones: list[tuple[int, Zone]] = []
        self._base = Zone.OPEN
        self._findings: list[Finding] = []
        for part in parts:
            if part.is_running:
                _dispose(part, Disposition.METADATA)

    def read(self) -> list[Finding]:
        at = 0
        while at < len(self._parts):
            part = self._parts[at]
            if part.is_title:
                self._title(part)
                at += 1
                continue
            if part.is_heading and self._is_parent(at):
                self._heading(part)
                at += 1
                continue
            item = self._item(at)
            self._read_item(item)
            at += 1 + len(item.body)
        return self._findings

    def _title(self, part: Part) -> None:
        _dispose(part, Disposition.METADATA if "://" in part.text else Disposition.HEADING)
        zone = zone_of_heading(part.text)
        if zone in (Zone.PROBLEM, Zone.MEASURE):
            self._base = zone

    def _zone(self) -> Zone:
        return self._zones[-1][1] if self._zones else self._base

    def _enter(self, depth: int, zone: Zone) -> None:
        self._zones = [(known, around) for known, around in self._zones if known < depth]
        self._zones.append((depth, self._zone() if zone is Zone.OPEN else zone))

    def _heading(self, part: Part) -> None:
        _dispose(part, Disposition.HEADING)
        zone = zone_of_heading(part.text)
        if zone is Zone.OPEN and problem_weight(part.text):
            zone = Zone.PROBLEM
        self._enter(part.depth or 1, zone)

    def _is_parent(self, at: int) -> bool:
        """Whether a heading only introduces: deeper numbers follow it, or it names a kind of text, not a problem."""
        part = self._parts[at]
        if part.marker is not None and part.marker.kind == "case":
            return False
        following = next((other for other in self._parts[at + 1 :] if other.depth is not None), None)
        if following is not None and part.depth is not None and (following.depth or 0) > part.depth:
            return True
        return not problem_weight(part.text) or zone_of_heading(part.text) is not Zone.OPEN

    def _item(self, at: int) -> _Item:
        item = _Item(self._parts[at])
        if item.head.marker is None:
            return item
        for part in self._parts[at + 1 :]:
            if part.marker is not None or part.is_heading or part.block.kind is not BlockKind.PARAGRAPH:
                break
            item.body.append(part)
        return item

    def _read_item(self, item: _Item) -> None:
        head = item.head
        if head.block.kind in (BlockKind.FOOTNOTE, BlockKind.COMMENT):
            _dispose(head, Disposition.CONTEXT)
            return
        if head.marker is not None:
            self._enter(head.marker.depth, self._zone_of_item(head))
        if head.marker is not None and head.marker.kind == "case":
            self._case(item)
        else:
            self._paragraphs(item)

    def _zone_of_item(self, head: Part) -> Zone:
        around = [zone for depth, zone in self._zones if head.marker and depth < head.marker.depth]
        return around[-1] if around else self._base

    def _case(self, item: _Item) -> None:
        """案例N: its facts are one problem, what was done about it is not."""
        facts: list[Passage] = []
        closed = False
        for part in item.body:
            if zone_of_paragraph(part.text, Zone.PROBLEM) is Zone.MEASURE:
                closed = True
            if closed:
                _dispose(part, Disposition.MEASURE_TAKEN)
            else:
                facts += part.passages
        if facts:
            _dispose(item.head, Disposition.HEADING)
        else:
            facts = item.head.passages
        self._found(facts, item.head)

    def _paragraphs(self, item: _Item) -> None:
        if item.head.is_heading and item.body:
            self._named_item(item)
            return
        for part in (item.head, *item.body):
            self._paragraph(part, item.head)

    def _named_item(self, item: _Item) -> None:
        """A numbered heading that names a problem, with its description below."""
        passages = list(item.head.passages)
        zone = Zone.PROBLEM if self._zone() is Zone.OPEN else self._zone()
        for part in item.body:
            inner = zone_of_paragraph(part.text, zone)
            if inner is not Zone.PROBLEM or len(passages) > len(item.head.passages) + 40:
                self._paragraph(part, item.head)
            else:
                passages += part.passages
        if zone is Zone.PROBLEM:
            self._found(passages, item.head)
        else:
            _dispose(item.head, Disposition.HEADING)

    def _paragraph(self, part: Part, head: Part) -> None:
        zone = zone_of_paragraph(part.text, self._zone())
        lists = self._lists(part, zone)
        texts = [passage.text for passage in part.passages]
        numbered = part.marker is not None
        named = head if numbered else None
        covered: set[int] = set(lists)
        for index in lists:
            self._found([part.passages[index]], named)
        rest = [index for index in range(len(texts)) if index not in covered]
        # A paragraph that announces what follows sums up; its own sentences are no findings.
        summing_up = (
            not numbered and not lists and zone_of_lead_in(texts[-1]) is Zone.PROBLEM if texts else False
        )
        groups = [] if summing_up else groups_of([texts[index] for index in rest], zone, numbered=numbered)
        for group in groups:
            indices = [rest[index] for index in group]
            covered.update(indices)
            self._found([part.passages[index] for index in indices], named)
        self._dispose_rest(part, zone, covered)
        if part.marker is None and texts and texts[-1].rstrip().endswith(("：", ":")):
            self._announce(zone_of_lead_in(texts[-1]))

    def _dispose_rest(self, part: Part, zone: Zone, covered: set[int]) -> None:
        for index, passage in enumerate(part.passages):
            if index in covered:
                continue
            passage.disposition = _unless_problem(disposition_of(passage.text, zone), zone)
            announced = zone_of_lead_in(passage.text)
            if announced in (Zone.REQUIREMENT, Zone.MEASURE) and passage.text.rstrip().endswith(("：", ":")):
                zone = announced

    def _announce(self, announced: Zone) -> None:
        """“…存在以下问题：” at the end of a paragraph speaks for the paragraphs below it."""
        if announced is not Zone.OPEN:
            depth = self._zones[-1][0] if self._zones else 0
            self._zones = [*self._zones[:-1], (depth, announced)]

    def _lists(self, part: Part, zone: Zone) -> list[int]:
        """Indices of passages that are members of a problem list; sentences are cut into clauses for it."""
        if part.marker is not None or zone not in (Zone.PROBLEM, Zone.OPEN) or enumerators(part.text):
            return []
        result: list[Passage] = []
        members: list[int] = []
        # A list that uses semicolons has been grouped by its author; only one without is cut at its commas.
        grouped = any(passage.text.rstrip().endswith(("；", ";")) for passage in part.passages)
        announced = False
        for passage in part.passages:
            listed = announced or zone is Zone.PROBLEM
            pieces = (
                problem_clauses(passage.text, announced=announced)
                if listed and not grouped
                else [passage.text]
            )
            begins = len(result)
            result += [replace(passage, text=piece) for piece in pieces] if len(pieces) > 1 else [passage]
            is_member = announced or (grouped and listed and problem_weight(passage.text) > 0)
            if len(pieces) > 1 or (is_member and _states(passage.text)):
                members += range(begins, len(result))
            if zone_of_lead_in(passage.text) is Zone.PROBLEM and passage.text.rstrip().endswith(("：", ":")):
                announced = True
            elif passage.text.rstrip().endswith("。"):
                announced = False
        part.passages[:] = result
        return members

    def _found(self, passages: list[Passage], head: Part | None) -> None:
        for passage in passages:
            passage.disposition = Disposition.PROBLEM
        self._findings.append(
            Finding(
                passages=passages,
                title=head.passages[0].text if head is not None and head.passages else "",
                source_no=_source_no(head, passages[0].text),
                section=passages[0].heading,
            )
        )


def _source_no(head: Part | None, text: str) -> str:
    """Numbers as printed from the outside in, as 一（二）3; a member of 一是…二是… adds its own. Cases count alone."""
    if head is None or head.marker is None:
        return _member_number(text).lstrip("-")
    if head.marker.kind == "case":
        return head.numbers[-1]
    if head.marker.kind == "member":
        outer = "".join(head.numbers[:-1])
        return f"{outer}{_member_number(text)}" if outer else _member_number(text).lstrip("-")
    inner = "" if text.lstrip().startswith(head.marker.printed) else _member_number(text)
    return "".join(head.numbers) + inner


def _member_number(text: str) -> str:
    found = _MEMBER.match(text)
    return f"-{han_number(found.group(1) or found.group(2))}" if found else ""


def _states(text: str) -> bool:
    """A member of a list, not the sentence that announces it."""
    return zone_of_lead_in(text) is Zone.OPEN


def _unless_problem(found: Disposition, zone: Zone) -> Disposition:
    """A passage in no finding is not a problem, whatever its words: it introduces or surrounds one."""
    if found is not Disposition.PROBLEM:
        return found
    return OF_ZONE[zone] if zone not in (Zone.PROBLEM, Zone.OPEN) else Disposition.CONTEXT


def _dispose(part: Part, disposition: Disposition) -> None:
    for passage in part.passages:
        passage.disposition = disposition
