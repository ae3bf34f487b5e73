"""A step decided on paper: recorded by one, confirmed by another, proved by the signed copy."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval, Manner, Step, StepState
from bihuan.approvals.policy import OBJECTIONS, hand_of, refuse_confirmer
from bihuan.approvals.progress import finish_step
from bihuan.approvals.rules import (
    Hand,
    objection_to_decider,
    objection_to_recorder,
)
from bihuan.journal.action import Actor, NotAllowed, Refused, current
from bihuan.organizations.models import Person, Tenure
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    from bihuan.files.models import FileReference


@dataclass(frozen=True, kw_only=True)
class PaperDecision:
    """What the paper says."""

    decided_by: uuid.UUID | None
    decided_by_name: str
    decided_on: date
    opinion: str
    document_no: str
    signed_copy: FileReference
    approve: bool


def check_paper(approval: Approval, step: Step, paper: PaperDecision, actor: Actor) -> PaperDecision:
    """The paper decision with its decider found by name where possible, or a refusal."""
    if not paper.decided_by_name:
        raise Refused(_("没有写明谁作的审批。"), accepted=_("请填写签批人的姓名。"), field="decided_by_name")
    if not paper.opinion:
        raise Refused(_("没有写明审批意见。"), accepted=_("请照签批件抄录意见原文。"), field="opinion")
    asked_on = timezone.localdate(approval.asked_at)
    if not asked_on <= paper.decided_on <= current().today:
        raise Refused(
            _("审批日期应在提请之后、今天或以前。"),
            accepted=_("%(first)s 至 %(last)s 之间的日期。") % {"first": asked_on, "last": current().today},
            field="decided_on",
        )
    if paper.signed_copy.expunged_at is not None:
        raise Refused(_("签批件已被清除。"), accepted=_("请重新上传签批件。"), field="signed_copy")
    paper = _with_decider(paper, step)
    _refuse_persons(approval, paper, actor)
    return paper


def _with_decider(paper: PaperDecision, step: Step) -> PaperDecision:
    """The post's holder on that day, where the name agrees: then the program knows who it was."""
    if paper.decided_by is not None:
        return paper
    holder = (
        Tenure.objects.filter(
            in_force(paper.decided_on), post=step.post_id, person__name=paper.decided_by_name
        )
        .values_list("person_id", flat=True)
        .first()
    )
    return replace(paper, decided_by=holder)


def _refuse_persons(approval: Approval, paper: PaperDecision, actor: Actor) -> None:
    excluded = [uuid.UUID(one) for one in approval.excluded]
    if paper.decided_by is None:
        _refuse_same_name(approval, paper, actor, excluded)
        return
    objection = objection_to_decider(Hand(paper.decided_by), asked_by=approval.asked_by, excluded=excluded)
    if objection:
        raise Refused(OBJECTIONS[objection], accepted=_("请核对签批人。"), field="decided_by")
    if objection_to_recorder(hand_of(actor), decided_by=paper.decided_by):
        raise NotAllowed(_("审批的人不能登记自己的审批。"), accepted=_("请联络员或秘书登记。"))


def _refuse_same_name(
    approval: Approval, paper: PaperDecision, actor: Actor, excluded: list[uuid.UUID]
) -> None:
    """Somebody outside the program is known by name only: a name that belongs to a party is not accepted as one."""
    parties = [one for one in (approval.asked_by, actor.person, actor.on_behalf_of, *excluded) if one]
    if Person.objects.filter(pk__in=parties, name=paper.decided_by_name).exists():
        raise Refused(
            _("签批人与提请、经办或登记的人同名。"),
            accepted=_("确属另一人的，请在人员中选定签批人。"),
            field="decided_by",
        )


def record(step: Step, paper: PaperDecision, actor: Actor) -> None:
    """Enter the paper decision; the step waits for a second person."""
    step.manner, step.state = Manner.PAPER, StepState.TO_CONFIRM
    step.decided_by, step.decided_by_name = paper.decided_by, paper.decided_by_name
    # A paper bears a day, not an hour: its noon stands for it.
    step.decided_at = timezone.make_aware(datetime.combine(paper.decided_on, time(12)))
    step.opinion, step.document_no = paper.opinion, paper.document_no
    step.approved = paper.approve
    step.signed_copy = paper.signed_copy
    step.recorded_by = actor.person
    step.save()


def confirm(approval: Approval, step: Step, actor: Actor) -> None:
    """A second person confirms the record."""
    refuse_confirmer(step, actor)
    step.confirmed_by = actor.person
    finish_step(approval, step)


def refuse_record(approval: Approval, step: Step, reason: str, actor: Actor) -> None:
    """A second person finds that the record is wrong; it is entered anew."""
    refuse_confirmer(step, actor)
    if not reason.strip():
        raise Refused(_("请说明哪里不符。"), field="reason")
    current().because(reason)
    step.manner, step.state = "", StepState.PENDING
    step.decided_by, step.decided_by_name, step.decided_at = None, "", None
    step.opinion, step.document_no, step.approved = "", "", None
    step.signed_copy, step.recorded_by = None, None
    step.save()
