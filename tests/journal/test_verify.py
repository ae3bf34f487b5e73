"""Whatever is altered behind the journal's back, verify names it. The vandal works as the schema's owner."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from bihuan.journal import vault
from bihuan.journal.action import Actor, action, anyone_signed_in, current
from bihuan.journal.actions import confirm_expunge, propose_erasure
from bihuan.journal.administrators import register_administrator_check
from bihuan.journal.errors import Refused
from bihuan.journal.expungement import Expungement
from bihuan.journal.identity import new_id
from bihuan.journal.models import Payload
from bihuan.journal.verify.report import Fault, Tally
from bihuan.journal.verify.whole import verify_journal
from tests import databases
from tests.journal.vandalism import faults, vandal, verify


@action("journal.test_make_sealed", may=anyone_signed_in)
def make(*, reason: str, mobile: str = "", holder: uuid.UUID | None = None, actor: Actor) -> Expungement:
    current().because("为了测试")
    record = Expungement(reason=reason, document_no="1", proposed_by=actor.person, proposed_at=current().now)
    if mobile:
        vault.seal_personal(record, holder, "mobile", mobile, findable=True)
    record.save()
    return record


@action("journal.test_change_sealed", may=anyone_signed_in)
def change(record: Expungement, *, reason: str, actor: Actor) -> None:
    record.reason = reason
    record.save()


@pytest.fixture(autouse=True)
def _administrators():
    register_administrator_check(lambda actor: actor.person is not None)


def test_an_honest_ledger_is_clean(committed: str, alice: Actor) -> None:
    record = make(reason="旧", actor=alice)
    change(record, reason="新", actor=alice)
    tally = verify()
    assert tally.wrong == []
    assert (tally.events, tally.streams, tally.rows, tally.payloads) == (2, 1, 1, 1)


def test_two_processes_find_what_one_finds(committed: str, alice: Actor) -> None:
    for number in range(20):
        make(reason=str(number), actor=alice)
    tally = verify_journal(processes=2, done={}, progress=lambda *_: None)
    assert (tally.events, tally.wrong) == (20, [])


def test_a_changed_row_is_named(committed: str, alice: Actor) -> None:
    record = make(reason="真", actor=alice)
    with vandal(committed) as owner:
        owner.execute("UPDATE journal_expungement SET reason = '假'")
    found = verify().wrong
    assert [(f.fault, f.where, f.detail) for f in found] == [(Fault.ROW_ALTERED, record.row_key, "reason")]


def test_a_removed_row_is_named(committed: str, alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    with vandal(committed) as owner:
        owner.execute("DELETE FROM journal_expungement")
    assert faults() == {(Fault.ROW_MISSING, record.row_key)}


def test_a_smuggled_row_is_named(committed: str, alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    smuggled = new_id()
    with vandal(committed) as owner:
        owner.execute(
            "INSERT INTO journal_expungement SELECT (e).* FROM (SELECT jsonb_populate_record(t, %s) e"
            " FROM journal_expungement t) s",
            [f'{{"id": "{smuggled}"}}'],
        )
    assert faults() == {(Fault.ROW_WITHOUT_STREAM, record.row_key.replace(str(record.pk), str(smuggled)))}


def test_a_changed_event_breaks_the_chain(committed: str, alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    with vandal(committed) as owner:
        owner.execute("UPDATE journal_event SET body = replace(body::text, '甲', '丙')::json")
    assert (Fault.CHAIN_BROKEN, f"{record.pk}/1") in faults()


def test_a_removed_last_event_is_missed(committed: str, alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    change(record, reason="y", actor=alice)
    with vandal(committed) as owner:
        owner.execute("DELETE FROM journal_event WHERE seq = 2")
    assert faults() == {(Fault.HEAD_DIFFERS, str(record.pk)), (Fault.ROW_ALTERED, record.row_key)}


def test_a_stream_without_events_is_named(committed: str, alice: Actor) -> None:
    record = make(reason="x", actor=alice)
    with vandal(committed) as owner:
        owner.execute("DELETE FROM journal_event")
        owner.execute("DELETE FROM journal_expungement")
    assert faults() == {(Fault.STREAM_WITHOUT_EVENT, str(record.pk))}


def test_changed_content_beside_the_chain_is_named(committed: str, alice: Actor) -> None:
    make(reason="x", actor=alice)
    payload = Payload.objects.get()
    with vandal(committed) as owner:
        owner.execute('UPDATE journal_payload SET content = convert_to(\'{"rows":{},"why":""}\', \'UTF8\')')
    assert faults() == {(Fault.PAYLOAD_ALTERED, str(payload.pk))}


def test_erased_personal_data_are_reported_as_erased_and_nothing_is_wrong(
    committed: str, alice: Actor, bob: Actor
) -> None:
    holder = new_id()
    record = make(reason="x", mobile="13800001234", holder=holder, actor=alice)
    payload = Payload.objects.get(holder=holder)
    assert vault.open_personal(payload.pk) == "13800001234"
    proposal = propose_erasure(holder=holder, reason="本人申请", document_no="〔2026〕2号", actor=alice)
    with pytest.raises(Refused):
        confirm_expunge(proposal, actor=alice)
    confirm_expunge(proposal, actor=bob)
    tally = verify()
    assert (tally.wrong, tally.erased) == ([], 1)
    assert vault.open_personal(payload.pk) is None
    assert vault.find_personal("mobile", "13800001234") == []
    assert record.stream


def test_personal_data_stand_nowhere_in_the_clear(committed: str, alice: Actor) -> None:
    make(reason="x", mobile="13800001234", holder=new_id(), actor=alice)
    with psycopg.connect(**databases.parameters(databases.owner(), committed)) as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        for table in tables:
            found = connection.execute(
                f"SELECT 1 FROM \"{table}\" t WHERE t::text LIKE '%13800001234%'"
            ).fetchone()
            assert found is None, table


def test_an_interrupted_verification_goes_on_where_it_stopped(committed: str, alice: Actor, tmp_path) -> None:
    from bihuan.journal.verify.whole import load_progress, save_progress

    for number in range(10):
        make(reason=str(number), actor=alice)
    state, done = tmp_path / "state.json", {}

    class Stop(Exception):
        pass

    def stop_half_way(count: int, total: int, tally: Tally) -> None:
        save_progress(state, done)
        if count == 8:
            raise Stop

    with pytest.raises(Stop):
        verify_journal(processes=1, done=done, progress=stop_half_way)
    seen: list[int] = []
    tally = verify_journal(
        processes=1, done=load_progress(state), progress=lambda count, *_: seen.append(count)
    )
    assert seen == list(range(9, 17))
    assert (tally.events, tally.wrong) == (10, [])
