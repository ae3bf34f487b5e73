"""Re-application of a rule to running cases: asked for with what it would change, approved, applied in blocks.

A clock keeps the version it started under; this is the only road by which another one reaches it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from bihuan.approvals.models import Approval, ApprovalState
from bihuan.approvals.opening import open_approval
from bihuan.deadlines.models import Reapplication
from bihuan.deadlines.reapplying import MOST, REACHES, Change, foresee
from bihuan.deadlines.terms import Terms
from bihuan.deadlines.verbs import Verb
from bihuan.journal.action import Actor, NotAllowed, Refused, action, current, system_only
from bihuan.journal.records import Record
from bihuan.journal.timesource import today
from bihuan.journal.wording import for_the_record
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import require_sight
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.authority import has_role, jurisdiction_of
from bihuan.organizations.models import Body, BodyMember, Post, Role, Unit
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction
from bihuan.policies import actions as policies
from bihuan.policies.catalogue import label_of
from bihuan.policies.models import Policy
from bihuan.policies.policy import may_make

BLOCK: Final = 100
WAITING: Final = (Reapplication.State.ASKED, Reapplication.State.GRANTED)


def may_ask(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The office the rule belongs to, about cases it sees; in person, for somebody else has to decide."""
    may_make(actor, subjects, arguments)
    require_sight(actor, [case for case in arguments.get("cases", ()) if isinstance(case, Problem)])


def deciding_posts(place: Unit) -> list[Post]:
    """Who may grant it: chair and deputies of the place's leading group, then the reviewers of its office."""
    day = today()
    members = BodyMember.objects.filter(
        in_force(day),
        in_force(day, "body__"),
        body__jurisdiction=place,
        body__kind=Body.Kind.LEADING_GROUP,
        role__in=[BodyMember.Role.CHAIR, BodyMember.Role.DEPUTY],
        post__closed_on=None,
    )
    reviewers = Post.objects.filter(
        in_force(day, "role_grants__"),
        role_grants__role=Role.REVIEWER,
        closed_on=None,
        unit__path__under=place.path,
    )
    ids = [*members.order_by("role", "since").values_list("post_id", flat=True)]
    ids += [
        post.pk
        for post in reviewers.select_related("unit").distinct().order_by("pk")
        if nearest_jurisdiction(post.unit) == place
    ]
    found = Post.objects.select_related("unit").in_bulk(ids)
    return [found[pk] for pk in dict.fromkeys(ids)]


@action(Verb.ASK_REAPPLICATION, may=may_ask)
def ask_reapplication(
    policy: Policy, *, cases: Sequence[Problem], reason: str, approver: Post, actor: Actor
) -> Reapplication:
    """Ask that running cases, each named, be put under this version; what that changes is kept as it was shown."""
    act = current()
    if actor.person is None:
        raise NotAllowed(_("规则适用于在办事项要由本人提请。"))
    refuse_unfit(policy)
    reason = refuse_empty(reason, _("理由"))
    if not 0 < len(cases) <= MOST:
        raise Refused(
            _("没有选定在办事项。") if not cases else _("一次选的事项太多。"),
            accepted=_("请逐件选定，每次不超过 %(most)d 件。") % {"most": MOST},
            field="cases",
        )
    if approver.pk not in {post.pk for post in deciding_posts(policy.jurisdiction)}:
        raise Refused(
            _("“%(post)s”不能批准这件事。") % {"post": approver.name},
            accepted=_("请由本级领导小组组长、副组长或整改办审核岗批准。"),
            field="approver",
        )
    changes = _foreseen(policy, cases)
    row = Reapplication(
        policy=policy,
        cases=list(changes),
        foreseen={case: [one.as_fact() for one in found] for case, found in changes.items()},
        reason=reason,
        asked_by=actor.person,
        asked_on=act.today,
    )
    with for_the_record():
        row.approval = open_approval(
            matter=Verb.ASK_REAPPLICATION,
            subject_kind=Reapplication.Stream.kind,
            subject=row.pk,
            title=_("“%(policy)s”规则第 %(version)s 版适用于 %(count)d 件在办事项")
            % {"policy": label_of(policy.code), "version": policy.version, "count": len(changes)},
            route=[(_("批准"), approver)],
        )
    row.save()
    act.fact(policy, reapplication=str(row.pk))
    return row


def refuse_unfit(policy: Policy) -> None:
    """Raise what stands against re-applying this version at all; writes nothing."""
    if policy.code not in REACHES:
        raise Refused(
            _("“%(policy)s”规则不随计时保留版本，办理时用的就是现行版本。")
            % {"policy": label_of(policy.code)},
            accepted=_("需要重新适用的只有各项时限、亮灯和督办阶梯。"),
        )
    policies.refuse_unless_valid(policy, today())
    if Reapplication.objects.filter(policy=policy, state__in=WAITING).exists():
        raise Refused(_("这个版本已有一次重新适用在审批或执行中。"), accepted=_("请等它办完，或先撤回审批。"))


def _foreseen(policy: Policy, cases: Sequence[Problem]) -> dict[str, list[Change]]:
    """What changes, case by case; a case on which the version has no bearing is refused by its number."""
    changes: dict[str, list[Change]] = {}
    for change in foresee(policy, cases):
        changes.setdefault(str(change.problem.pk), []).append(change)
    terms = Terms(today())
    for case in Problem.objects.select_related("source", "sector", "jurisdiction").filter(
        pk__in=[case.pk for case in cases]
    ):
        fits = str(case.pk) in changes and terms.chosen(case, policy.code).pk == policy.pk
        if not fits:
            raise Refused(
                _("%(no)s 没有可以改按这个版本计时的时限。") % {"no": case.problem_no},
                accepted=_("请从清单里选：时限还在走、现行规则是这个版本、还没有按它计时的事项。"),
                field="cases",
                problem=str(case.pk),
            )
    return changes


def settle(approval: Approval) -> Reapplication:
    """Inside a reaction: the approval is final or was taken back."""
    row: Reapplication = Reapplication.objects.select_related("policy").get(approval=approval)
    current().lock([row])
    row.state = {
        ApprovalState.APPROVED: Reapplication.State.GRANTED,
        ApprovalState.RETURNED: Reapplication.State.REFUSED,
    }.get(ApprovalState(approval.state), Reapplication.State.WITHDRAWN)
    row.save()
    return row


def apply_all(reapplication: uuid.UUID) -> int:
    """Apply what was granted, block by block; killed in between, the next call goes on where this one stopped."""
    row = Reapplication.objects.select_related("policy").get(pk=reapplication)
    if row.state != Reapplication.State.GRANTED:
        return 0
    actor = Actor.the_system(Verb.REAPPLY_POLICY.value)
    for index, start in enumerate(range(0, len(row.cases), BLOCK)):
        block = [uuid.UUID(case) for case in row.cases[start : start + BLOCK]]
        try:
            policies.reapply.call(key=f"{row.pk}:{index}", batch=row.pk)(
                row.policy, cases=block, reason=row.reason, approval=row.approval_id, actor=actor
            )
        except Refused as refusal:
            stop_reapplication(row, reason=str(refusal), actor=actor)
            return start
    return len(row.cases)


def count_applied(reapplication: uuid.UUID, cases: int) -> None:
    """Inside a reaction: one more block of a re-application is done."""
    row = Reapplication.objects.filter(pk=reapplication).first()
    if row is None:
        return
    current().lock([row])
    row.applied += cases
    if row.applied >= len(row.cases):
        row.state = Reapplication.State.APPLIED
    row.save()


@action(Verb.STOP_REAPPLICATION, may=system_only)
def stop_reapplication(reapplication: Reapplication, *, reason: str, actor: Actor) -> None:
    """The version may not be applied any more (withdrawn meanwhile): what is done stays done, the rest stays as it was."""
    current().because(reason)
    reapplication.state = Reapplication.State.STOPPED
    reapplication.save()


def sees(actor: Actor, subject: uuid.UUID) -> bool:
    """The office of the place; whoever decides sees it through the approval."""
    row = Reapplication.objects.filter(pk=subject).select_related("policy__jurisdiction").first()
    if row is None:
        return False
    office = has_role(actor, Role.COORDINATOR, Role.REVIEWER)
    return actor.system or (office and jurisdiction_of(actor) == row.policy.jurisdiction)
