"""A policy in words: its scope, its body line by line, what a new version changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.journal.wording import joined, listed
from bihuan.organizations.choices import INDENT, codes
from bihuan.policies.checking import kind_named
from bihuan.policies.ladder_shapes import LadderShape
from bihuan.policies.ladder_wording import ladder_facts
from bihuan.policies.leaves import Leaf, Sort, leaves_of
from bihuan.policies.shapes import DECIDERS, EVENTS, TermShape
from bihuan.text.starting_taxonomy import (
    GRADES,
    IMPACTS,
    NATURES,
    SECTORS,
    SOURCES,
    SUPERVISION_LEVELS,
    URGENCIES,
    Term,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.policies.models import Policy

LONGEST_SUMMARY = 48
SPANS = {
    "hours": gettext_lazy("%(count)s 小时"),
    "working_days": gettext_lazy("%(count)s 个工作日"),
    "calendar_days": gettext_lazy("%(count)s 日"),
    "months": gettext_lazy("%(count)s 个月"),
}


def term_label(terms: Sequence[Term], code: str) -> str:
    """The label of a code in the reader's language; the code where the office has made its own."""
    english = (get_language() or "").startswith("en")
    return next((one.en if english else one.zh for one in terms if one.code == code), code)


@dataclass
class Labels:
    """The labels of sources and sectors as the office keeps them, each list read once and only when asked for."""

    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, kind: str, code: str) -> str:
        """The label of a code; a code the office no longer lists has the label it began with, or itself."""
        if kind not in self.known:
            self.known[kind] = {code: label.strip(INDENT) for code, label in codes(kind)}
        starting = SOURCES if kind == "source" else SECTORS
        return self.known[kind].get(code) or term_label(starting, code)


def scope_words(policy: Policy, labels: Labels | None = None) -> str:
    """For which cases the policy holds; lists pass one `labels` for all their rows."""
    labels = labels or Labels()
    parts = []
    if policy.source:
        parts.append(labels.of("source", policy.source))
    if policy.sector:
        parts.append(labels.of("sector", policy.sector))
    if policy.grade:
        parts.append(_("%(grade)s问题") % {"grade": term_label(GRADES, policy.grade)})
    if policy.supervision_level:
        parts.append(_("%(level)s督办") % {"level": term_label(SUPERVISION_LEVELS, policy.supervision_level)})
    return " · ".join(parts) or _("全部")


def facts_of(code: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The body as label and value, line by line; the matrix is drawn apart."""
    kind = kind_named(code)
    if kind.shape is TermShape:
        return [{"label": kind.label, "value": term_words(body)}]
    if kind.shape is LadderShape:
        return ladder_facts(body)
    return [
        {"label": leaf.label, "value": shown(leaf, leaf.value_in(body))}
        for leaf in leaves_of(kind.shape)
        if leaf.sort is not Sort.MATRIX
    ]


def summary_of(code: str, body: Mapping[str, Any]) -> str:
    """The body in one line of a list."""
    kind = kind_named(code)
    if kind.shape is TermShape:
        return term_words(body)
    if "by_date" in body:
        return _shortened(kind_terms(body))
    words = _shortened(facts_of(code, body))
    if not words:
        return _("%(count)s 格") % {"count": len(body.get("matrix", {}))}
    return words


def _shortened(facts: list[dict[str, Any]]) -> str:
    words = joined(f"{fact['label']} {fact['value']}" for fact in facts)
    return words if len(words) <= LONGEST_SUMMARY else words[: LONGEST_SUMMARY - 1] + "…"


def kind_terms(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A term for each rectification kind, in words."""
    shape = kind_named("deadline.rectification").shape
    return [
        {"label": str(column.title), "value": term_words(body[name])}
        for name, column in shape.model_fields.items()
        if name in body
    ]


def term_words(term: Mapping[str, Any]) -> str:
    """``签收后 30 个工作日``."""
    if term["unit"] == "fixed_date":
        return _("%(day)s 以前") % {"day": term["fixed_date"]}
    words = _("%(event)s后 %(span)s") % {
        "event": EVENTS[term["starts_on"]],
        "span": SPANS[term["unit"]] % {"count": term["count"]},
    }
    return words + (_("，末日遇休息日顺延") if term["rolls_over"] else "")


def shown(leaf: Leaf, value: Any) -> Any:
    """One value as people read it."""
    if value is None or value == []:
        return _("不启用")
    if leaf.choices:
        return str(leaf.choices.get(value, value or "—"))
    if leaf.sort is Sort.YES_NO:
        return _("是") if value else _("否")
    if leaf.sort is Sort.STEPS:
        return " → ".join(
            f"{step['name']}（{DECIDERS.get(step['decider'], step['decider'])}）" for step in value
        )
    if leaf.sort is Sort.DAYS:
        return listed(value)
    return parse_date(value) if leaf.sort is Sort.DAY else value


def changes_between(
    code: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, Any, Any]]:
    """What differs between two bodies: words of the column, before, after."""
    changes: list[tuple[str, Any, Any]] = []
    for leaf in leaves_of(kind_named(code).shape):
        old, new = leaf.value_in(before), leaf.value_in(after)
        if old == new:
            continue
        if leaf.sort is Sort.MATRIX:
            changes.extend(_matrix_changes(old or {}, new or {}))
        else:
            changes.append((leaf.label, shown(leaf, old), shown(leaf, new)))
    return changes


def _matrix_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, Any, Any]]:
    return [
        (cell_words(key), grade_words(old.get(key)), grade_words(new.get(key)))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]


def grade_words(code: str | None) -> str:
    """The label of a grade, a dash where there is none."""
    return term_label(GRADES, code) if code else "—"


def cell_words(key: str) -> str:
    """``违纪违法违规 · 个案 · 特急``."""
    nature, impact, urgency = key.split("/")
    return " · ".join(
        (term_label(NATURES, nature), term_label(IMPACTS, impact), term_label(URGENCIES, urgency))
    )


def matrix_rows(matrix: Mapping[str, str]) -> dict[str, Any]:
    """The matrix as a table: nature and impact down, urgency across; the caller fills each row's `cells`."""
    keys = [key.split("/") for key in matrix]
    urgencies = list(dict.fromkeys(urgency for _nature, _impact, urgency in keys))
    pairs = list(dict.fromkeys((nature, impact) for nature, impact, _urgency in keys))
    return {
        "heads": [term_label(URGENCIES, one) for one in urgencies],
        "rows": [
            {
                "label": f"{term_label(NATURES, nature)} · {term_label(IMPACTS, impact)}",
                "keys": [f"{nature}/{impact}/{urgency}" for urgency in urgencies],
            }
            for nature, impact in pairs
        ],
    }
