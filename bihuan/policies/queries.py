"""Reading policies: the one that holds for a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.action import Refused
from bihuan.organizations.tree import upwards
from bihuan.policies.models import Policy
from bihuan.policies.rules import Case, Rule, select

if TYPE_CHECKING:
    from datetime import date

    from bihuan.organizations.models import Unit


class NoPolicy(Refused):
    """No version of this rule holds on that day; somebody has to write one."""


def policy_for(
    code: str,
    *,
    jurisdiction: Unit,
    on: date,
    source: str = "",
    sector: str = "",
    grade: str = "",
    supervision_level: str = "",
) -> Policy:
    """The policy version in force for a case, inherited from the jurisdictions above where the nearer has none."""
    chain = [unit.pk for unit in upwards(jurisdiction)]
    found = {policy.pk: policy for policy in Policy.objects.filter(code=code, jurisdiction__in=chain)}
    rules = [
        Rule(
            key=policy.pk, jurisdiction=policy.jurisdiction_id, source=policy.source, sector=policy.sector,
            grade=policy.grade, supervision_level=policy.supervision_level, version=policy.version,
            valid_from=policy.valid_from, valid_until=policy.valid_until,
        )
        for policy in found.values()
    ]  # fmt: skip
    case = Case(
        jurisdictions=chain, source=source, sector=sector, grade=grade, supervision_level=supervision_level, on=on
    )
    chosen = select(rules, case)
    if chosen is None:
        raise NoPolicy(
            _("没有找到“%(code)s”在 %(day)s 有效的规则。") % {"code": code, "day": on.isoformat()},
            accepted=_("请在“管理 · 规则”里补上一条当日有效的规则。"),
        )
    return found[chosen.key]
