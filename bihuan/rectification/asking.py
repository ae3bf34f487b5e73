"""Asking for a decision: opening an approval over the route that policy prescribes for the matter.

A route in a policy is a list of steps, each a name (审核, 签批 …) and whose post decides it, in the words of `Decider`.
Whoever asks may name a route of their own instead; what the lifecycle demands of it is checked all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.approvals.opening import open_approval
from bihuan.journal.action import Refused, current
from bihuan.journal.timesource import today
from bihuan.journal.wording import for_the_record
from bihuan.ledger.lifecycle_words import Who
from bihuan.organizations.models import Body, BodyMember, Post, PostKind, Role, Unit
from bihuan.organizations.queries import first_responsible_person
from bihuan.organizations.spans import in_force
from bihuan.rectification.circumstances import capacity_by_facts
from bihuan.rectification.terms import route_in_policy
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bihuan.approvals.models import Approval
    from bihuan.journal.records import Record
    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import AssignmentOrder

Route: TypeAlias = Sequence[tuple[str, Post]]


class Decider(StrEnum):
    """Whose post decides a step."""

    REVIEWER = "reviewer"
    LEADING_GROUP = "leading_group"
    LEADING_GROUP_DEPUTY = "leading_group_deputy"
    PRINCIPAL = "principal"
    DEPUTY_IN_CHARGE = "deputy_in_charge"
    SECTOR_AUTHORITY = "sector_authority"
    SPONSOR = "sponsor"


DECIDER_WORDS: Final = {
    Decider.REVIEWER: gettext_lazy("整改办审核岗"),
    Decider.LEADING_GROUP: gettext_lazy("领导小组组长"),
    Decider.LEADING_GROUP_DEPUTY: gettext_lazy("领导小组副组长"),
    Decider.PRINCIPAL: gettext_lazy("牵头单位主要负责人"),
    Decider.DEPUTY_IN_CHARGE: gettext_lazy("牵头单位分管负责人"),
    Decider.SECTOR_AUTHORITY: gettext_lazy("行业主管部门主要负责人"),
    Decider.SPONSOR: gettext_lazy("包抓领导"),
}


def ask(
    matter: Verb,
    problem: Problem,
    subject: Record,
    *,
    title: str,
    route: Route = (),
    excluded: Iterable[uuid.UUID] = (),
) -> Approval:
    """Open the approval of `matter` for a record that concerns one problem."""
    if route:
        refuse_short_route(matter, problem, problem.lead_unit, route)
    return _open(matter, problem, subject, title=title, route=route, excluded=excluded)


def ask_again(matter: Verb, problem: Problem, subject: Record, *, title: str, route: Route) -> Approval:
    """Open the approval of what changes an approved thing, over the route of those who approved it."""
    return _open(matter, problem, subject, title=title, route=route)


def _open(
    matter: Verb,
    problem: Problem,
    subject: Record,
    *,
    title: str,
    route: Route,
    excluded: Iterable[uuid.UUID] = (),
) -> Approval:
    return open_approval(
        matter=matter,
        subject_kind=type(subject).Stream.kind,
        subject=subject.pk,
        title=f"{problem.problem_no} {title}",
        route=route or resolved(matter, problem, problem.lead_unit),
        excluded=excluded,
    )


def ask_for_order(order: AssignmentOrder, problems: Sequence[Problem], route: Route) -> Approval:
    """Open the approval of an order; what was declined twice needs the leading group on the route."""
    posts = list(route) or resolved(Verb.SUBMIT_ORDER, problems[0], None)
    if route:
        for problem in problems:
            refuse_short_route(
                Verb.SUBMIT_ORDER, problem, None, route, but=leading_group_posts(order.jurisdiction)
            )
    declined = [p for p in problems if capacity_by_facts(Verb.ISSUE_ORDER, p) is Who.LEADING_GROUP]
    deciding = leading_group_posts(order.jurisdiction)
    if declined and not {post.pk for _name, post in posts} & {post.pk for post in deciding}:
        if not deciding:
            raise nobody(Decider.LEADING_GROUP)
        with for_the_record():
            posts.append((_("领导小组决定"), deciding[0]))
    return open_approval(
        matter=Verb.SUBMIT_ORDER,
        subject_kind=type(order).Stream.kind,
        subject=order.pk,
        title=f"{order.order_no} {order.title}",
        route=posts,
    )


def resolved(matter: Verb, problem: Problem, unit: Unit | None) -> list[tuple[str, Post]]:
    """The posts of the route policy prescribes. A step that would fall to whoever asks is already theirs by asking."""
    act = current()
    steps: list[tuple[str, Post]] = []
    for name, whose in route_in_policy(problem, matter):
        posts = list(posts_deciding(Decider(whose), problem, unit))
        if not posts:
            raise nobody(Decider(whose))
        free = [post for post in posts if not _held_by(post, act.actor.person)]
        # Among several posts one that somebody sits in decides sooner than one that stands empty.
        free.sort(key=lambda post: not post.tenures.filter(in_force(today())).exists())
        if free and free[0].pk not in {post.pk for _name, post in steps}:
            steps.append((name, free[0]))
    if not steps:
        raise Refused(
            _("按规定的审批路线，只有提请人自己能审批这件事。"),
            accepted=_("请改由他人提请，或另行指定审批岗位。"),
        )
    return steps


def refuse_short_route(
    matter: Verb, problem: Problem, unit: Unit | None, route: Route, *, but: Iterable[Post] = ()
) -> None:
    """Who names a route of their own may add to the prescribed one or choose among its posts, not leave a decider out.

    `but`: posts the caller puts on the route itself.
    """
    asker = current().actor.person
    given = {post.pk for _name, post in route} | {post.pk for post in but}
    for name, whose in route_in_policy(problem, matter):
        able = [post for post in posts_deciding(Decider(whose), problem, unit) if not _held_by(post, asker)]
        if able and not given & {post.pk for post in able}:
            raise Refused(
                _("审批路线上少了“%(step)s”：按规定由%(who)s决定。")
                % {"step": name, "who": DECIDER_WORDS[Decider(whose)]},
                accepted=_("可以增加环节，不能减少；不写路线的，按规定的路线送审。"),
                field="route",
            )


def posts_deciding(decider: Decider, problem: Problem, unit: Unit | None) -> Iterable[Post]:
    """The open posts that may decide in this capacity, in a fixed order."""
    if decider is Decider.REVIEWER:
        return _with_role(Role.REVIEWER, problem.jurisdiction)
    if decider in {Decider.LEADING_GROUP, Decider.LEADING_GROUP_DEPUTY}:
        return leading_group_posts(
            problem.jurisdiction, deputies_first=decider is Decider.LEADING_GROUP_DEPUTY
        )
    if decider is Decider.SPONSOR:
        return [problem.sponsor] if problem.sponsor and problem.sponsor.closed_on is None else []
    place = problem.sector_authority if decider is Decider.SECTOR_AUTHORITY else unit
    if place is None:
        return []
    if decider is Decider.DEPUTY_IN_CHARGE:
        return _open_posts().filter(unit=place, kind=PostKind.DEPUTY_IN_CHARGE)
    # By duty: where the unit's own principal's post is empty, the principal above decides.
    principal = first_responsible_person(place).post
    return [principal] if principal else []


def leading_group_posts(place: Unit, *, deputies_first: bool = False) -> list[Post]:
    """Chair and deputies of the leading group in force, the chair first unless asked otherwise."""
    rows = BodyMember.objects.filter(
        in_force(today()),
        in_force(today(), "body__"),
        body__jurisdiction=place,
        body__kind=Body.Kind.LEADING_GROUP,
        role__in=[BodyMember.Role.CHAIR, BodyMember.Role.DEPUTY],
        post__closed_on=None,
    ).select_related("post__unit")
    order = [BodyMember.Role.CHAIR, BodyMember.Role.DEPUTY]
    if deputies_first:
        order.reverse()
    return [row.post for row in sorted(rows, key=lambda row: (order.index(row.role), row.since, row.pk))]


def _with_role(role: Role, place: Unit) -> QuerySet[Post]:
    """Posts holding the role whose nearest jurisdiction is this place."""
    lower = Unit.objects.filter(path__under=place.path, is_jurisdiction=True).exclude(pk=place.pk)
    found = _open_posts().filter(
        in_force(today(), "role_grants__"), role_grants__role=role, unit__path__under=place.path
    )
    for other in lower:
        found = found.exclude(unit__path__under=other.path)
    return found.distinct()


def _open_posts() -> QuerySet[Post]:
    found: QuerySet[Post] = Post.objects.filter(closed_on=None, unit__closed_on=None)
    return found.select_related("unit").order_by("pk")


def _held_by(post: Post, person: uuid.UUID | None) -> bool:
    return post.tenures.filter(in_force(today()), person=person).exists()


def nobody(decider: Decider) -> Refused:
    """The route leads to a post that does not exist here."""
    return Refused(
        _("审批路线上的“%(who)s”没有对应的岗位。") % {"who": DECIDER_WORDS[decider]},
        accepted=_("请先设置这个岗位，或提请时另行指定审批岗位。"),
        field="route",
    )
