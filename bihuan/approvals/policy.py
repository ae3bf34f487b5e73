"""Who may decide, record, confirm, return, withdraw; and who sees an approval at all."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.approvals.matters import matter_of
from bihuan.approvals.models import Approval, Step, StepState
from bihuan.approvals.rules import Hand, Objection, objection_to_confirmer, objection_to_decider
from bihuan.files.policy import may_see_subject
from bihuan.journal.action import Actor, NotAllowed, NotVisible, Refused
from bihuan.journal.records import Record
from bihuan.journal.timesource import today
from bihuan.organizations.authority import in_unit
from bihuan.organizations.models import Post, StandIn, Tenure
from bihuan.organizations.spans import in_force
from bihuan.organizations.vacancies import cover_of

if TYPE_CHECKING:
    from bihuan.organizations.rules import Chair

Subjects = Sequence[Record]
Arguments = Mapping[str, Any]

OBJECTIONS = {
    Objection.ASKED: _("提请的人不能审批自己提请的事。"),
    Objection.EXCLUDED: _("您参与了这件事的办理，不能审批。"),
    Objection.RECORDED: _("登记和复核必须是两个人。"),
    Objection.DECIDED: _("审批的人不能登记或复核自己的审批。"),
}


def hand_of(actor: Actor) -> Hand:
    """The actor as the rules see them."""
    return Hand(actor.person, actor.on_behalf_of)


def approvals_in(subjects: Subjects) -> list[Approval]:
    """The approvals among the subjects of a call."""
    return [subject for subject in subjects if isinstance(subject, Approval)]


def current_steps(approvals: Sequence[Approval]) -> dict[uuid.UUID, Step]:
    """The step each approval stands at, one query for all."""
    steps = Step.objects.filter(approval__in=approvals, state__in=[StepState.PENDING, StepState.TO_CONFIRM])
    return {step.approval_id: step for step in steps.select_related("post__unit")}


def sits_in_post(actor: Actor) -> bool:
    """Whether the actor still holds the post they act in, or still stands in for its holder."""
    if actor.person is None or actor.post is None:
        return False
    if actor.on_behalf_of is None:
        own = Tenure.objects.filter(in_force(today()), post=actor.post, person=actor.person)
        return bool(own.exists())
    entrusted = StandIn.objects.filter(
        in_force(today()), post=actor.post, person=actor.person, principal=actor.on_behalf_of
    )
    return bool(entrusted.exists())


def cover_of_step(approval: Approval, step: Step) -> Chair | None:
    """Who decides where the step's post is vacant: the nearest principal above who may decide this matter at all."""
    barred = {uuid.UUID(one) for one in approval.excluded}
    if approval.asked_by is not None:
        barred.add(approval.asked_by)
    return cover_of(step.post, barred)


def may_see(actor: Actor, approval: Approval) -> bool:
    """Whoever asked, whoever is on the route, their units, and whoever sees the subject."""
    if actor.system or hand_of(actor).is_one_of(approval.asked_by):
        return True
    if actor.post is not None and approval.steps.filter(post=actor.post).exists():
        return True
    if may_see_subject(actor, approval.subject_kind, approval.subject):
        return True
    return _works_for_asker(actor, approval) or _covers_some_step(actor, approval)


def _covers_some_step(actor: Actor, approval: Approval) -> bool:
    waiting = approval.steps.filter(state=StepState.PENDING).select_related("post__unit").first()
    return waiting is not None and covers(actor, approval, waiting)


def sees_approval(actor: Actor, approval: uuid.UUID) -> bool:
    """Who sees the signed copies of an approval: whoever sees the approval."""
    found = Approval.objects.select_related("asked_unit").filter(pk=approval).first()
    return found is not None and may_see(actor, found)


def _works_for_asker(actor: Actor, approval: Approval) -> bool:
    return approval.asked_unit is not None and in_unit(actor, approval.asked_unit)


def may_ask(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """As the room that owns the matter says."""
    matter = matter_of(arguments["matter"])
    if matter is None or matter.may_ask is None:
        raise NotAllowed(_("这类事项不能单独提请审批，由相应的业务操作发起。"))
    matter.may_ask(actor, subjects, arguments)


def may_decide(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The holder of the post the approval stands at, or their stand-in; never who asked, never who is excluded."""
    found = approvals_in(subjects)
    steps = current_steps(found)
    for approval in found:
        _refuse_decider(actor, approval, steps.get(approval.pk))
    if not sits_in_post(actor):
        raise NotAllowed(_("您今天不在这个岗位上。"))


def _refuse_decider(actor: Actor, approval: Approval, step: Step | None) -> None:
    if not may_see(actor, approval):
        raise NotVisible(_("没有找到这条记录。"))
    if step is None or step.state != StepState.PENDING:
        raise Refused(_("这件审批不在待办环节。"), accepted=_("请刷新后查看审批进展。"))
    barred = [uuid.UUID(one) for one in approval.excluded]
    if step.post_id != actor.post and not covers(actor, approval, step):
        raise NotAllowed(
            _("现在轮到“%(post)s”审批。") % {"post": step.post.name}, accepted=_("由该岗位或其代理人办理。")
        )
    objection = objection_to_decider(hand_of(actor), asked_by=approval.asked_by, excluded=barred)
    if objection:
        raise NotAllowed(OBJECTIONS[objection], accepted=_("请另一位有权的人审批。"))


def covers(actor: Actor, approval: Approval, step: Step) -> bool:
    """Whether the step stands at a vacant post and has fallen to the actor's."""
    chair = cover_of_step(approval, step)
    return chair is not None and chair.post == actor.post


def may_record(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Somebody of the asking office, of the approver's unit, or the approver's own secretary."""
    found = approvals_in(subjects)
    steps = current_steps(found)
    for approval in found:
        step = steps.get(approval.pk)
        if not may_see(actor, approval):
            raise NotVisible(_("没有找到这条记录。"))
        if step is None or not _near(actor, approval, step):
            raise NotAllowed(
                _("纸面审批由提请单位或审批人所在单位的联络员登记、复核。"), accepted=_("请联系他们办理。")
            )
    if not sits_in_post(actor):
        raise NotAllowed(_("您今天不在这个岗位上。"))


def may_confirm(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Whoever might have recorded the decision, but neither recorded nor took it."""
    may_record(actor, subjects, arguments)
    for step in current_steps(approvals_in(subjects)).values():
        if step.state == StepState.TO_CONFIRM:
            refuse_confirmer(step, actor)


def refuse_confirmer(step: Step, actor: Actor) -> None:
    """The second person is not the first."""
    objection = objection_to_confirmer(
        hand_of(actor), decided_by=step.decided_by, recorded_by=step.recorded_by
    )
    if objection:
        raise NotAllowed(OBJECTIONS[objection], accepted=_("请另一位同事对照签批件复核。"))


def _near(actor: Actor, approval: Approval, step: Step) -> bool:
    if _works_for_asker(actor, approval) or in_unit(actor, step.post.unit):
        return True
    return bool(Post.objects.filter(pk=actor.post, serves=step.post_id).exists())


def may_withdraw(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Who asked, or whoever sits in the asking post now."""
    for approval in approvals_in(subjects):
        if not may_see(actor, approval):
            raise NotVisible(_("没有找到这条记录。"))
        is_asker = hand_of(actor).is_one_of(approval.asked_by)
        if not actor.system and not is_asker and (actor.post is None or actor.post != approval.asked_post_id):
            raise NotAllowed(_("只有提请的人可以撤回。"))


def may_add_signer(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Whoever is deciding now, or who asked."""
    try:
        may_withdraw(actor, subjects, arguments)
    except NotAllowed:
        may_decide(actor, subjects, arguments)
