"""Forgeries whose hashes fit: what is read must still be what was written, in the one way it can be written."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection

from bihuan.journal.action import Actor
from bihuan.journal.actions import confirm_expunge, propose_erasure
from bihuan.journal.administrators import register_administrator_check
from bihuan.journal.canonical import canonical, chain_hash
from bihuan.journal.guards import fortify_database
from bihuan.journal.identity import new_id
from bihuan.journal.models import Payload
from bihuan.journal.verify.report import Fault
from tests import databases
from tests.journal.test_verify import make as make_sealed
from tests.journal.vandalism import body_of, faults, make_plain, rewrite, vandal, verify


def in_another_order(text: str) -> str:
    return json.dumps(dict(reversed(json.loads(text).items())), ensure_ascii=False, separators=(",", ":"))


def deeper_in_another_order(text: str) -> str:
    body = json.loads(text)
    body["who"] = dict(reversed(body["who"].items()))
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


# Each says the same to most readers, and is other bytes than those an action would have written.
SPELLINGS = {
    "keys in another order": in_another_order,
    "keys of a part in another order": deeper_in_another_order,
    "a key given twice": lambda text: text.replace('"schema":1', '"schema":1,"schema":1'),
    "a key given twice, the first one false": lambda text: text.replace('"kind":', '"kind":"x","kind":', 1),
    "a space": lambda text: text.replace('"schema":1', '"schema": 1'),
    "a space at the end": lambda text: f"{text} ",
    "a fraction": lambda text: text.replace('"schema":1', '"schema":1.0'),
    "an exponent": lambda text: text.replace('"schema":1', '"schema":1e0'),
    "a character escaped": lambda text: text.replace("甲", "\\u7532"),
    "a solidus escaped": lambda text: text.replace("整改办", "整\\/办"),
}


def test_other_spellings_are_named_though_their_hashes_fit(committed: str, alice: Actor) -> None:
    records = {name: make_plain(reason=name, actor=alice) for name in SPELLINGS}
    with vandal(committed) as owner:
        for name, spell in SPELLINGS.items():
            text = body_of(owner, records[name].pk)
            assert spell(text) != text, name
            rewrite(owner, records[name].pk, {1: spell(text)})
    assert faults() == {(Fault.EVENT_NOT_CANONICAL, f"{record.pk}/1") for record in records.values()}


def test_an_honest_rewrite_of_the_bytes_is_clean(committed: str, alice: Actor) -> None:
    """The tool of these tests is no forgery by itself: with nothing changed nothing is found."""
    record = make_plain(reason="x", actor=alice)
    with vandal(committed) as owner:
        rewrite(owner, record.pk, {})
    assert verify().wrong == []


def test_an_event_that_lacks_a_part_is_named_and_not_stumbled_over(committed: str, alice: Actor) -> None:
    parts = ("changes", "sealed", "personal", "deleted", "algorithm", "who", "schema")
    records = {lost: make_plain(reason=lost, actor=alice) for lost in parts}
    with vandal(committed) as owner:
        for lost, record in records.items():
            body = json.loads(body_of(owner, record.pk))
            del body[lost]
            rewrite(owner, record.pk, {1: canonical(body).decode()})
    named = {where for _, where in faults()}
    assert {lost for lost, record in records.items() if f"{record.pk}/1" not in named} == set()


def test_a_digest_nobody_knows_breaks_the_chain(committed: str, alice: Actor) -> None:
    record = make_plain(reason="x", actor=alice)
    with vandal(committed) as owner:
        body = json.loads(body_of(owner, record.pk)) | {"algorithm": "md5"}
        rewrite(owner, record.pk, {1: canonical(body).decode()})
    assert faults() == {(Fault.CHAIN_BROKEN, f"{record.pk}/1")}


BESIDE = {
    "verb": "'something.else'",
    "person": "NULL",
    "batch": "gen_random_uuid()",
    "occurred_at": "occurred_at - interval '1 day'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
}


def test_a_column_beside_the_body_that_says_something_else_is_named(committed: str, alice: Actor) -> None:
    """The owner switches the triggers off, and hides events from whoever searches."""
    records = {column: make_plain(reason=column, actor=alice) for column in BESIDE}
    with vandal(committed) as owner:
        for column, value in BESIDE.items():
            owner.execute(
                f"UPDATE journal_event SET {column} = {value} WHERE stream = %s", [records[column].pk]
            )
    assert faults() == {(Fault.EVENT_CONTRADICTS, f"{record.pk}/1") for record in records.values()}


def test_a_number_in_stored_json_is_told_from_what_python_thinks_equal(committed: str, alice: Actor) -> None:
    altered = ("true", "1.0", '"1"', "1e400", "null")
    records = {spelling: make_plain(reason="x", rows={"a": 1}, actor=alice) for spelling in altered}
    with vandal(committed) as owner:
        for spelling, record in records.items():
            owner.execute(
                "UPDATE journal_expungement SET rows = %s::jsonb WHERE id = %s",
                [f'{{"a": {spelling}}}', record.pk],
            )
    assert faults() == {(Fault.ROW_ALTERED, record.row_key) for record in records.values()}


MOMENTS = (
    "proposed_at + interval '1 microsecond'",
    "'infinity'",
    "(to_char(proposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || ' UTC BC')::timestamptz",
)


def test_a_moment_is_compared_to_its_last_digit_and_its_era(committed: str, alice: Actor) -> None:
    records = {altered: make_plain(reason="x", actor=alice) for altered in MOMENTS}
    with vandal(committed) as owner:
        for altered, record in records.items():
            owner.execute(
                f"UPDATE journal_expungement SET proposed_at = {altered} WHERE id = %s", [record.pk]
            )
    found = {(f.fault, f.where, f.detail) for f in verify().wrong}
    assert found == {(Fault.ROW_ALTERED, record.row_key, "proposed_at") for record in records.values()}


def test_content_no_event_knows_of_is_named(committed: str, alice: Actor) -> None:
    record = make_plain(reason="x", actor=alice)
    known, lost = new_id(), new_id()
    with vandal(committed) as owner:
        for pk, stream in ((known, record.pk), (lost, new_id())):
            owner.execute(
                "INSERT INTO journal_payload (id, stream, content, salt, digest) VALUES (%s, %s, 'x', 'x', 'x')",
                [pk, stream],
            )
    assert faults() == {
        (Fault.PAYLOAD_WITHOUT_EVENT, str(known)),
        (Fault.PAYLOAD_WITHOUT_EVENT, str(lost)),
    }


def test_an_event_moved_to_another_stream_is_named(committed: str, alice: Actor) -> None:
    """The trigger that ties body and stream is switched off by the owner; the replay looks for itself."""
    record = make_plain(reason="x", actor=alice)
    other = new_id()
    with vandal(committed) as owner:
        body = json.loads(body_of(owner, record.pk))
        text = canonical(body).decode()
        owner.execute(
            "INSERT INTO journal_event SELECT %s, seq, %s, %s, kind, verb, person, batch, occurred_at, recorded_at"
            " FROM journal_event WHERE stream = %s",
            [other, text, chain_hash("sha256", bytes(32), text.encode()), record.pk],
        )
        owner.execute(
            "INSERT INTO journal_stream_head (stream, kind, seq, hash) VALUES (%s, 'expungement', 1, %s)",
            [other, chain_hash("sha256", bytes(32), text.encode())],
        )
    assert (Fault.EVENT_CONTRADICTS, f"{other}/1") in faults()


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this Python's OpenSSL offers no SM3")
def test_content_is_checked_by_the_digest_its_event_names(committed: str, alice: Actor, settings) -> None:
    """A ledger may change over to another digest; what was written before stays provable."""
    make_sealed(reason="x", actor=alice)
    settings.JOURNAL_ALGORITHM = "sm3"
    make_sealed(reason="y", mobile="13800001234", holder=new_id(), actor=alice)
    tally = verify()
    assert (tally.wrong, tally.payloads) == ([], 3)


def test_a_row_read_by_another_session_setting_is_the_same_row(committed: str, alice: Actor) -> None:
    make_plain(reason="x", actor=alice)
    with psycopg.connect(**databases.parameters(databases.owner(), committed), autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {committed} SET datestyle = 'German'")
        owner.execute(f"ALTER DATABASE {committed} SET timezone = 'America/New_York'")
    with databases.pointed_at(committed):
        assert verify().wrong == []


def test_the_digest_of_new_events_is_the_one_the_installation_was_told() -> None:
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            "from django.conf import settings; print(settings.JOURNAL_ALGORITHM)",
        ],
        env=os.environ | {"BIHUAN_JOURNAL_ALGORITHM": "sm3"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert shown.stdout == "sm3\n"


def test_content_destroyed_without_an_order_is_not_called_erased(
    committed: str, alice: Actor, bob: Actor
) -> None:
    """Erasing takes two administrators; whoever does it with SQL, or points at an order of something else, is named."""
    register_administrator_check(lambda actor: actor.person is not None)
    holders = {
        name: new_id() for name in ("ordered", "no order", "another's order", "key alone", "own stream")
    }
    for name, holder in holders.items():
        make_sealed(reason=name, mobile="13800001234", holder=holder, actor=alice)
    proposal = propose_erasure(holder=holders["ordered"], reason="本人申请", document_no="1号", actor=alice)
    pending = propose_erasure(holder=holders["no order"], reason="未确认", document_no="2号", actor=alice)
    confirm_expunge(proposal, actor=bob)
    payloads = {
        name: Payload.objects.filter(holder=holder).values_list("pk", "stream").get()
        for name, holder in holders.items()
    }
    orders = {
        "no order": pending.pk,
        "another's order": proposal.pk,
        "own stream": payloads["own stream"][1],
    }
    with vandal(committed) as owner:
        for name, order in orders.items():
            owner.execute(
                "UPDATE journal_payload SET content = NULL, erased_at = now(), erased_by = %s WHERE id = %s",
                [order, payloads[name][0]],
            )
        owner.execute("ALTER TABLE journal_personal_key DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE journal_personal_key SET wrapped = NULL WHERE holder = %s", [holders["key alone"]]
        )
    tally = verify()
    destroyed = {str(payloads[name][0]) for name in (*orders, "key alone")}
    assert {(f.fault, f.where) for f in tally.wrong} == {(Fault.PAYLOAD_DESTROYED, pk) for pk in destroyed}
    assert tally.erased == 1


def rights_on(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p"
            " WHERE has_table_privilege(current_user, %s, p)",
            [table],
        )
        return {privilege for (privilege,) in cursor.fetchall()}


def test_rights_granted_by_hand_are_taken_back_by_the_next_migration(committed: str, settings) -> None:
    with vandal(committed) as owner:
        owner.execute(
            f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {settings.CONFIGURATION.database['USER']}"
        )
    assert "TRUNCATE" in rights_on("journal_event_p07")
    with databases.pointed_at(committed, databases.owner()):
        fortify_database("default")
    with databases.pointed_at(committed):
        assert rights_on("journal_event_p07") == {"SELECT"}
        assert rights_on("journal_event") == {"SELECT", "INSERT"}
