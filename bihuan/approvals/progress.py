"""Moving along a route: a step is decided, the next one begins, the last one ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval, ApprovalState, Manner, Step, StepState
from bihuan.approvals.notices import tell_asker, tell_holder
from bihuan.journal.action import Actor, Refused, current
from bihuan.journal.wording import for_the_record

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_list(approvals: Approval | Sequence[Approval]) -> list[Approval]:
    """One approval or many, as a list."""
    return [approvals] if isinstance(approvals, Approval) else list(approvals)


def the_current_step(approval: Approval, state: StepState) -> Step:
    """The step an approval stands at, which must be in this state."""
    step: Step | None = approval.steps.filter(state=state).select_related("post__unit").first()
    if approval.state != ApprovalState.PENDING or step is None:
        raise Refused(_("这件审批不在这个环节。"), accepted=_("请刷新后查看审批进展。"))
    return step


def decide_step(approval: Approval, *, approve: bool, opinion: str, actor: Actor) -> None:
    """The actor decides the current step in the program."""
    step = the_current_step(approval, StepState.PENDING)
    opinion = opinion.strip()
    if not approve and not opinion:
        raise Refused(_("退回要说明理由。"), accepted=_("请写明缺什么、要补什么。"), field="opinion")
    step.manner = Manner.PROGRAM
    step.decided_by, step.decided_for = actor.person, actor.on_behalf_of
    step.decided_by_name = _name_in_post(actor, step)
    step.decided_at = current().now
    step.opinion = opinion or str(_("同意"))
    step.approved = approve
    finish_step(approval, step)


def _name_in_post(actor: Actor, step: Step) -> str:
    """The decider's name; who decided for a vacant post says in which post of their own."""
    if step.post_id == actor.post:
        return actor.person_name
    with for_the_record():
        words = _("%(person)s（%(post)s，代空缺岗位）") % {
            "person": actor.person_name,
            "post": actor.post_name,
        }
    return str(words)[: Step._meta.get_field("decided_by_name").max_length]


def finish_step(approval: Approval, step: Step) -> None:
    """The step is decided (`approved` says how): end the approval, or begin the next step."""
    act = current()
    step.state = StepState.DONE if step.approved else StepState.RETURNED
    step.save()
    following: Step | None = approval.steps.filter(state=StepState.WAITING).order_by("number").first()
    if step.approved and following is not None:
        following.state, following.pending_since = StepState.PENDING, act.now
        following.save()
        # The approval's own event says how far it has come, for readers of its history.
        act.fact(approval, step=step.number, of=approval.steps.count())
        tell_holder(approval, following)
        return
    approval.state = ApprovalState.APPROVED if step.approved else ApprovalState.RETURNED
    approval.decided_at = act.now
    approval.save()
    tell_asker(approval)
