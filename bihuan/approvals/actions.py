"""The verbs of a route: deciding in the program, recording what was decided on paper, returning, adding, withdrawing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from bihuan.approvals import policy
from bihuan.approvals.models import Approval, ApprovalState, Step, StepState
from bihuan.approvals.notices import tell_holder
from bihuan.approvals.opening import Route, open_approval, refuse_unfit_post
from bihuan.approvals.paper import PaperDecision, check_paper, confirm, record, refuse_record
from bihuan.approvals.progress import as_list, decide_step, the_current_step
from bihuan.approvals.rules import MAXIMUM_STEPS
from bihuan.approvals.verbs import Verb
from bihuan.files.models import FileReference
from bihuan.files.taking_in import Incoming, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import for_the_record
from bihuan.organizations.models import Person, Post

Approvals = Approval | Sequence[Approval]


@action(Verb.REQUEST, may=policy.may_ask)
def request_approval(
    *,
    matter: str,
    subject_kind: str,
    subject: uuid.UUID,
    title: str,
    route: Route,
    excluded: Iterable[uuid.UUID] = (),
    actor: Actor,
) -> Approval:
    """Ask for a decision by hand. `route`: (name of step, post) in order; `excluded`: persons who may not decide."""
    return open_approval(
        matter=matter, subject_kind=subject_kind, subject=subject, title=title, route=route, excluded=excluded
    )


@action(Verb.DECIDE, may=policy.may_decide)
def decide(approvals: Approvals, *, opinion: str = "", approve: bool = True, actor: Actor) -> None:
    """Decide the step each approval stands at. Not to approve returns it, and then the opinion says what is missing."""
    for approval in as_list(approvals):
        decide_step(approval, approve=approve, opinion=opinion, actor=actor)


@action(Verb.RETURN, may=policy.may_decide)
def return_approval(approvals: Approvals, *, reason: str, actor: Actor) -> None:
    """Send approvals back to who asked; they can be asked for anew."""
    for approval in as_list(approvals):
        decide_step(approval, approve=False, opinion=reason, actor=actor)


@action(Verb.RECORD_PAPER, may=policy.may_record)
def record_paper_decision(
    approval: Approval,
    *,
    decided_by_name: str,
    decided_by: Person | None = None,
    decided_on: date,
    opinion: str,
    document_no: str = "",
    signed_copy: FileReference | Incoming,
    approve: bool = True,
    actor: Actor,
) -> None:
    """Record who decided the current step on paper, when and in which words; it counts once a second person confirms.

    `signed_copy`: a file taken in already, or one just prepared, which then becomes a file of this approval.
    """
    step = the_current_step(approval, StepState.PENDING)
    if isinstance(signed_copy, Incoming):
        signed_copy = take_in(signed_copy, subject_kind="approval", subject=approval.pk)
    paper = PaperDecision(
        decided_by=decided_by.pk if decided_by else None,
        decided_by_name=decided_by.name if decided_by else decided_by_name.strip(),
        decided_on=decided_on,
        opinion=opinion.strip(),
        document_no=document_no.strip(),
        signed_copy=signed_copy,
        approve=approve,
    )
    paper = check_paper(approval, step, paper, actor)
    record(step, paper, actor)


@action(Verb.CONFIRM_PAPER, may=policy.may_confirm)
def confirm_paper_decision(approval: Approval, *, actor: Actor) -> None:
    """A second person has compared the record with the signed copy: the step is decided as recorded."""
    step = the_current_step(approval, StepState.TO_CONFIRM)
    confirm(approval, step, actor)


@action(Verb.REFUSE_PAPER, may=policy.may_confirm)
def refuse_paper_decision(approval: Approval, *, reason: str, actor: Actor) -> None:
    """The record does not agree with the signed copy: the step waits again, what was recorded stays in the journal."""
    step = the_current_step(approval, StepState.TO_CONFIRM)
    refuse_record(approval, step, reason, actor)


@action(Verb.ADD_SIGNER, may=policy.may_add_signer)
def add_signer(approval: Approval, *, post: Post, name: str, after: bool = False, actor: Actor) -> Step:
    """Put another post on the route: before the step it stands at (asked first), or right after it."""
    step = the_current_step(approval, StepState.PENDING)
    act = current()
    steps = list(approval.steps.all())
    if any(
        other.post_id == post.pk and other.state in {StepState.PENDING, StepState.WAITING} for other in steps
    ):
        raise Refused(_("“%(post)s”已经在审批路线上。") % {"post": post.name}, field="post")
    if len(steps) >= MAXIMUM_STEPS:
        raise Refused(_("审批环节太多。"), accepted=_("最多 %(count)s 个环节。") % {"count": MAXIMUM_STEPS})
    refuse_unfit_post(post, approval.asked_by, [uuid.UUID(one) for one in approval.excluded])
    place = step.number + (1 if after else 0)
    # From the last backwards, so that no number stands twice at any moment.
    for later in sorted((one for one in steps if one.number >= place), key=lambda one: -one.number):
        later.number += 1
        if later.pk == step.pk:
            later.state, later.pending_since = StepState.WAITING, None
        later.save()
    added: Step = Step.objects.create(
        approval=approval,
        number=place,
        name=name.strip() or _countersignature(),
        post=post,
        asked_by=approval.asked_by,
        added_by=actor.person,
        state=StepState.WAITING if after else StepState.PENDING,
        pending_since=None if after else act.now,
    )
    if not after:
        tell_holder(approval, added)
    return added


@action(Verb.WITHDRAW, may=policy.may_withdraw)
def withdraw(approval: Approval, *, reason: str = "", actor: Actor) -> None:
    """The asker takes the matter back; nothing follows from it any more."""
    if approval.state != ApprovalState.PENDING:
        raise Refused(_("这件审批已经办结，不能撤回。"))
    act = current()
    act.because(reason)
    approval.state, approval.decided_at = ApprovalState.WITHDRAWN, act.now
    approval.save()
    for step in approval.steps.filter(state__in=[StepState.PENDING, StepState.TO_CONFIRM]):
        step.state = StepState.WAITING
        step.save()


def _countersignature() -> str:
    with for_the_record():
        return str(_("会签"))
