"""Opening an approval: a matter, a subject, a route. For the body of any room's action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval, Step, StepState
from bihuan.approvals.notices import tell_holder
from bihuan.approvals.rules import MAXIMUM_STEPS, Hand, objection_to_decider
from bihuan.journal.action import Actor, Refused, current
from bihuan.organizations.models import Person, Post, Tenure
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    import uuid

Route: TypeAlias = Sequence[tuple[str, Post]]


def open_approval(
    *,
    matter: str,
    subject_kind: str,
    subject: uuid.UUID,
    title: str,
    route: Route,
    excluded: Iterable[uuid.UUID] = (),
    asked_by: Actor | None = None,
) -> Approval:
    """Open an approval in the action that is open now; the caller's authority is the caller's affair.

    `asked_by` is for reactions, whose own actor is the program: the person on whose account it is asked. Whoever asks
    as a stand-in binds the principal too.
    """
    act = current()
    asker = asked_by or act.actor
    barred = {person for person in (*excluded, asker.on_behalf_of) if person is not None}
    _check_route(route, asker.person, barred)
    if Approval.objects.filter(matter=matter, subject=subject, state="pending").exists():
        raise Refused(_("这件事已经提请审批，正在办理中。"), accepted=_("请等待审批结果，或先撤回。"))
    approval: Approval = Approval.objects.create(
        matter=matter,
        subject_kind=subject_kind,
        subject=subject,
        title=title,
        asked_by=asker.person,
        asked_post_id=asker.post,
        asked_unit_id=asker.unit,
        asked_at=act.now,
        excluded=sorted(str(person) for person in barred),
    )
    steps = [
        Step(approval=approval, number=number, name=name, post=post, asked_by=asker.person)
        for number, (name, post) in enumerate(route, start=1)
    ]
    steps[0].state, steps[0].pending_since = StepState.PENDING, act.now
    Step.objects.bulk_create(steps)
    tell_holder(approval, steps[0])
    return approval


def _check_route(route: Route, asker: uuid.UUID | None, barred: set[uuid.UUID]) -> None:
    if not route:
        raise Refused(_("没有审批人。"), accepted=_("请至少写明一个审批岗位。"), field="route")
    if len(route) > MAXIMUM_STEPS:
        raise Refused(
            _("审批环节太多。"),
            accepted=_("最多 %(count)s 个环节。") % {"count": MAXIMUM_STEPS},
            field="route",
        )
    if any(not name.strip() for name, _post in route):
        raise Refused(_("有的审批环节没有名称。"), accepted=_("例如：审核、会签、签批。"), field="route")
    for _name, post in route:
        refuse_unfit_post(post, asker, barred)


def refuse_unfit_post(post: Post, asker: uuid.UUID | None, barred: Iterable[uuid.UUID]) -> None:
    """A closed post, or one whose holder may not decide this, would leave the approval standing for ever."""
    act = current()
    if post.closed_on is not None and post.closed_on <= act.today:
        raise Refused(_("“%(post)s”岗位已撤销。") % {"post": post.name}, field="route")
    holder = holder_of(post)
    if holder is None:
        return
    if objection_to_decider(Hand(holder.pk), asked_by=asker, excluded=barred):
        raise Refused(
            _("%(person)s（%(post)s）不能审批这件事：提请的人和经办的人不审批。")
            % {"person": holder.name, "post": post.name},
            accepted=_("请改由其他岗位审批。"),
            field="route",
        )


def holder_of(post: Post) -> Person | None:
    """Who holds the post on the day of the open action."""
    tenure = Tenure.objects.filter(in_force(current().today), post=post).select_related("person").first()
    return tenure.person if tenure else None
