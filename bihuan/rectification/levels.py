"""Acceptance level after level: which is next, whose office it is, and who judged below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.journal.action import Refused
from bihuan.ledger.rigour import policy_of
from bihuan.organizations.models import Unit, UnitLevel
from bihuan.organizations.remembering import remembered
from bihuan.organizations.tree import nearest_jurisdiction, upwards
from bihuan.policies.level_shapes import ACCEPTS, FILES
from bihuan.rectification.models import Acceptance, AcceptanceLevel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

POLICY: Final = "acceptance_levels"
UPWARDS: Final = (("county", UnitLevel.COUNTY), ("city", UnitLevel.CITY), ("province", UnitLevel.PROVINCE))


def levels_in(body: Mapping[str, Any], own: int, does: str) -> list[UnitLevel]:
    """The levels that do this, from below, none below the problem's own office. Pure; the smaller number stands higher."""
    return [level for name, level in UPWARDS if body[name] == does and level <= own]


def accepting_levels(problem: Problem) -> list[UnitLevel]:
    """The levels that accept one after another; empty where one acceptance is enough."""
    return levels_in(policy_of(problem, POLICY).body, problem.jurisdiction.level, ACCEPTS)


def filing_level(problem: Problem) -> UnitLevel | None:
    """The level that is told for the record."""
    found = levels_in(policy_of(problem, POLICY).body, problem.jurisdiction.level, FILES)
    return found[0] if found else None


@remembered
def levels_passed(problem: Problem) -> list[AcceptanceLevel]:
    """The levels at which the present application was found done, from below."""
    rows = AcceptanceLevel.objects.filter(
        acceptance__problem=problem,
        acceptance__round=problem.round,
        acceptance__state=Acceptance.State.APPLIED,
    )
    return list(rows.select_related("unit").order_by("-level"))


def next_level(problem: Problem) -> tuple[UnitLevel | None, bool]:
    """The level that judges now, and whether it is the last; no level where one acceptance is enough."""
    levels = accepting_levels(problem)
    if not levels:
        return None, True
    done = {row.level for row in levels_passed(problem)}
    left = [level for level in levels if level not in done]
    # A policy that was cut short meanwhile leaves its highest level to speak.
    return (left[0], len(left) == 1) if left else (levels[-1], True)


def office_at(problem: Problem, level: UnitLevel) -> Unit | None:
    """The office of that level which the problem's place lies under; None where it does not work in this program."""
    place = problem.jurisdiction
    return next((one for one in upwards(place) if one.is_jurisdiction and one.level == level), None)


def refuse_wrong_level(problem: Problem, unit: Unit, actor: Actor) -> bool:
    """Refuse whoever is not of the level that judges now, or judged below it. Tells whether it is the last level."""
    level, is_last = next_level(problem)
    if level is None:
        return True
    office, home = office_at(problem, level), nearest_jurisdiction(unit)
    if office is None or home is None or office.pk != home.pk:
        raise Refused(
            _("现在应由%(level)s验收。") % {"level": named(level)},
            accepted=_("由%(office)s的验收岗办理。") % {"office": office.name if office else named(level)},
            level=level.value,
        )
    judged = {who for row in levels_passed(problem) for who in (row.acceptor, row.acceptor_principal) if who}
    if {actor.person, actor.on_behalf_of} & judged:
        raise Refused(_("您或您代理的人已在下一级验收过。"), accepted=_("每一级由不同的人验收。"))
    return is_last


def refuse_unless_last(problem: Problem) -> None:
    """The acceptance itself is the last level's; those below it come first."""
    level, is_last = next_level(problem)
    if level is not None and not is_last:
        raise Refused(
            _("先由%(level)s验收，还不是最后一级。") % {"level": named(level)},
            accepted=_("请办理“本级验收通过”，再由上一级验收。"),
        )


def refuse_if_last(problem: Problem) -> UnitLevel:
    """The level that passes it on; the last one accepts instead."""
    level, is_last = next_level(problem)
    if level is None or is_last:
        raise Refused(_("没有更高一级的验收。"), accepted=_("请办理“验收通过”或“验收退回”。"))
    return level


def is_outside(problem: Problem) -> bool:
    """Whether the last level judges now and its office does not work in this program: its document is recorded."""
    level, is_last = next_level(problem)
    return level is not None and is_last and office_at(problem, level) is None


def named(level: UnitLevel) -> str:
    """县级, 市级, 省级."""
    words = {UnitLevel.COUNTY: _("县级"), UnitLevel.CITY: _("市级"), UnitLevel.PROVINCE: _("省级")}
    return words[level]


def level_words(rows: Sequence[AcceptanceLevel]) -> list[str]:
    """县级 2026-05-01 青石县督查室, one for each level passed."""
    return [
        _("%(level)s %(day)s %(unit)s验收通过")
        % {"level": named(UnitLevel(row.level)), "day": row.decided_on.isoformat(), "unit": row.unit.name}
        for row in rows
    ]
