"""Asking for a decision: opening an approval over the route that policy prescribes for the matter.

A route in a policy is a list of steps, each a name (审核, 签批 …) and whose post decides it, in the words of `Decider`.
Whoever asks may name a route of their own instead; what the lifecycle demands of it is checked all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext as _

from bihuan.approvals.opening import open_approval
from bihuan.journal.action import Refused, current
from bihuan.journal.wording import for_the_record
from bihuan.ledger.deciding import (
    DECIDER_WORDS,
    Decider,
    held_by,
    leading_group_posts,
    nobody,
    posts_deciding,
    posts_of_route,
)
from bihuan.ledger.lifecycle import edge_for
from bihuan.ledger.lifecycle_words import State, Who
from bihuan.organizations.models import Post, Unit
from bihuan.rectification.terms import route_in_policy
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from bihuan.approvals.models import Approval
    from bihuan.journal.records import Record
    from bihuan.ledger.lifecycle_facts import Facts
    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import AssignmentOrder

Route: TypeAlias = Sequence[tuple[str, Post]]


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


def ask_for_order(
    order: AssignmentOrder, problems: Sequence[Problem], route: Route, known: Mapping[uuid.UUID, Facts]
) -> Approval:
    """Open the approval of an order; what was declined twice needs the leading group on the route."""
    posts = list(route) or resolved(Verb.SUBMIT_ORDER, problems[0], None)
    if route:
        for problem in problems:
            refuse_short_route(
                Verb.SUBMIT_ORDER, problem, None, route, but=leading_group_posts(order.jurisdiction)
            )
    declined = declined_too_often(problems, known)
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


def declined_too_often(problems: Iterable[Problem], known: Mapping[uuid.UUID, Facts]) -> list[Problem]:
    """Those of which the leading group must decide whose they are; `known`: their circumstances."""
    edges = [
        (problem, edge_for(State(problem.state), Verb.ISSUE_ORDER, known[problem.pk])) for problem in problems
    ]
    return [problem for problem, edge in edges if edge and edge.who is Who.LEADING_GROUP]


def resolved(matter: Verb, problem: Problem, unit: Unit | None) -> list[tuple[str, Post]]:
    """The posts of the route policy prescribes. A step that would fall to whoever asks is already theirs by asking."""
    return posts_of_route(route_in_policy(problem, matter), problem, unit)


def refuse_short_route(
    matter: Verb, problem: Problem, unit: Unit | None, route: Route, *, but: Iterable[Post] = ()
) -> None:
    """Who names a route of their own may add to the prescribed one or choose among its posts, not leave a decider out.

    `but`: posts the caller puts on the route itself.
    """
    asker = current().actor.person
    given = {post.pk for _name, post in route} | {post.pk for post in but}
    for name, whose in route_in_policy(problem, matter):
        able = [post for post in posts_deciding(Decider(whose), problem, unit) if not held_by(post, asker)]
        if able and not given & {post.pk for post in able}:
            raise Refused(
                _("审批路线上少了“%(step)s”：按规定由%(who)s决定。")
                % {"step": name, "who": DECIDER_WORDS[Decider(whose)]},
                accepted=_("可以增加环节，不能减少；不写路线的，按规定的路线送审。"),
                field="route",
            )
