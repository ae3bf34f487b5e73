"""Who may: the office makes and concludes a call, a unit answers its own line and sees no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.drives.models import Drive, DriveLine, DrivePlan
from bihuan.drives.rules import OUT
from bihuan.intake.policy import may_work, sees_batch
from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.organizations.authority import in_unit, is_coordinator, is_reviewer, open_post_of
from bihuan.organizations.models import PostKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.journal.records import Record

SIGNERS = frozenset({PostKind.PRINCIPAL, PostKind.DEPUTY_IN_CHARGE})


def sees_drive(actor: Actor, drive: Drive) -> bool:
    """Either desk of the office whose drive it is."""
    return sees_batch(actor, drive.batch)


def sees_line(actor: Actor, line: DriveLine) -> bool:
    """The office sees every line; a unit its own, once the call is out."""
    if sees_drive(actor, line.drive):
        return True
    return line.drive.state in OUT and in_unit(actor, line.unit)


def may_call(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Either desk of the office of the place that calls."""
    place = arguments["jurisdiction"]
    if not (is_coordinator(actor, place) or is_reviewer(actor, place)):
        raise NotAllowed(_("自查由本级整改办拟定。"), accepted=_("请由整改办的经办岗或审核岗办理。"))


def sees_plan(actor: Actor, plan: DrivePlan) -> bool:
    """Either desk of the office whose plan it is."""
    return is_coordinator(actor, plan.jurisdiction) or is_reviewer(actor, plan.jurisdiction)


def may_keep_plan(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Either desk of the office whose plan it is; for others there is none."""
    for plan in (subject for subject in subjects if isinstance(subject, DrivePlan)):
        if not sees_plan(actor, plan):
            raise NotVisible(_("没有找到这项定期自查。"))


def may_run(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Either desk of the office whose batch it is; a unit that is called learns here only that it is not its affair."""
    for subject in subjects:
        if isinstance(subject, DriveLine):
            _require_line(actor, subject)
            if not sees_batch(actor, subject.drive.batch):
                raise NotAllowed(_("这件事由整改办办理。"))
        else:
            may_work(actor, [subject.batch] if isinstance(subject, Drive) else [], arguments)


def may_remind(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The program by the calendar, and the office when it wants to."""
    if not actor.system:
        may_run(actor, subjects, arguments)


def may_answer(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Anybody of the called unit."""
    for line in (subject for subject in subjects if isinstance(subject, DriveLine)):
        _require_line(actor, line)
        if not in_unit(actor, line.unit):
            raise NotAllowed(
                _("自查由被要求的单位自己报告。"),
                accepted=_("由%(unit)s办理。") % {"unit": line.unit.name},
            )


def may_sign(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The unit's principal or a deputy: a nil return is a statement with consequences."""
    may_answer(actor, subjects, arguments)
    post = open_post_of(actor)
    if post is None or post.kind not in SIGNERS:
        raise NotAllowed(_("零报告只能由单位负责人签署。"), accepted=_("由主要负责人或分管负责人签署。"))


def may_explain(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The unit itself or the office."""
    for line in (subject for subject in subjects if isinstance(subject, DriveLine)):
        _require_line(actor, line)


def _require_line(actor: Actor, line: DriveLine) -> None:
    if not sees_line(actor, line):
        raise NotVisible(_("没有找到这项自查。"))
