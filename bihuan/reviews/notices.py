"""Telling people that something of a review waits for them: count and link, nothing of the matter itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.messages.kinds import register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.seats import HEADS, RECEIVE, seats_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from bihuan.reviews.models import CoordinationRequest, ReviewSheet

CALLED: Final = "reviews.called"
DUE: Final = "reviews.due"
LATE: Final = "reviews.late"
RECALLED: Final = "reviews.recalled"
FOR_HEADS: Final = "reviews.for_heads"
RETURNED: Final = "reviews.returned"
REQUESTED: Final = "reviews.requested"
ANSWERED: Final = "reviews.answered"

register_kind(CALLED, _("有 %(count)s 张调度表等您单位报送。"))
register_kind(DUE, _("您单位有 %(count)s 张调度表快到报送期限，还没有报。"))
register_kind(LATE, _("您单位有 %(count)s 张调度表已过报送期限，还没有报。"))
register_kind(RECALLED, _("有 %(count)s 次月调度已经撤回，您单位不用再报。"))
register_kind(FOR_HEADS, _("有 %(count)s 张调度表等您审定。"))
register_kind(RETURNED, _("有 %(count)s 张调度表被退回。"))
register_kind(REQUESTED, _("有 %(count)s 件提请协调等您单位答复。"))
register_kind(ANSWERED, _("有 %(count)s 件提请协调有了答复，请看是否解决。"))


def tell_units(sheets: Sequence[ReviewSheet], kind: str) -> None:
    """Tell each called unit once; a late one through its heads too."""
    seats = seats_of({sheet.unit_id for sheet in sheets})
    for sheet in sheets:
        people = _receivers(seats[sheet.unit_id], heads_too=kind == LATE)
        _tell(people, kind, reverse("reviews:sheet", args=[sheet.pk]))


def tell_heads(sheet: ReviewSheet) -> None:
    """A sheet waits for a head of the unit who did not prepare it."""
    here = seats_of({sheet.unit_id})[sheet.unit_id]
    people = {person for post, person in here if post in HEADS} - {sheet.prepared_by}
    _tell(people, FOR_HEADS, reverse("reviews:sheet", args=[sheet.pk]))


def tell_unit_asked(request: CoordinationRequest) -> None:
    """Whoever must answer: the asked unit; what is asked of the office stands on its desk."""
    if request.asked_unit_id is not None:
        here = seats_of({request.asked_unit_id})[request.asked_unit_id]
        _tell(_receivers(here), REQUESTED, reverse("reviews:request", args=[request.pk]))


def tell_who_asked(request: CoordinationRequest) -> None:
    """There is an answer to be looked at."""
    here = seats_of({request.asking_unit_id})[request.asking_unit_id]
    _tell({request.asked_by, *_receivers(here)}, ANSWERED, reverse("reviews:request", args=[request.pk]))


def _receivers(seats: set[tuple[str, uuid.UUID]], *, heads_too: bool = False) -> set[uuid.UUID]:
    people = {person for post, person in seats if post in RECEIVE}
    if heads_too or not people:
        people |= {person for post, person in seats if post in HEADS}
    return people


def _tell(people: Iterable[uuid.UUID | None], kind: str, link: str) -> None:
    for person in sorted(one for one in people if one is not None):
        queue_message(to_person=person, kind=kind, link=link)
