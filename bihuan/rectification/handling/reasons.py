"""What stands below each cell of the sheet: why this is proposed, or why nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.rectification.handling.rules import Pick, Why
from bihuan.rectification.terms import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.ledger.models import Problem
    from bihuan.rectification.handling.facts import Proposed
    from bihuan.rectification.handling.sheet import Names

REASONS: Final[Mapping[Why, Any]] = {
    Why.WRITTEN: gettext_lazy("已写明"),
    Why.USUAL: gettext_lazy("同来源同领域 %(of)s 件中 %(count)s 件由其承担"),
    Why.STEWARD: gettext_lazy("行业主管"),
    Why.TERRITORY: gettext_lazy("属地"),
    Why.PORTFOLIO: gettext_lazy("分管这个领域"),
    Why.SOURCE: gettext_lazy("来源规定"),
    Why.TERM: gettext_lazy("按整改类型从今天起算"),
}
NOBODY: Final[Mapping[str, Any]] = {
    "lead_unit": gettext_lazy("没有可依的往例、行业主管或属地，请写明"),
    "supporting_units": gettext_lazy("往例没有固定的配合单位，也没有写属地"),
    "sector_authority": gettext_lazy("没有登记这个领域的行业主管"),
    "deputy_in_charge": gettext_lazy("牵头单位没有登记分管这个领域的负责人"),
    "sponsor": gettext_lazy("领导小组里没有登记分管这个领域的人"),
}


def reason_of(pick: Pick) -> str:
    """Why something is proposed, in words."""
    return str(REASONS[pick.why]) % {"count": pick.count, "of": pick.of}


def reasons(names: Names, problem: Problem, proposed: Proposed) -> dict[str, str]:
    """The reason of every cell the program could have filled, those it left empty among them."""
    picks = {
        "lead_unit": proposed.lead,
        "sector_authority": proposed.authority,
        "deputy_in_charge": proposed.deputy,
        "sponsor": proposed.sponsor,
    }
    found = {name: reason_of(pick) if pick else str(NOBODY[name]) for name, pick in picks.items()}
    if proposed.lead is None:
        found["deputy_in_charge"] = _("先定牵头单位")
    if not proposed.sponsor_wanted:
        found["sponsor"] = _("按规定这个等级不要求包抓领导")
    helping = [(names.said_units.get(pick.value, ""), pick) for pick in proposed.supporting]
    found["supporting_units"] = "；".join(
        _("%(unit)s：%(why)s") % {"unit": unit, "why": reason_of(pick)} for unit, pick in helping
    ) or str(NOBODY["supporting_units"])
    found["external_deadline"] = _deadline(problem, proposed)
    return found


def _deadline(problem: Problem, proposed: Proposed) -> str:
    if proposed.deadline is not None:
        return str(REASONS[proposed.deadline[1]])
    if problem.external_deadline != NEVER:
        return _("来源规定的 %(day)s 已过，请另定") % {"day": problem.external_deadline.isoformat()}
    return ""
