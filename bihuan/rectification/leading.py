"""Whose acts count as a leader's for a problem, and who may write them down.

A leader chooses nothing here: the post is named, and whose act it was follows from who held it on that day. Written
down by the leader, whoever stands in, their secretary, the liaison of their unit, or the rectification office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Min, Q
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotAllowed, Refused, current
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State, Who
from bihuan.ledger.models import Batch, Problem
from bihuan.ledger.sight import require_sight
from bihuan.organizations.authority import in_unit, is_coordinator, is_reviewer, open_post_of
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Body, BodyMember, Post, PostKind, Tenure
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import ids_on
from bihuan.rectification.models import EnteredAs
from bihuan.rectification.policy import holds, person_of, problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from bihuan.journal.records import Record
    from bihuan.organizations.models import Person

HEADS: Final = (PostKind.PRINCIPAL, PostKind.DEPUTY_IN_CHARGE)
DECIDES_IN_GROUP: Final = (BodyMember.Role.CHAIR, BodyMember.Role.DEPUTY)


def leads(post: Post, problem: Problem) -> bool:
    """Whether the post is a leader's post for this problem.

    Its sponsor; heads of the lead unit, of the place or of anything above either; chair and deputies of a leading
    group of its place.
    """
    if problem.sponsor_id == post.pk:
        return True
    if post.kind in HEADS and any(is_under(path, post.unit.path) for path in _paths(problem)):
        return True
    return bool(_seats_in_groups(problem).filter(post=post).exists())


def _paths(problem: Problem) -> list[str]:
    lead = [problem.lead_unit.path] if problem.lead_unit else []
    return [problem.jurisdiction.path, *lead]


def _seats_in_groups(problem: Problem) -> QuerySet[BodyMember]:
    day = today()
    found: QuerySet[BodyMember] = BodyMember.objects.filter(
        in_force(day),
        in_force(day, "body__"),
        role__in=DECIDES_IN_GROUP,
        body__kind=Body.Kind.LEADING_GROUP,
        body__jurisdiction=problem.jurisdiction_id,
    )
    return found


def leading_posts(problem: Problem) -> QuerySet[Post]:
    """The posts whose holders lead this problem: what a form offers. The same rule as `leads`."""
    above = {pk for path in _paths(problem) for pk in ids_on(path)}
    found: QuerySet[Post] = Post.objects.filter(
        Q(pk=problem.sponsor_id)
        | Q(unit__in=above, kind__in=HEADS)
        | Q(pk__in=_seats_in_groups(problem).values("post")),
        closed_on__isnull=True,
    )
    return found.select_related("unit").order_by("unit__path", "kind", "name")


def entered_as(actor: Actor, post: Post, problem: Problem) -> EnteredAs | None:
    """In what relation to the leader the actor would write it down; None where they may not."""
    if actor.post == post.pk:
        return EnteredAs.STAND_IN if actor.on_behalf_of else EnteredAs.THEMSELVES
    own = open_post_of(actor)
    if own is not None and own.kind == PostKind.SECRETARY and own.serves_id == post.pk:
        return EnteredAs.SECRETARY
    if own is not None and own.kind == PostKind.LIAISON and in_unit(actor, post.unit):
        return EnteredAs.LIAISON
    if is_coordinator(actor, problem.jurisdiction) or is_reviewer(actor, problem.jurisdiction):
        return EnteredAs.OFFICE
    return None


def may_enter(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The authority: sight first; then the named leader, or whoever may write down for them.

    Without a post (a page asks before anything is chosen) it is enough to be one who may for somebody.
    """
    problems = problems_of(subjects)
    require_sight(actor, problems)
    post = arguments.get("post")
    for problem in problems:
        fits = may_enter_something(actor, problem) if post is None else entered_as(actor, post, problem)
        if not fits:
            raise NotAllowed(
                _("您不能代这位领导登记。"),
                accepted=_("由领导本人、秘书、本单位联络员或整改办登记。"),
            )


def may_enter_something(actor: Actor, problem: Problem) -> bool:
    """Whether there is a leader of the problem for whom the actor may write down an act."""
    if is_coordinator(actor, problem.jurisdiction) or is_reviewer(actor, problem.jurisdiction):
        return True
    own = open_post_of(actor)
    if own is None:
        return False
    if own.kind == PostKind.SECRETARY:
        return own.serves is not None and leads(own.serves, problem)
    if own.kind == PostKind.LIAISON:
        return any(is_under(path, own.unit.path) for path in _paths(problem))
    if own.kind in HEADS and any(is_under(path, own.unit.path) for path in _paths(problem)):
        return True
    return problem.sponsor_id == own.pk or holds(actor, problem, Who.LEADING_GROUP)


def leader_on(post: Post, problem: Problem, on: date) -> Person:
    """Whose act it was: who held the post on that day; refused where the post does not lead the problem."""
    if not leads(post, problem):
        raise Refused(
            _("“%(unit)s%(post)s”不是这个问题的领导岗位。") % {"unit": post.unit, "post": post.name},
            accepted=_("应是包抓领导，牵头单位和本级以上的负责人，或领导小组的组长、副组长。"),
            field="post",
        )
    tenure = Tenure.objects.filter(in_force(on), post=post).select_related("person").first()
    if tenure is None:
        raise Refused(
            _("%(day)s 这一天没有人担任“%(post)s”。") % {"day": on.isoformat(), "post": post.name},
            accepted=_("请核对日期，或先登记任职。"),
            field="on",
        )
    person: Person = tenure.person
    return person


def found_on(problem: Problem) -> date:
    """The first day on which anybody can have known of the problem: its source's document came, or it was registered."""
    received = Batch.objects.filter(findings__problem_links__problem=problem).aggregate(
        on=Min("received_on")
    )["on"]
    own = problem.batch.received_on if problem.batch else None
    days: list[date] = [day for day in (problem.registered_on, received, own) if day is not None]
    return min(days)


def refuse_bad_day(problem: Problem, on: date) -> None:
    """A dated fact: not in the future, and not before the problem was found."""
    first = found_on(problem)
    if on > current().today:
        raise Refused(_("日期在将来。"), accepted=_("只登记已经发生的事，应是今天或以前。"), field="on")
    if on < first:
        raise Refused(
            _("%(day)s 还没有发现这个问题。") % {"day": on.isoformat()},
            accepted=_("应不早于 %(first)s。") % {"first": first.isoformat()},
            field="on",
        )


def refuse_merged(problem: Problem) -> None:
    """What was merged goes on under another number."""
    if problem.state == State.MERGED:
        raise Refused(_("问题已经并案。"), accepted=_("请在并入的问题上登记。"))


def written_down(problem: Problem, post: Post, on: date, actor: Actor) -> dict[str, Any]:
    """What every leader's act holds, checked: whose it was, when, and who wrote it down."""
    refuse_merged(problem)
    refuse_bad_day(problem, on)
    leader = leader_on(post, problem, on)
    how = entered_as(actor, post, problem)
    # Who holds the post now writes down what their predecessor did as anybody else of the unit would.
    if how is EnteredAs.THEMSELVES and actor.person != leader.pk:
        raise Refused(
            _("%(day)s 是%(name)s在任。") % {"day": on.isoformat(), "name": leader.name},
            accepted=_("前任的履职由本单位联络员或整改办登记。"),
            field="on",
        )
    return {
        "problem": problem,
        "post": post,
        "leader": leader.pk,
        "leader_name": leader.name,
        "on": on,
        "entered_by": person_of(actor),
        "entered_by_name": actor.person_name,
        "entered_as": (how or EnteredAs.OFFICE).value,
        "entered_on": current().today,
    }
