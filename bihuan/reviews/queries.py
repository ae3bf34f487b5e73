"""Reading reviews: whose sheets one sees, what waits for whom, and which requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext as _

from bihuan.journal.timesource import today
from bihuan.ledger.sight import visible
from bihuan.organizations.authority import has_role, in_unit, jurisdiction_of, open_post_of
from bihuan.organizations.models import Body, BodyMember, Role, UnitKind
from bihuan.organizations.remembering import remembered
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import home_of
from bihuan.reviews.models import CoordinationRequest, MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.policy import answers, decides, is_head
from bihuan.reviews.rules import OUT, OVER, OWING, TO_BE_SEEN, UNDECIDED

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Unit

MOST: Final = 60


def named(review: MonthlyReview) -> str:
    """A call of a series with its month."""
    if review.issued_on is None or not (review.repeats or review.follows_id):
        return review.title
    return _("%(title)s（%(year)s年%(month)s月）") % {
        "title": review.title,
        "year": review.issued_on.year,
        "month": review.issued_on.month,
    }


def office_of(actor: Actor) -> Unit | None:
    """The place whose rectification office one works in, at either desk."""
    return jurisdiction_of(actor) if has_role(actor, Role.COORDINATOR, Role.REVIEWER) else None


def reviews_run_by(actor: Actor) -> QuerySet[MonthlyReview]:
    """The calls of the actor's own office; `policy.sees_review` says the same of one."""
    place = office_of(actor)
    if place is None:
        return MonthlyReview.objects.none()  # type: ignore[no-any-return]
    found: QuerySet[MonthlyReview] = MonthlyReview.objects.filter(jurisdiction=place)
    return found.select_related("jurisdiction")


@remembered
def sheets_of_own_unit(actor: Actor) -> tuple[ReviewSheet, ...]:
    """What the actor's unit was called to report on, what is under way first. One statement."""
    post = open_post_of(actor)
    if post is None:
        return ()
    home = home_of(post.unit)
    mine = Q(unit=home) | Q(unit__kind=UnitKind.SECTION, unit__path__under=home.path)
    under_way = Case(When(review__state=MonthlyReview.State.ISSUED, then=0), default=1)
    rows = ReviewSheet.objects.filter(mine, review__state__in=OUT).select_related(
        "unit", "above", "review__jurisdiction"
    )
    found = rows.order_by(under_way, "-review__issued_on", "id")[:MOST]
    return tuple(sheet for sheet in found if in_unit(actor, sheet.unit))


def to_answer(actor: Actor) -> list[ReviewSheet]:
    """What of it waits for this very person: to fill in, or as a head to let pass."""
    me = {actor.person, actor.on_behalf_of}
    return [
        sheet
        for sheet in sheets_of_own_unit(actor)
        if sheet.review.state == MonthlyReview.State.ISSUED
        and sheet.state in OWING
        and (sheet.state != ReviewSheet.State.PREPARED or (is_head(actor) and sheet.prepared_by not in me))
    ]


@dataclass(frozen=True)
class Counted:
    """A call of the office, with how many units were called, how many owe their answer, and how many of it in part."""

    review: MonthlyReview
    called: int
    owing: int

    @property
    def late(self) -> bool:
        """Whether the day has passed and somebody still owes an answer."""
        return (
            self.review.state == MonthlyReview.State.ISSUED
            and self.owing > 0
            and self.review.due_on < today()
        )


def counted(reviews: QuerySet[MonthlyReview]) -> list[Counted]:
    """The calls of a queryset with their numbers; one statement. Who is asked by units above is not counted here."""
    called = Q(sheets__above=None)
    prepared = Q(sheets__state=ReviewSheet.State.PREPARED)
    open_rows = ReviewRow.objects.filter(sheet=OuterRef("sheets"), depth=0, state=ReviewRow.State.OPEN)
    owing = Count("sheets", filter=called & (prepared | Q(Exists(open_rows))))
    rows = reviews.annotate(called=Count("sheets", filter=called), owing=owing)
    return [Counted(review, review.called, review.owing) for review in rows]


def to_move(actor: Actor) -> list[Counted]:
    """The office's calls that wait for this person: another's draft to issue, one all have answered, one overdue."""
    if office_of(actor) is None:
        return []
    me = {actor.person, actor.on_behalf_of}
    found = counted(reviews_run_by(actor).exclude(state__in=OVER).order_by("due_on", "id"))
    return [
        one
        for one in found
        if (
            one.review.prepared_by not in me
            if one.review.state == MonthlyReview.State.DRAFT
            else one.owing == 0 or one.late
        )
    ]


# ---- requests -------------------------------------------------------------------------------------------------------


def requests_seen(actor: Actor) -> QuerySet[CoordinationRequest]:
    """The requests the actor has to do with: of the office's place, asked by or of the own unit, before the own group."""
    seen = Q(pk__in=[])
    place = office_of(actor)
    if place is not None:
        seen |= Q(jurisdiction=place)
    post = open_post_of(actor)
    if post is not None:
        home = home_of(post.unit)
        for field in ("asking_unit", "asked_unit"):
            seen |= Q(**{field: home}) | Q(**{f"{field}__kind": UnitKind.SECTION, f"{field}__parent": home})
    if sight_of(actor).bodies:
        seen |= Q(jurisdiction__in=_led_by(actor), state=CoordinationRequest.State.PASSED_UP)
    found: QuerySet[CoordinationRequest] = CoordinationRequest.objects.filter(seen)
    return found.select_related("problem", "asking_unit", "asked_unit", "jurisdiction").order_by(
        "due_on", "id"
    )


def _led_by(actor: Actor) -> QuerySet[BodyMember, Any]:
    """The places whose leading group the actor chairs or is deputy of, as a part of another statement."""
    seats: QuerySet[BodyMember] = BodyMember.objects.filter(
        in_force(today()),
        in_force(today(), "body__"),
        post=actor.post,
        role__in=[BodyMember.Role.CHAIR, BodyMember.Role.DEPUTY],
        body__kind=Body.Kind.LEADING_GROUP,
    )
    return seats.values("body__jurisdiction")


@remembered
def requests_waiting(actor: Actor) -> tuple[CoordinationRequest, ...]:
    """What waits for this very person: to answer, to decide on, or to look at the answer. One statement."""
    open_states = UNDECIDED | TO_BE_SEEN
    rows = requests_seen(actor).filter(state__in=open_states)[:MOST]
    return tuple(one for one in rows if _waits_for(actor, one))


def _waits_for(actor: Actor, request: CoordinationRequest) -> bool:
    if request.state in TO_BE_SEEN:
        return in_unit(actor, request.asking_unit)
    if answers(actor, request):
        return True
    # What a unit lets lie past its day the office takes up.
    return decides(actor, request) and request.due_on < today()


def numbers_seen(actor: Actor, requests: list[CoordinationRequest]) -> dict[object, str]:
    """The numbers of the problems behind requests, for those the actor may know of."""
    from bihuan.ledger.models import Problem

    ids = {one.problem_id for one in requests}
    return dict(visible(actor, Problem.objects.filter(pk__in=ids)).values_list("pk", "problem_no"))


def last_before(review: MonthlyReview) -> MonthlyReview | None:
    """The call of the same place that went out before this one."""
    if review.issued_on is None:
        return None
    found: MonthlyReview | None = (
        MonthlyReview.objects.filter(
            jurisdiction=review.jurisdiction_id,
            state__in=(MonthlyReview.State.ISSUED, MonthlyReview.State.CONCLUDED),
            issued_on__lt=review.issued_on,
        )
        .order_by(F("issued_on").desc(), "-id")
        .first()
    )
    return found
