"""Who acts, and in which post: from a signed-in account to the `Actor` every action asks for.

What somebody may do hangs on the post. One person may hold several and may stand in for others; the post in use is
chosen per session, and a stand-in's every act names both persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bihuan.journal import access
from bihuan.journal.action import Actor, NotAllowed
from bihuan.journal.timesource import today
from bihuan.organizations import remembering
from bihuan.organizations.authority import open_post_of, roles_of, unit_of
from bihuan.organizations.models import Account, Person, Post, StandIn, Tenure
from bihuan.organizations.rules import is_administrator
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from datetime import date

    from django.http import HttpResponse

SESSION_KEY = "post_in_use"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Seat:
    """A post somebody may act in today: their own, or another's they stand in for."""

    post: Post
    roles: frozenset[str]
    stands_in_for: Person | None = None

    @property
    def administers(self) -> bool:
        """Whether acting here is acting as one of the three administrators."""
        return is_administrator(self.roles)


def seats_of(person: Person, on: date) -> list[Seat]:
    """The person's own posts first, then those they stand in for; closed posts left out. Two queries, three for who stands in."""
    grants = ArrayAgg(
        "post__role_grants__role", filter=in_force(on, "post__role_grants__"), default=[], distinct=True
    )
    open_posts = {"post__closed_on__isnull": True, "post__unit__closed_on__isnull": True}
    own = (
        Tenure.objects.filter(in_force(on), person=person, **open_posts)
        .select_related("post__unit")
        .annotate(roles=grants)
        .order_by("since", "id")
    )
    seats = {tenure.post_id: Seat(tenure.post, frozenset(tenure.roles)) for tenure in own}
    others = StandIn.objects.filter(in_force(on), person=person)
    # Asked at every request, and hardly anybody stands in for anybody: the wide question waits for a yes.
    if not others.exists():
        return list(seats.values())
    for stand_in in (
        others.filter(**open_posts)
        .select_related("post__unit", "principal")
        .annotate(roles=grants)
        .order_by("since", "id")
    ):
        seat = Seat(stand_in.post, frozenset(stand_in.roles), stand_in.principal)
        # An administrator's duty is personal: an old stand-in never opens it.
        if not seat.administers:
            seats.setdefault(stand_in.post_id, seat)
    return list(seats.values())


def posts_of(person: Person, on: date) -> list[Post]:
    """The posts a person may act in on a day: held, or stood in for."""
    return [seat.post for seat in seats_of(person, on)]


def actor_in(person: Person, seat: Seat | None) -> Actor:
    """The actor a person is in a seat; without one they are signed in, and no more."""
    if seat is None:
        return Actor(person=person.pk, person_name=person.name)
    return Actor(
        person=person.pk,
        person_name=person.name,
        post=seat.post.pk,
        post_name=seat.post.name,
        unit=seat.post.unit_id,
        unit_name=seat.post.unit.name,
        on_behalf_of=seat.stands_in_for.pk if seat.stands_in_for else None,
    )


def actor_for(
    who: Account | Person, post: Post | uuid.UUID | None = None, on_behalf_of: Person | None = None
) -> Actor:
    """The actor for a person in one of the posts open to them today (their first, when none is named).

    Raises `NotAllowed` for a post they neither hold nor stand in for, or stand in for somebody else.
    """
    person = who if isinstance(who, Person) else Person.objects.get(account=who)
    seats = seats_of(person, today())
    if post is None:
        return actor_in(person, seats[0] if seats else None)
    wanted = post.pk if isinstance(post, Post) else post
    seat = next((seat for seat in seats if seat.post.pk == wanted), None)
    if seat is None or (on_behalf_of is not None and seat.stands_in_for != on_behalf_of):
        raise NotAllowed(
            _("您今天不在这个岗位上，也没有受托代理。"), accepted=_("请换用自己的岗位，或由本人委托代理。")
        )
    return actor_in(person, seat)


def person_of(account: Any) -> Person | None:
    """The person behind a signed-in account; None for the anonymous and for those who have left."""
    if not getattr(account, "is_authenticated", False):
        return None
    found: Person | None = getattr(account, "person", None)
    return found if found is not None and found.left_on is None else None


class Request(HttpRequest):
    """A request behind the middleware, as type checkers should see it: somebody acts. Views need not build one."""

    actor: Actor


class ActingMiddleware:
    """Puts on the request who acts: `actor`, `post_in_use`, `seats`, `person`; all empty for the anonymous.

    It also tells the access log the caller's address, and enters there every page an administrator opens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = access.client_address.set(request.META.get("REMOTE_ADDR", ""))
        remembered = remembering.remember(reading=request.method in SAFE)
        try:
            seat = seat_request(request)
            response = self.get_response(request)
            if seat is not None and seat.administers:
                _enter_page(request, response)
            return response
        finally:
            remembering.forget(remembered)
            access.client_address.reset(address)


def seat_request(request: Any) -> Seat | None:
    """Fill in who acts in this request and return the seat in use."""
    request.person = person_of(request.user)
    request.seats = seats_of(request.person, today()) if request.person else []
    chosen = request.session.get(SESSION_KEY) if request.seats else None
    seat = next((seat for seat in request.seats if str(seat.post.pk) == chosen), None)
    seat = seat or next(iter(request.seats), None)
    request.post_in_use = seat.post if seat else None
    request.seat_in_use = seat
    request.actor = actor_in(request.person, seat) if request.person else None
    if seat is not None:
        remembering.tell(roles_of, seat.roles, request.actor)
        remembering.tell(open_post_of, seat.post, request.actor)
        remembering.tell(unit_of, seat.post.unit, request.actor)
    return seat


def use_seat(request: Any, post: uuid.UUID) -> Seat:
    """Switch the session to another of the person's posts; raises `NotAllowed` where it is none of theirs."""
    seat = next((seat for seat in request.seats if seat.post.pk == post), None)
    if seat is None:
        raise NotAllowed(_("这不是您现在的岗位。"), accepted=_("请从您自己的岗位中选择。"))
    request.session[SESSION_KEY] = str(post)
    chosen: Seat = seat
    return chosen


def _enter_page(request: Any, response: HttpResponse) -> None:
    match = request.resolver_match
    kind = response.get("Content-Type", "")
    # A stylesheet or a picture is no page; a refusal or a download is.
    if match is None or not match.view_name or kind.startswith(("text/css", "image/")):
        return
    access.record(
        request.actor,
        f"page:{match.view_name}",
        outcome=str(response.status_code),
        method=request.method or "",
        path=request.path[:200],
    )
