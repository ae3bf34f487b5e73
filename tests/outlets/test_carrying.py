"""What is queued leaves: to whom it should, when it may, once, and with an end to trying."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal import timesource
from bihuan.messages import queries as inbox
from bihuan.messages.models import Message
from bihuan.outlets import actions, carrying, sending
from bihuan.outlets.carrying import ATTEMPTS, carry
from bihuan.outlets.clearing import KEPT, clear_old
from bihuan.outlets.egress import Patience
from bihuan.outlets.errors import Why
from bihuan.outlets.jobs import carry_messages
from bihuan.outlets.models import Delivery, Dispatch, DispatchState
from bihuan.outlets.routing import route
from tests.outlets.scene import (
    FORCED,
    NIGHT,
    NOON,
    PLAIN,
    PRESSING,
    SECRET,
    outlet_in,
    reachable,
    ruled,
    told,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", Patience(connect=0.5, total=0.4))


@pytest.fixture
def city(cast):
    ruled(cast)
    reachable(cast.handler, cast.principal, cast.outsider, cast.county_handler)
    return cast


def minutes(moment, count, *, every=1):
    """The job as it runs, minute by minute."""
    for number in range(0, count, every):
        with timesource.at(moment + number * MINUTE):
            carry_messages()


def run(moment=NOON):
    with timesource.at(moment):
        carry_messages()


def say(*players, at=NOON, **options):
    with timesource.at(at):
        told(*players, **options)


def sent(server):
    return [(body["to"], body["content"]) for body in server.bodies]


def test_without_an_outlet_nothing_is_tried(city, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sending, "send", pytest.fail)
    say(city.handler)
    with django_assert_num_queries(3), timesource.at(NOON):
        carry_messages()
    assert (Delivery.objects.count(), Message.objects.filter(routed=False).count()) == (0, 0)
    assert inbox.unread_count(city.handler.person.pk) == 1


def test_a_short_message_reaches_the_person_and_nobody_else(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler)
    run()
    run()
    assert sent(stand_in) == [("13800000001", "有 1 件事等您审批。https://bihuan.example/tests.plain/")]
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.attempts) == (DispatchState.DELIVERED, 1)
    assert stand_in.asked[0][2]["Authorization"] == f"Bearer {SECRET}"


def test_several_waiting_messages_of_a_person_are_one(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler, count=3)
    say(city.handler, kind=FORCED, count=2)
    say(city.principal)
    run()
    assert sorted(sent(stand_in)) == [
        ("13800000001", "您有 5 项待办：https://bihuan.example/messages/"),
        ("13800000002", "有 1 件事等您审批。https://bihuan.example/tests.plain/"),
    ]


def test_what_comes_within_the_window_waits_for_it_and_goes_together(city, stand_in):
    ruled(city, gather_minutes=30)
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler)
    minutes(NOON, 20, every=10)
    say(city.handler, kind=FORCED, at=NOON + 20 * MINUTE)
    assert stand_in.asked == []
    minutes(NOON + 30 * MINUTE, 60, every=10)
    assert sent(stand_in) == [("13800000001", "您有 2 项待办：https://bihuan.example/messages/")]


def test_the_night_is_quiet_but_for_the_urgent(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler, at=NIGHT)
    say(city.handler, kind=PRESSING, at=NIGHT)
    minutes(NIGHT, 661, every=60)
    assert [content[:9] for _to, content in sent(stand_in)] == ["有 1 项督办。h", "有 1 件事等您审"]
    tried = list(Dispatch.objects.order_by("tried_at").values_list("urgent", "tried_at"))
    assert [(urgent, at.astimezone(NOON.tzinfo).hour) for urgent, at in tried] == [(True, 22), (False, 8)]


def test_a_failure_at_night_is_not_tried_again_before_morning(city, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("declined"))
    say(city.handler, at=NIGHT.replace(hour=19, minute=59))
    minutes(NIGHT.replace(hour=19, minute=59), 240, every=40)
    # At 19:59 and no more until 08:00.
    assert Dispatch.objects.get(outlet=outlet).attempts == 1


def test_what_was_read_meanwhile_is_not_sent(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler, at=NIGHT)
    run(NIGHT)
    inbox.mark_read(city.handler.person.pk)
    run(NOON + dt.timedelta(days=1))
    assert (stand_in.asked, Delivery.objects.count()) == ([], 0)


def test_what_is_counted_up_after_it_was_told_is_told_again_with_the_whole_count(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler, count=2)
    run()
    say(city.handler, count=3, at=NOON + 60 * MINUTE)
    minutes(NOON + 60 * MINUTE, 3)
    assert [content[:3] for _to, content in sent(stand_in)] == ["有 2", "有 5"]


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(city, stand_in):
    outlet_in(city, "sms", stand_in.url("declined"))
    say(city.handler)
    for number, due in enumerate([0, 1, 3, 7, 15, 31, 63, 123]):
        # Not a minute before its time, and then once.
        for minute, tried in ((max(0, due - 1), max(1, number)), (due, number + 1)):
            run(NOON + minute * MINUTE)
            assert len(stand_in.asked) == tried
    run(NOON + 600 * MINUTE)
    assert len(stand_in.asked) == ATTEMPTS
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.why, dispatch.attempts) == (DispatchState.FAILED, Why.DECLINED, ATTEMPTS)
    assert "sign not match" in dispatch.words
    # The same id every time: a gateway that keeps count can tell.
    assert {body["id"] for body in stand_in.bodies} == {str(dispatch.pk)}


def test_an_interrupted_sending_is_taken_up_under_the_same_id(city, stand_in, monkeypatch):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler)

    def killed(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sending, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.attempts) == (DispatchState.SENDING, 1)
    run(NOON + 2 * MINUTE)
    assert stand_in.asked == []
    run(NOON + 7 * MINUTE)
    run(NOON + 8 * MINUTE)
    assert [body["id"] for body in stand_in.bodies] == [str(dispatch.pk)]


def test_a_poisoned_row_does_not_hold_up_the_others(city, stand_in, monkeypatch):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler, city.principal)
    real = carrying._letter

    def poisoned(outlet, dispatch):
        if dispatch.person == city.handler.person.pk:
            raise ZeroDivisionError
        return real(outlet, dispatch)

    monkeypatch.setattr(carrying, "_letter", poisoned)
    minutes(NOON, 3)
    assert [to for to, _content in sent(stand_in)] == ["13800000002"]
    failed = Dispatch.objects.get(person=city.handler.person.pk)
    assert (failed.why, failed.words) == (Why.UNFORESEEN, "ZeroDivisionError")


def test_an_outlet_that_hangs_costs_one_attempt_a_run_and_not_the_others(city, stand_in):
    hanging = outlet_in(city, "wecom", stand_in.url("silent"), unit=city.water)
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler, city.principal)
    run()
    assert Dispatch.objects.get(outlet=hanging).why == Why.TIME
    assert len([1 for _m, path, *_ in stand_in.asked if path == "/ok"]) == 2


def test_the_pace_of_an_outlet_is_kept(city, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("ok"), per_minute=2)
    everybody = [city.handler, city.principal, city.outsider, city.county_handler]
    say(*everybody)
    with timesource.at(NOON):
        route()
        first = carry()
    run(NOON + dt.timedelta(seconds=30))
    within = len(stand_in.asked)
    run(NOON + dt.timedelta(seconds=61))
    assert (first, within, len(stand_in.asked)) == (2, 2, 4)
    assert Dispatch.objects.filter(outlet=outlet, state=DispatchState.DELIVERED).count() == 4


def test_a_group_hears_once_what_several_of_its_people_are_told(city, stand_in):
    outlet_in(city, "wecom", stand_in.url("ok"), unit=city.water)
    say(city.handler, city.principal, city.liaison, kind=FORCED, count=3)
    say(city.handler, kind=PLAIN, count=1)
    say(city.outsider, city.subordinate, kind=FORCED, count=9)
    run()
    assert [body["text"]["content"].splitlines()[:3] for body in stand_in.bodies] == [
        ["您有 4 项待办：", "· 有 3 项逾期。", "· 有 1 件事等您审批。"]
    ]


def test_the_nearest_outlet_above_serves_and_only_that_one(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    ours = outlet_in(city, "sms", stand_in.url("near/ok"), unit=city.water)
    say(city.handler, city.county_handler)
    run()
    by_path = {
        path: body["to"] for (_m, path, _h, _b), body in zip(stand_in.asked, stand_in.bodies, strict=True)
    }
    assert by_path == {"/near/ok": "13800000001", "/ok": "13800000004"}
    assert Dispatch.objects.filter(outlet=ours).count() == 1


def test_an_outlet_carries_only_the_matters_it_is_for(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"), matters=["overdue"])
    say(city.handler, kind=PLAIN)
    say(city.handler, kind=FORCED)
    run()
    assert [content[:8] for _to, content in sent(stand_in)] == ["有 1 项逾期。"]


def test_who_has_no_number_is_told_in_the_program_alone(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.liaison)
    run()
    assert (stand_in.asked, inbox.unread_count(city.liaison.person.pk)) == ([], 1)


def test_what_somebody_declined_does_not_come_but_what_is_compulsory_does(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    with timesource.at(NOON):
        actions.choose(declined=["approval/sms"], actor=city.handler.actor)
    say(city.handler, kind=PLAIN)
    say(city.handler, kind=FORCED)
    say(city.principal, kind=PLAIN)
    run()
    assert sorted(sent(stand_in)) == [
        ("13800000001", "有 1 项逾期。https://bihuan.example/tests.forced/"),
        ("13800000002", "有 1 件事等您审批。https://bihuan.example/tests.plain/"),
    ]


def test_a_choice_that_became_compulsory_no_longer_counts(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    with timesource.at(NOON):
        actions.choose(declined=["approval/sms"], actor=city.handler.actor)
    ruled(city, approval="compulsory")
    say(city.handler, kind=PLAIN)
    run()
    assert len(stand_in.asked) == 1


def test_an_outlet_tells_nothing_that_is_older_than_it_is_on(city, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("ok"), on=False)
    say(city.handler)
    with timesource.at(NOON + 5 * MINUTE):
        actions.switch(outlet, on=True, actor=city.system_administrator.actor)
    minutes(NOON + 6 * MINUTE, 3)
    assert stand_in.asked == []


def test_switching_off_gives_up_what_waits(city, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("declined"))
    say(city.handler)
    run()
    say(city.principal)
    with timesource.at(NOON):
        route()
        actions.switch(outlet, on=False, actor=city.system_administrator.actor)
    run(NOON + 5 * MINUTE)
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.why, Delivery.objects.filter(dispatch=None).count()) == (
        DispatchState.FAILED,
        Why.SWITCHED_OFF,
        0,
    )


def test_a_place_without_the_rule_sends_nothing_outside(cast, stand_in):
    ruled(cast)
    outlet_in(cast, "sms", stand_in.url("ok"))
    reachable(cast.handler)
    say(cast.handler, at=NOON.replace(year=2024))
    with timesource.at(NOON.replace(year=2024)):
        carry_messages()
    assert stand_in.asked == []


def test_what_went_out_long_ago_is_forgotten(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    say(city.handler)
    run()
    with timesource.at(NOON + KEPT):
        assert clear_old() == 0
    with timesource.at(NOON + KEPT + 2 * MINUTE):
        assert clear_old() == 2
    assert (Dispatch.objects.count(), Message.objects.count()) == (0, 1)
