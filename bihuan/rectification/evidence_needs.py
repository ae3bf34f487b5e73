"""What each measure must be proved by before acceptance may be applied for, and what is still missing.

`gaps_of` is pure; the rest reads rows. Leaves are asked: what was handed down is proved where it is done. A measure that
was divided is asked only for what none of its parts hands over. More than the policy's minimum is never asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused
from bihuan.journal.wording import joined, listed
from bihuan.ledger.rigour import policy_of
from bihuan.rectification.measures import chain_of, measures_of, plan_in_force
from bihuan.rectification.models import EvidenceUse
from bihuan.rectification.plan_versions import place_of
from bihuan.rectification.rules import kept_by_the_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any
    from uuid import UUID

    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import Measure

POLICY: Final = "evidence"
MOST_NAMED: Final = 6


class Need(StrEnum):
    """What a measure lacks."""

    ANY = "any"
    AFTER = "after"
    BEFORE = "before"


NEED_WORDS: Final = {
    Need.ANY: gettext_lazy("至少一份佐证"),
    Need.AFTER: gettext_lazy("整改后照片"),
    Need.BEFORE: gettext_lazy("整改前照片"),
}


@dataclass(frozen=True)
class Minimum:
    """The policy's minimum: whether each measure needs proof, and which deliverables need photographs."""

    each_measure: bool
    photo_words: tuple[str, ...]
    before_too: bool

    @classmethod
    def from_record(cls, body: Mapping[str, Any]) -> Minimum:
        """The minimum a policy's body states."""
        words = tuple(word for word in re.split(r"[、，,\s]+", body["photo_words"]) if word)
        return cls(bool(body["each_measure"]), words, bool(body["before_too"]))


@dataclass(frozen=True)
class Asked:
    """A leaf of the plan: its number, what it will hand over, and of which kinds its proofs are."""

    number: str
    deliverable: str
    kinds: frozenset[str]


@dataclass(frozen=True)
class Gap:
    """One measure and what it lacks."""

    number: str
    needs: tuple[Need, ...]


def gaps_of(measures: Iterable[Asked], minimum: Minimum) -> list[Gap]:
    """Every measure that lacks something, with all it lacks, so that it is mended in one go."""
    found = []
    for measure in measures:
        needs = tuple(need for need in _needs_of(measure, minimum) if not _is_met(need, measure))
        if needs:
            found.append(Gap(measure.number, needs))
    return found


def _needs_of(measure: Asked, minimum: Minimum) -> list[Need]:
    if not minimum.each_measure:
        return []
    if any(word in measure.deliverable for word in minimum.photo_words):
        return [Need.BEFORE, Need.AFTER] if minimum.before_too else [Need.AFTER]
    return [Need.ANY]


def _is_met(need: Need, measure: Asked) -> bool:
    return bool(measure.kinds) if need is Need.ANY else need.value in measure.kinds


def gaps(problem: Problem) -> list[Gap]:
    """What the measures of the plan in force still lack."""
    owing = owing_in(measures_of(plan_in_force(problem)))
    if not owing:
        return []
    kinds: dict[UUID, set[str]] = defaultdict(set)
    uses = EvidenceUse.objects.filter(
        measure__in=[one.pk for one, _due in owing], evidence__round=problem.round
    )
    for measure, kind in uses.values_list("measure_id", "evidence__kind"):
        kinds[measure].add(kind)
    asked = [Asked(one.number, due, frozenset(kinds[one.pk])) for one, due in owing]
    return gaps_of(asked, Minimum.from_record(policy_of(problem, POLICY).body))


def owing_in(measures: Sequence[Measure]) -> list[tuple[Measure, str]]:
    """Every measure that itself hands something over, with what; in the order of their numbers."""
    below: dict[UUID, list[str]] = defaultdict(list)
    by_id = {one.pk: one for one in measures}
    for one in measures:
        for above in chain_of(one, by_id)[1:]:
            below[above.pk].append(one.deliverable)
    owed = [
        (one, kept_by_the_whole(one.deliverable, below[one.pk]) if one.pk in below else one.deliverable)
        for one in measures
    ]
    return sorted(
        ((one, due) for one, due in owed if due or one.pk not in below),
        key=lambda row: place_of(row[0].number),
    )


def leaves_of(measures: Iterable[Measure]) -> list[Measure]:
    """The measures that were not divided, in the order of their numbers."""
    rows = list(measures)
    parents = {row.parent_id for row in rows}
    leaves = [row for row in rows if row.pk not in parents]
    return sorted(leaves, key=lambda row: place_of(row.number))


def lacks(gap: Gap) -> str:
    """缺整改后照片."""
    return _("缺%(needs)s") % {"needs": listed(NEED_WORDS[need] for need in gap.needs)}


def said(gap: Gap) -> str:
    """第 2 条缺整改后照片."""
    return _("第 %(number)s 条%(lacks)s") % {"number": gap.number, "lacks": lacks(gap)}


def refuse_gaps(problem: Problem) -> None:
    """Raise what is still missing, measure by measure; writes nothing."""
    found = gaps(problem)
    if found:
        raise Refused(
            _("佐证还不齐：%(gaps)s。") % {"gaps": joined(said(gap) for gap in found[:MOST_NAMED])},
            accepted=_("请上传，或在“引用佐证材料”里引用已有的材料；每条措施只要规则要求的最少几份。"),
            code="evidence_gaps",
            gaps=[{"number": gap.number, "needs": [need.value for need in gap.needs]} for gap in found],
        )
