"""Which version of a rule holds for a case: pure, from plain values.

The nearer jurisdiction wins over the one it inherits from; within one jurisdiction the more specific scope wins; within
one scope the highest version valid on the day. A sector scope covers everything below it in the tree.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One policy version as the selection needs it. Empty scope columns mean *any*; `until` is the first day it no
    longer holds."""

    key: Hashable
    jurisdiction: Hashable
    source: str = ""
    sector: str = ""
    grade: str = ""
    supervision_level: str = ""
    version: int
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is asked for; `jurisdictions` runs from the case's own upwards."""

    jurisdictions: Sequence[Hashable]
    source: str = ""
    sector: str = ""
    grade: str = ""
    supervision_level: str = ""
    on: date


def select(rules: Iterable[Rule], case: Case) -> Rule | None:
    """The one rule that holds, or None. Independent of the order in which the rules are given."""
    fitting = [rule for rule in rules if applies(rule, case)]
    if not fitting:
        return None
    return max(fitting, key=lambda rule: (-case.jurisdictions.index(rule.jurisdiction), *specificity(rule), rule.version))


def applies(rule: Rule, case: Case) -> bool:
    """Whether a rule holds for the case at all."""
    return (
        rule.jurisdiction in case.jurisdictions
        and rule.source in {"", case.source}
        and (not rule.sector or case.sector == rule.sector or case.sector.startswith(rule.sector + "."))
        and rule.grade in {"", case.grade}
        and rule.supervision_level in {"", case.supervision_level}
        and rule.valid_from <= case.on
        and (rule.valid_until is None or case.on < rule.valid_until)
    )


def specificity(rule: Rule) -> tuple[int, int, int, int, int]:
    """How narrowly a rule is scoped: how many columns it fills, then source, sector depth, grade, level."""
    depth = rule.sector.count(".") + 1 if rule.sector else 0
    filled = sum(bool(column) for column in (rule.source, rule.sector, rule.grade, rule.supervision_level))
    return (filled, int(bool(rule.source)), depth, int(bool(rule.grade)), int(bool(rule.supervision_level)))
