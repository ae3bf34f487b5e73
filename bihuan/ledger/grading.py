"""The grade follows from the facts alone, by the editable matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.action import Refused, current
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from bihuan.ledger.models import Sector, Source
    from bihuan.organizations.models import Unit

GRADE_MATRIX = "grade_matrix"


def grade_of(
    jurisdiction: Unit, source: Source, sector: Sector, *, nature: str, impact: str, urgency: str
) -> str:
    """The grade the matrix in force gives to nature × impact × urgency; the policy version is quoted."""
    act = current()
    policy = policy_for(
        GRADE_MATRIX, jurisdiction=jurisdiction, source=source.code, sector=sector.code, on=act.today
    )
    act.quote(policy_id=policy.pk, code=policy.code, version=policy.version)
    return grade_from(policy.body["matrix"], nature, impact, urgency)


def grade_from(matrix: dict[str, str], nature: str, impact: str, urgency: str) -> str:
    """Look the grade up under ``nature/impact/urgency``; refuse a combination the matrix does not know."""
    key = f"{nature}/{impact}/{urgency}"
    if key not in matrix:
        raise Refused(
            _("等级矩阵里没有“%(key)s”这一格。") % {"key": key},
            accepted=_("请在“规则”里补上，或改选性质、影响程度和轻重缓急。"),
        )
    return matrix[key]
