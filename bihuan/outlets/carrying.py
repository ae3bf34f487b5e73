"""From deliveries to what really leaves: gathered, sent at the outlet's pace, tried again, given up visibly.

Every run is safe to repeat and safe to kill. A dispatch is marked `sending`, and that is committed, before a byte leaves;
one that stays so for long was interrupted, and is sent again under the same id. Between the receiver's yes and our note
of it lies a moment in which a kill makes a second sending: mailboxes recognise it by the Message-ID, gateways by
{marker} if they look, group robots not at all.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final

from django.contrib.postgres.aggregates import BoolOr
from django.db import transaction
from django.db.models import F, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import override

from bihuan.journal import timesource
from bihuan.journal.action import Refused
from bihuan.journal.vault import open_personal
from bihuan.messages.kinds import words_of
from bihuan.messages.models import Message
from bihuan.organizations.models import Person
from bihuan.outlets import keyring, sending
from bihuan.outlets.errors import FOR_GOOD, OF_ONE_LETTER, NotSent, Why
from bihuan.outlets.letters import Letter, Line, letter_of, trial_letter
from bihuan.outlets.models import Delivery, Dispatch, DispatchState, Outlet
from bihuan.outlets.routing import address_reference, local
from bihuan.outlets.sending import Means
from bihuan.outlets.terms import terms_at
from bihuan.outlets.timing import back_off
from bihuan.outlets.ways import PERSONAL, ROBOTS

if TYPE_CHECKING:
    from bihuan.outlets.timing import Hours

ATTEMPTS: Final = 8
INTERRUPTED_AFTER: Final = timedelta(minutes=5)
A_MINUTE: Final = timedelta(minutes=1)
LONGEST_RUN: Final = 50
LANGUAGE: Final = "zh-hans"
UNDER_WAY: Final = (DispatchState.WAITING, DispatchState.SENDING)

log = logging.getLogger(__name__)


def carry() -> int:
    """Gather what is due and send what may leave, outlet by outlet; returns how many were delivered."""
    ends = monotonic() + LONGEST_RUN
    delivered = 0
    for outlet in _in_turn():
        try:
            hours = terms_at(outlet.unit, timesource.today()).hours
        except Refused:
            continue
        gather(outlet, hours)
        delivered += _send_waiting(outlet, hours, ends)
    return delivered


def _in_turn() -> list[Outlet]:
    """Who was tried longest ago comes first: those that hang do not eat the others' time in every run."""
    found = Outlet.objects.filter(on_since__isnull=False).select_related("unit")
    last = Max("dispatches__tried_at")
    return list(found.annotate(last=last).order_by(F("last").asc(nulls_first=True), "pk"))


def gather(outlet: Outlet, hours: Hours) -> int:
    """Make dispatches of what is due on an outlet; in quiet hours of the urgent alone. Returns how many.

    Who has something due is told at once of all that waits for them: it would follow in a moment. No more are made than
    may leave in this minute: what waits longer is gathered better, and a morning's ten thousand are not made at once.
    """
    now = timesource.now()
    waiting = Delivery.objects.filter(outlet=outlet, dispatch=None)
    if hours.is_quiet(local(now)):
        waiting = waiting.filter(urgent=True)
    room = max(0, left_this_minute(outlet) - _ready(outlet, hours).count())
    due = waiting.filter(due_at__lte=now).values("person")
    due = due.annotate(first=Min("due_at"), presses=BoolOr("urgent")).order_by("-presses", "first", "person")
    people = list(due.values_list("person", flat=True)[:room])
    return sum(_gathered(outlet, waiting.filter(person=person), person, now) for person in people)


def _gathered(outlet: Outlet, waiting: QuerySet[Delivery], person: uuid.UUID | None, now: datetime) -> bool:
    with transaction.atomic():
        found = list(waiting.select_for_update(of=("self",), skip_locked=True).select_related("message"))
        read = [one.pk for one in found if one.message.read_at is not None]
        # Read already: the message in the program was enough.
        Delivery.objects.filter(pk__in=read).delete()
        left = [one for one in found if one.message.read_at is None]
        if not left:
            return False
        made = _dispatch_for(outlet, person, now, urgent=any(one.urgent for one in left))
        if made is None:
            return False
        Delivery.objects.filter(pk__in=[one.pk for one in left]).update(dispatch=made)
    return True


def _dispatch_for(
    outlet: Outlet, person: uuid.UUID | None, now: datetime, *, urgent: bool
) -> Dispatch | None:
    """The one under way to this receiver takes more along, or else a new one; an interrupted one is settled first.

    Two at a time would both say the whole count of a message that was counted up meanwhile.
    """
    before = Dispatch.objects.select_for_update().filter(
        outlet=outlet, person=person, trial=False, state__in=UNDER_WAY
    )
    found = before.first()
    if found is None:
        return Dispatch.objects.create(outlet=outlet, person=person, urgent=urgent, made_at=now, next_at=now)
    if found.state == DispatchState.SENDING:
        return None
    if urgent and not found.urgent:
        found.urgent, found.next_at = True, now
        found.save(update_fields=["urgent", "next_at"])
    return found


def _send_waiting(outlet: Outlet, hours: Hours, ends: float) -> int:
    """As many as the outlet takes in this minute; after one that could not get through, the others wait as well."""
    delivered = 0
    for _turn in range(left_this_minute(outlet)):
        if monotonic() > ends:
            break
        dispatch = _claimed(outlet, hours)
        if dispatch is None:
            break
        failed = deliver(outlet, dispatch)
        delivered += failed is None
        if failed is not None and failed not in OF_ONE_LETTER:
            break
    return delivered


def left_this_minute(outlet: Outlet) -> int:
    """How many more the outlet takes; every attempt counts, whatever became of it."""
    since = timesource.now() - A_MINUTE
    return max(0, outlet.per_minute - Dispatch.objects.filter(outlet=outlet, tried_at__gt=since).count())


def _claimed(outlet: Outlet, hours: Hours) -> Dispatch | None:
    """The next dispatch that may leave now, the urgent first, marked as being sent."""
    with transaction.atomic():
        ready = _ready(outlet, hours).select_for_update(skip_locked=True)
        one = ready.order_by("-urgent", "next_at", "id").first()
        if one is not None:
            one.state, one.tried_at = DispatchState.SENDING, timesource.now()
            one.attempts += 1
            one.save(update_fields=["state", "tried_at", "attempts"])
    return one


def _ready(outlet: Outlet, hours: Hours) -> QuerySet[Dispatch]:
    """What may leave now: whose time has come, or what was interrupted; in quiet hours of it the urgent alone."""
    now = timesource.now()
    interrupted = Q(state=DispatchState.SENDING, tried_at__lt=now - INTERRUPTED_AFTER)
    come = Q(state=DispatchState.WAITING, next_at__lte=now) | interrupted
    found = Dispatch.objects.filter(come, outlet=outlet, trial=False)
    return found.filter(urgent=True) if hours.is_quiet(local(now)) else found


def deliver(outlet: Outlet, dispatch: Dispatch) -> Why | None:
    """Send one claimed dispatch and note what became of it; why it did not go out, or None."""
    try:
        letter = _letter(outlet, dispatch)
        if letter is None:
            dispatch.delete()
            return None
        words = sending.send(means_of(outlet), letter, _address(outlet, dispatch))
    except NotSent as failed:
        _note_failure(dispatch, failed.why, failed.words)
        return failed.why
    except Exception as error:
        # One poisoned row must not hold up what waits behind it; the kind of error alone is told, it holds no content.
        log.exception("dispatch %s", dispatch.pk)
        _note_failure(dispatch, Why.UNFORESEEN, type(error).__name__)
        return Why.UNFORESEEN
    dispatch.state, dispatch.why, dispatch.words = DispatchState.DELIVERED, "", words
    dispatch.save(update_fields=["state", "why", "words"])
    return None


def _note_failure(dispatch: Dispatch, why: Why, words: str) -> None:
    over = why in FOR_GOOD or dispatch.attempts >= ATTEMPTS
    dispatch.state = DispatchState.FAILED if over else DispatchState.WAITING
    dispatch.why, dispatch.words = why, words
    dispatch.next_at = timesource.now() + back_off(dispatch.attempts)
    dispatch.save(update_fields=["state", "why", "words", "next_at"])


def means_of(outlet: Outlet) -> Means:
    """An outlet with its secrets opened, for the moment of sending."""
    return Means(
        way=outlet.way, settings=outlet.settings, secrets=keyring.opened(outlet), intranet=outlet.intranet
    )


def _address(outlet: Outlet, dispatch: Dispatch) -> str:
    """Where the person is reached, opened at this moment; nothing for a robot, whose group is its address."""
    if outlet.way not in PERSONAL:
        return ""
    person = Person.objects.filter(pk=dispatch.person).first()
    found = open_personal(address_reference(person, outlet.way))
    if found is None:
        raise NotSent(Why.NO_RECIPIENT)
    return found


def _letter(outlet: Outlet, dispatch: Dispatch) -> Letter | None:
    """What the messages of a dispatch say now; nothing where all of them were read meanwhile."""
    with override(LANGUAGE):
        if dispatch.trial:
            return trial_letter(dispatch.pk, site=outlet.site)
        messages = _unread_of(dispatch)
        if not messages:
            return None
        lines = _said_once(messages) if outlet.way in ROBOTS else [_line(one, one.count) for one in messages]
        return letter_of(dispatch.pk, lines, site=outlet.site, home=reverse("messages:list"))


def _unread_of(dispatch: Dispatch) -> list[Message]:
    """The messages, each once. They are told with all they count, so what waits to tell that again need not."""
    ids = list(dispatch.deliveries.values_list("message", flat=True))
    Delivery.objects.filter(outlet=dispatch.outlet_id, dispatch=None, message__in=ids).delete()
    return list(Message.objects.filter(pk__in=ids, read_at=None).order_by("created_at", "id"))


def _said_once(messages: Iterable[Message]) -> list[Line]:
    """Before a group: what several of its people are told is one matter, and counts as much as it does for one."""
    same: dict[tuple[str, str, str], list[Message]] = defaultdict(list)
    for message in messages:
        same[message.kind, message.number, message.link].append(message)
    most = [max(group, key=lambda one: one.count) for group in same.values()]
    return [_line(one, one.count) for one in most]


def _line(message: Message, count: int) -> Line:
    return Line(words_of(message), count, message.link)
