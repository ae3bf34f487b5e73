from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.journal import timesource
from bihuan.journal.action import Actor, action, anyone_signed_in, current
from bihuan.journal.administrators import register_administrator_check
from bihuan.journal.errors import (
    ActionError,
    NotAllowed,
    Refused,
    RetryAction,
    Stale,
    WriteOutsideAction,
)
from bihuan.journal.expungement import Expungement
from bihuan.journal.models import AccessEntry, JournalEvent, StreamHead
from bihuan.journal.open_action import is_open
from bihuan.journal.reactions import Happened, reacts_to

pytestmark = pytest.mark.django_db


@action("journal.test_make", may=anyone_signed_in)
def make(*, reason: str, actor: Actor) -> Expungement:
    return Expungement.objects.create(
        reason=reason, document_no="〔2026〕1号", proposed_by=actor.person, proposed_at=current().now
    )


@action("journal.test_change", may=anyone_signed_in)
def change(record: Expungement, *, reason: str, actor: Actor) -> None:
    current().because("测试")
    record.reason = reason
    record.save()


@action("journal.test_fail", may=anyone_signed_in)
def fail_after_writing(record: Expungement, *, actor: Actor) -> None:
    record.reason = "不该留下"
    record.save()
    raise Refused("不行")


@action("journal.test_nest", may=anyone_signed_in)
def nest(record: Expungement, *, actor: Actor) -> None:
    change(record, reason="里层", actor=actor)


def events(record: Expungement) -> list[dict]:
    return [event.body for event in JournalEvent.objects.filter(stream=record.pk).order_by("seq")]


def test_saving_a_row_journals_what_changed(alice: Actor) -> None:
    record = make(reason="旧", actor=alice)
    change(record, reason="新", actor=alice)
    first, second = events(record)
    assert first["changes"][record.row_key]["reason"] == [None, "旧"]
    assert second["changes"] == {record.row_key: {"reason": ["旧", "新"]}}
    assert second["who"]["person"] == str(alice.person)


def test_one_event_a_stream_even_if_saved_twice(alice: Actor) -> None:
    @action("journal.test_twice", may=anyone_signed_in)
    def twice(record: Expungement, *, actor: Actor) -> None:
        record.reason = "一"
        record.save()
        record.reason = "二"
        record.save()

    record = make(reason="零", actor=alice)
    twice(record, actor=alice)
    assert events(record)[-1]["changes"][record.row_key]["reason"] == ["零", "二"]
    assert len(events(record)) == 2


def test_one_act_may_be_an_ordinary_deed_towards_each_of_its_records(alice: Actor) -> None:
    heard: list[tuple[str, list[Expungement]]] = []

    @reacts_to("journal.test_change", "journal.test_whole")
    def listen(happened: Happened) -> None:
        heard.append((happened.verb, happened.of(Expungement)))

    @action("journal.test_whole", may=anyone_signed_in)
    def whole(records: list[Expungement], *, actor: Actor) -> None:
        first, *others = records
        with current().telling("journal.test_change"):
            for record in others:
                record.reason = "逐件"
                record.save()
        first.reason = "整张"
        first.save()

    sheet, one, other = (make(reason=str(number), actor=alice) for number in range(3))
    whole([sheet, one, other], actor=alice)
    assert [events(record)[-1]["verb"] for record in (sheet, one, other)] == [
        "journal.test_whole",
        "journal.test_change",
        "journal.test_change",
    ]
    assert {verb: {record.pk for record in records} for verb, records in heard} == {
        "journal.test_whole": {sheet.pk},
        "journal.test_change": {one.pk, other.pk},
    }


def test_what_goes_ahead_is_done_once_and_before_the_transaction(alice: Actor) -> None:
    done: list[tuple[str, bool]] = []

    def ahead(arguments: Mapping[str, Any]) -> str:
        done.append(("ahead", is_open()))
        return f"读到的{arguments['reason']}"

    @action("journal.test_ahead", may=anyone_signed_in, ahead=ahead)
    def read_first(record: Expungement, *, reason: str, actor: Actor) -> None:
        done.append(("body", is_open()))
        if done.count(("body", True)) == 1:
            raise RetryAction("another transaction won")
        record.reason = str(current().found_ahead)
        record.save()

    record = make(reason="零", actor=alice)
    read_first(record, reason="一", actor=alice)
    assert done == [("ahead", False), ("body", True), ("body", True)]
    assert events(record)[-1]["changes"][record.row_key]["reason"] == ["零", "读到的一"]
    change(record, reason="二", actor=alice)
    assert len(done) == 3


def test_a_refusal_ahead_opens_nothing_and_is_in_the_access_log(alice: Actor) -> None:
    def ahead(arguments: Mapping[str, Any]) -> None:
        raise NotAllowed("不行")

    @action("journal.test_closed", may=anyone_signed_in, ahead=ahead)
    def never(record: Expungement, *, actor: Actor) -> None:
        raise AssertionError

    record = make(reason="零", actor=alice)
    with pytest.raises(NotAllowed):
        never(record, actor=alice)
    entry = AccessEntry.objects.using("access_log").get(what="refused:journal.test_closed")
    assert (entry.outcome, entry.subject) == ("NotAllowed", record.row_key)


def test_the_head_follows_the_last_event(alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    change(record, reason="y", actor=alice)
    last = JournalEvent.objects.filter(stream=record.pk).order_by("-seq").first()
    head = StreamHead.objects.get(pk=record.pk)
    assert (head.seq, bytes(head.hash)) == (last.seq, bytes(last.hash))


def test_a_refusal_leaves_nothing(alice: Actor) -> None:
    record = make(reason="原样", actor=alice)
    with pytest.raises(Refused):
        fail_after_writing(record, actor=alice)
    assert Expungement.objects.get(pk=record.pk).reason == "原样"
    assert len(events(record)) == 1


def test_an_action_is_not_hidden_inside_another(alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    with pytest.raises(ActionError):
        nest(record, actor=alice)


def test_nobody_acts_without_a_name() -> None:
    with pytest.raises(NotAllowed):
        make(reason="x", actor=Actor(None, ""))


def test_the_same_key_does_nothing_twice(alice: Actor) -> None:
    first = make.call(key="k")(reason="x", actor=alice)
    again = make.call(key="k")(reason="x", actor=alice)
    assert again.pk == first.pk
    assert Expungement.objects.count() == 1


def test_a_key_is_not_for_another_call(alice: Actor) -> None:
    make.call(key="k")(reason="x", actor=alice)
    with pytest.raises(Refused):
        make.call(key="k")(reason="y", actor=alice)


def test_the_second_editor_is_told_what_the_first_changed(alice: Actor, bob: Actor) -> None:
    record = make(reason="旧", actor=alice)
    seen = {record.pk: 1}
    change(record, reason="甲改", actor=alice)
    with pytest.raises(Stale) as refusal:
        change.call(seen=seen)(record, reason="乙改", actor=bob)
    assert [(c.field, c.after, c.who) for c in refusal.value.changes] == [("reason", "甲改", "甲")]


def test_a_stale_instance_is_refreshed_before_it_is_changed(alice: Actor) -> None:
    record = make(reason="旧", actor=alice)
    stale = Expungement.objects.get(pk=record.pk)
    change(record, reason="新", actor=alice)
    change(stale, reason="更新", actor=alice)
    assert events(record)[-1]["changes"][record.row_key]["reason"] == ["新", "更新"]


@pytest.mark.parametrize(
    "write",
    [
        lambda r: r.save(),
        lambda r: r.delete(),
        lambda r: Expungement.objects.create(reason="x"),
        lambda r: Expungement.objects.bulk_create([Expungement(reason="x")]),
        lambda r: Expungement.objects.update(reason="x"),
        lambda r: Expungement.objects.filter(pk=r.pk).delete(),
        lambda r: Expungement.objects.bulk_update([r], ["reason"]),
        lambda r: Expungement.objects.save_all([_changed(r)]),
        lambda r: Expungement.objects.get_or_create(reason="nowhere"),
        lambda r: Expungement.objects.update_or_create(reason="nowhere", defaults={"document_no": "x"}),
        lambda r: Expungement._base_manager.filter(pk=r.pk).update(reason="x"),
    ],
)
def test_python_refuses_every_write_outside_an_action(alice: Actor, write) -> None:
    record = make(reason="x", actor=alice)
    with pytest.raises(WriteOutsideAction):
        write(record)


def _changed(record: Expungement) -> Expungement:
    record.reason = "改"
    return record


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO journal_expungement (id) VALUES (gen_random_uuid())",
        "UPDATE journal_expungement SET reason = 'x'",
        "DELETE FROM journal_expungement",
        "TRUNCATE journal_expungement",
        "INSERT INTO journal_event (stream, seq, body, hash) SELECT stream, seq + 1, body, hash FROM journal_event",
        "UPDATE journal_event SET hash = hash",
        "UPDATE journal_event_p00 SET hash = hash",
        "DELETE FROM journal_event",
        "TRUNCATE journal_event",
        "TRUNCATE journal_event_p03",
        "UPDATE journal_stream_head SET seq = seq + 1",
        "DELETE FROM journal_stream_head",
        "UPDATE journal_payload SET content = NULL",
        "DELETE FROM journal_access_entry",
        "ALTER TABLE journal_event DISABLE TRIGGER ALL",
        "DROP TRIGGER bihuan_guard ON journal_expungement",
        "SET session_replication_role = replica",
    ],
)
def test_the_database_refuses_every_write_outside_an_action(alice: Actor, statement: str) -> None:
    make(reason="x", actor=alice)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_event SET hash = hash",
        "DELETE FROM journal_event_p01",
        "TRUNCATE journal_event",
        "UPDATE journal_stream_head SET seq = 0",
        "DELETE FROM journal_stream_head",
        "UPDATE journal_payload SET content = '\\x00', erased_at = now()",
    ],
)
def test_the_past_cannot_be_changed_even_with_the_action_set(alice: Actor, statement: str) -> None:
    change(make(reason="x", actor=alice), reason="y", actor=alice)
    forged = f"SELECT set_config('bihuan.action', 'forged', true); {statement}"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forged)


def test_after_an_action_the_database_is_shut_again(alice: Actor) -> None:
    make(reason="x", actor=alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('bihuan.action', true)")
        assert cursor.fetchone()[0] == ""


def test_the_reason_of_an_action_lies_beside_the_chain(alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    change(record, reason="y", actor=alice)
    body = events(record)[-1]
    assert body["sealed"]["why"] is True
    assert "测试" not in str(body)


def test_the_clock_of_the_event_is_the_time_source(alice: Actor) -> None:
    from datetime import UTC, datetime

    with timesource.at(datetime(2025, 5, 1, 8, tzinfo=UTC)):
        record = make(reason="x", actor=alice)
    body = events(record)[0]
    assert body["occurred_at"] == "2025-05-01T08:00:00.000000Z"
    assert body["recorded_at"] > "2026"


@pytest.fixture(autouse=True)
def _administrators():
    register_administrator_check(lambda actor: actor.person is not None)
