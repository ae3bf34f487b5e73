"""Whose post decides about a problem: the steps a policy's route names, turned into posts of the problem's place.

A route in a policy is a list of steps, each a name (审核, 签批 …) and whose post decides it, in the words of `Decider`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused, current
from bihuan.journal.timesource import today
from bihuan.organizations.models import Body, BodyMember, Post, PostKind, Role, Unit
from bihuan.organizations.queries import first_responsible_person
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bihuan.ledger.models import Problem


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


def posts_of_route(
    route: Iterable[tuple[str, str]], problem: Problem, unit: Unit | None
) -> list[tuple[str, Post]]:
    """The posts of a route, for the open action. A step that would fall to whoever asks is already theirs by asking."""
    asker = current().actor.person
    steps: list[tuple[str, Post]] = []
    for name, whose in route:
        posts = list(posts_deciding(Decider(whose), problem, unit))
        if not posts:
            raise nobody(Decider(whose))
        free = [post for post in posts if not held_by(post, asker)]
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


def held_by(post: Post, person: uuid.UUID | None) -> bool:
    """Whether this person sits in the post today."""
    return post.tenures.filter(in_force(today()), person=person).exists()


def nobody(decider: Decider) -> Refused:
    """The route leads to a post that does not exist here."""
    return Refused(
        _("审批路线上的“%(who)s”没有对应的岗位。") % {"who": DECIDER_WORDS[decider]},
        accepted=_("请先设置这个岗位，或提请时另行指定审批岗位。"),
        field="route",
    )
