"""Over random days: nothing is lost, nothing not urgent leaves in quiet hours, nothing is told twice."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bihuan.journal import timesource
from bihuan.messages import queries as inbox
from bihuan.messages.models import Message
from bihuan.outlets import sending
from bihuan.outlets.errors import NotSent, Why
from bihuan.outlets.jobs import carry_messages
from bihuan.outlets.models import Delivery, Dispatch, DispatchState
from tests.outlets.scene import FORCED, NOON, PLAIN, PRESSING, outlet_in, reachable, ruled, told

pytestmark = pytest.mark.django_db
MINUTES = st.integers(1, 400)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.sampled_from([PLAIN, FORCED, PRESSING]), st.integers(1, 3)),
        st.tuples(st.just("read")),
        st.tuples(st.just("run"), MINUTES),
        st.tuples(st.just("break")),
        st.tuples(st.just("kill")),
    ),
    min_size=4,
    max_size=14,
)


class Killed(BaseException):
    """The process ends in the middle of a sending."""


class Receiver:
    """Takes what is sent, or is broken for once, or is the last thing the process saw."""

    def __init__(self):
        self.taken = []
        self.next = "take"

    def __call__(self, means, letter, address, **options):
        now, self.next = self.next, "take"
        if now == "break":
            raise NotSent(Why.UNREACHABLE)
        if now == "kill":
            raise Killed
        told = Counter()
        for delivery in Delivery.objects.filter(dispatch=letter.marker, message__read_at=None):
            told[delivery.message_id] = delivery.message.count
        self.taken.append((timesource.now(), letter.marker, told))
        return "ok"


def play(cast, steps, receiver):
    """One history; the totals told of each message, as the messages counted them."""
    moment, counted = NOON, {}
    for step in steps:
        with timesource.at(moment):
            if step[0] == "tell":
                told(cast.handler, kind=step[1], count=step[2])
                latest = Message.objects.get(kind=step[1], read_at=None)
                counted[latest.pk] = latest.count
            elif step[0] == "read":
                inbox.mark_read(cast.handler.person.pk)
            elif step[0] == "run":
                moment += dt.timedelta(minutes=step[1])
            else:
                receiver.next = step[0]
        run(moment, receiver)
        moment += dt.timedelta(minutes=1)
    # A quiet end: every back-off and every night passes.
    for hours in range(0, 60, 6):
        run(moment + dt.timedelta(hours=hours), receiver)
        run(moment + dt.timedelta(hours=hours, minutes=2), receiver)
    return counted


def run(moment, receiver):
    with timesource.at(moment), contextlib.suppress(Killed):
        carry_messages()


@example(steps=[("break",), ("tell", PLAIN, 2), ("run", 20), ("tell", PLAIN, 3), ("run", 20)])
@example(steps=[("kill",), ("tell", PLAIN, 2), ("run", 20), ("tell", PLAIN, 3), ("run", 20)])
@example(steps=[("break",), ("tell", PLAIN, 2), ("run", 20), ("tell", PRESSING, 1), ("run", 600)])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_over_random_days(prepared, steps):
    cast, receiver = prepared
    Dispatch.objects.all().delete()
    Message.objects.all().delete()
    receiver.__init__()
    counted = play(cast, steps, receiver)

    unread = set(Message.objects.filter(read_at=None).values_list("pk", flat=True))
    told_in_all = {pk: max((told[pk] for _at, _id, told in receiver.taken), default=0) for pk in counted}
    # Nothing is lost: what lies unread was told with all that it counts.
    assert all(told_in_all[pk] == counted[pk] for pk in unread)
    # Nothing but the urgent leaves in quiet hours.
    for at, marker, _told in receiver.taken:
        hour = at.astimezone(NOON.tzinfo).hour
        assert 8 <= hour < 20 or Dispatch.objects.get(pk=marker).urgent
    # Nothing is told twice: each text once, and each message again only with a greater count.
    assert len({marker for _at, marker, _told in receiver.taken}) == len(receiver.taken)
    for pk in counted:
        totals = [told[pk] for _at, _id, told in receiver.taken if pk in told]
        assert totals == sorted(set(totals))
    assert not Delivery.objects.filter(dispatch=None, message__read_at=None).exists()
    assert set(Dispatch.objects.values_list("state", flat=True)) <= {DispatchState.DELIVERED}


@pytest.fixture
def prepared(cast, monkeypatch):
    ruled(cast, gather_minutes=15)
    reachable(cast.handler)
    outlet_in(cast, "sms", "http://127.0.0.1:1/")
    receiver = Receiver()
    monkeypatch.setattr(sending, "send", receiver)
    return cast, receiver
