"""Who may: the office plans and sends; an inspector of the unit that was sent judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed
from bihuan.ledger.models import Problem
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.sight import require_sight
from bihuan.lookback.models import Lookback
from bihuan.organizations.authority import has_role, in_unit
from bihuan.organizations.models import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.journal.records import Record


def problems_of(subjects: Sequence[Record]) -> list[Problem]:
    """The problems meant by a verb's subjects."""
    return [
        subject.problem if isinstance(subject, Lookback) else subject
        for subject in subjects
        if isinstance(subject, Lookback | Problem)
    ]


def may_plan(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The rectification office of the problems' place."""
    may_prepare(actor, problems_of(subjects), arguments)


def may_inspect(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Somebody with the inspector's role in the unit sent to look."""
    require_sight(actor, problems_of(subjects))
    for lookback in (subject for subject in subjects if isinstance(subject, Lookback)):
        unit = lookback.inspector_unit
        if unit is None:
            raise NotAllowed(_("这次回头看还没有派出单位。"), accepted=_("请先由整改办派出核查单位。"))
        if not has_role(actor, Role.INSPECTOR) or not in_unit(actor, unit):
            raise NotAllowed(
                _("您的岗位不能核查这次回头看。"),
                accepted=_("由%(unit)s的回头看岗位核查。") % {"unit": unit.name},
            )
