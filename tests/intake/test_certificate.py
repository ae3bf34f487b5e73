"""The certificate a seal makes, and the proof that it holds: counted and drawn again, and failing when a row was changed."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.documents.reading import read_document
from bihuan.files import store
from bihuan.files.policy import may_see
from bihuan.intake import actions
from bihuan.intake.models import Certificate, IntakeDocument, Passage
from bihuan.intake.sealing.certificate import ranges_of
from bihuan.intake.sealing.proving import Point, prove
from bihuan.intake.unpacking import Handed
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.models import JournalEvent
from bihuan.ledger.actions import return_clue
from bihuan.ledger.models import Batch, Clue, Problem
from tests.documents.opening import sound
from tests.intake.sealing import seal
from tests.intake.test_actions import CLUE, open_numbers, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.utils import CursorWrapper
    from django.test import Client

    from tests.organizations.cast import Cast, Player

    ClientAs = Callable[[Player], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(letter: IntakeDocument, batch: Batch, cast: Cast) -> Certificate:
    """The letter reviewed, checked and sealed."""
    settle(letter, cast)
    seal(batch, cast.reviewer.actor)
    return Certificate.objects.select_related("batch", "file__blob").get()


def paper(certificate: Certificate) -> bytes:
    with store.open_stored(store.name_of(certificate.file.blob.sha256)) as kept:
        return kept.read()


def words(certificate: Certificate) -> str:
    document = read_document(sound(paper(certificate)), name="证明.docx")
    return "\n".join(block.text for block in document.blocks)


def failing(certificate: Certificate) -> set[Point]:
    return {point.point for point in prove(certificate).points if not point.holds}


@contextmanager
def intruding() -> Iterator[CursorWrapper]:
    """Somebody with the running role's password, who names an action to get past the guard."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'intake.dispose', true)")
        yield cursor
        cursor.execute("SELECT set_config('bihuan.action', '', true)")


# ---- what it says ----


def test_it_says_what_was_received_and_what_became_of_it(
    certificate: Certificate, letter: IntakeDocument
) -> None:
    said = words(certificate)
    for expected in (
        "反馈意见.txt",
        letter.sha256,
        "切分为 11 段",
        "问题 3 段",
        "3 条，逐条照录",
        "林晓（市整改办 整改办经办）",
    ):
        assert expected in said, expected
    numbers = sorted(Problem.objects.values_list("problem_no", flat=True))
    assert f"3 件：{numbers[0]} 至 {numbers[-1]}" in said


def test_it_says_who_looked_again_and_where_the_journal_stands(certificate: Certificate) -> None:
    said = words(certificate)
    event = JournalEvent.objects.get(stream=certificate.batch_id, verb=IntakeVerb.SEAL_BATCH)
    before = JournalEvent.objects.get(stream=certificate.batch_id, seq=event.seq - 1)
    assert "周正（市整改办 整改办审核）" in said
    assert "应抽 11 段，抽 10 段，一致 10 段" in said
    assert (f"第 {event.seq} 条" in said, bytes(before.hash).hex() in said) == (True, True)
    assert event.body["facts"]["sample"]["seed"] in said


def test_paper_and_event_name_each_other(certificate: Certificate) -> None:
    event = JournalEvent.objects.get(stream=certificate.batch_id, seq=certificate.seq)
    assert event.body["facts"]["paper"] == certificate.file.blob.sha256


def test_of_a_clue_there_is_a_number_and_nothing_else(batch: Batch, cast: Cast) -> None:
    handed = [Handed("信.txt", ("一、情况\n总体较好。\n" + CLUE).encode())]
    [document] = actions.receive_documents(handed, batch, actor=cast.coordinator.actor)
    assert Clue.objects.count() == 1
    rest = open_numbers(document)
    actions.dispose(document, passages=rest, disposition="context", actor=cast.coordinator.actor)
    seal(batch, cast.reviewer.actor)
    made = Certificate.objects.get()
    assert "线索 1 段（已封存，另行移交）" in words(made)
    assert "王某" not in words(made)
    assert failing(made) == set()


def test_many_files_and_numbers_go_to_annexes(batch: Batch, cast: Cast) -> None:
    handed = [Handed(f"材料{n}.txt", f"第{n}份。总体情况良好。".encode()) for n in range(6)]
    for document in actions.receive_documents(handed, batch, actor=cast.coordinator.actor):
        numbers = open_numbers(document)
        actions.dispose(document, passages=numbers, disposition="praise", actor=cast.coordinator.actor)
    seal(batch, cast.reviewer.actor)
    said = words(Certificate.objects.get())
    assert ("附件1" in said, "材料5.txt" in said, "附件2" in said) == (True, True, False)


@given(st.sets(st.integers(1, 400), max_size=60))
def test_ranges_hold_every_number_once(numbers: set[int]) -> None:
    ordered = [f"ZG-2026-{n:04}" for n in sorted(numbers)]
    ranges = ranges_of(ordered)
    held = [n for first, last in ranges for n in range(int(first[-4:]), int(last[-4:]) + 1)]
    assert held == sorted(numbers)
    assert len(ranges) == sum(n - 1 not in numbers for n in numbers)


def test_numbers_of_two_series_make_no_range() -> None:
    assert ranges_of(["A-09", "B-10", "B-11"]) == [("A-09", "A-09"), ("B-10", "B-11")]


# ---- who may have it ----


@pytest.mark.parametrize(
    ("who", "sees"), [("coordinator", True), ("reviewer", True), ("handler", False), ("outsider", False)]
)
def test_it_is_for_those_who_see_the_batch(
    certificate: Certificate, cast: Cast, who: str, sees: bool
) -> None:
    assert may_see(getattr(cast, who).actor, certificate.file) is sees


@pytest.mark.usefixtures("uncollected_static")
def test_the_batch_offers_it_and_the_page_proves_it(
    certificate: Certificate, cast: Cast, client_as: ClientAs
) -> None:
    desk, url = client_as(cast.coordinator), reverse("intake:certificate", args=[certificate.batch_id, 1])
    batch_page = desk.get(reverse("intake:batch", args=[certificate.batch_id])).content.decode()
    assert (url in batch_page, reverse("files:download", args=[certificate.file_id]) in batch_page) == (
        True,
        True,
    )
    assert "逐项相符" in desk.get(url).content.decode()
    assert desk.post(url).status_code == 405
    assert desk.get(reverse("intake:certificate", args=[certificate.batch_id, 2])).status_code == 404
    assert client_as(cast.outsider).get(url).status_code == 404


# ---- the proof ----


def test_an_honest_certificate_holds(certificate: Certificate) -> None:
    proof = prove(certificate)
    assert {point.point: point.where for point in proof.points if not point.holds} == {}
    counted = {point.point: point.counted for point in proof.points}
    assert (counted[Point.PASSAGES], counted[Point.PROBLEMS], counted[Point.SAMPLE]) == (11, 3, 10)


def test_a_passage_changed_behind_the_journals_back_is_named(certificate: Certificate) -> None:
    passage = Passage.objects.filter(disposition="praise").get()
    with intruding() as cursor:
        cursor.execute("UPDATE intake_passage SET disposition = 'context' WHERE id = %s", [passage.pk])
    proof = prove(certificate)
    journal = next(point for point in proof.points if point.point is Point.JOURNAL)
    assert (journal.holds, passage.row_key in journal.where[0]) == (False, True)


def test_a_passage_that_vanished_is_named(certificate: Certificate) -> None:
    passage = Passage.objects.filter(sampled__isnull=True).first()
    with intruding() as cursor:
        cursor.execute("DELETE FROM intake_passage WHERE id = %s", [passage.pk])
    assert Point.JOURNAL in failing(certificate)


def test_another_paper_under_the_same_name_is_known(certificate: Certificate, tmp_path: Path) -> None:
    forged = tmp_path / "证明.docx"
    forged.write_bytes(paper(certificate) + b" ")
    with pytest.raises(SystemExit) as ended:
        call_command("check_certificate", str(forged), stdout=io.StringIO())
    assert ended.value.code == 1


def test_a_file_changed_in_the_storage_is_named(certificate: Certificate, letter: IntakeDocument) -> None:
    kept = Path(storages["default"].path(store.name_of(letter.sha256)))
    kept.write_bytes(kept.read_bytes() + b"!")
    assert failing(certificate) == {Point.FILES}


def test_the_command_counts_again(certificate: Certificate, tmp_path: Path) -> None:
    file, said = tmp_path / "证明.docx", io.StringIO()
    file.write_bytes(paper(certificate))
    call_command("check_certificate", str(file), as_json=True, stdout=said)
    found = json.loads(said.getvalue())
    assert (found["holds"], found["batch"], len(found["points"])) == (True, "GS-2026", 7)


def test_a_batch_opened_again_takes_its_certificate_with_it(batch: Batch, cast: Cast) -> None:
    handed = [Handed("信.txt", CLUE.encode())]
    [document] = actions.receive_documents(handed, batch, actor=cast.coordinator.actor)
    rest = open_numbers(document)
    actions.dispose(document, passages=rest, disposition="context", actor=cast.coordinator.actor)
    seal(batch, cast.reviewer.actor)
    return_clue(Clue.objects.get(), reason="是工作问题", actor=cast.channel_keeper.actor)
    proof = prove(Certificate.objects.select_related("batch", "file__blob").get())
    assert (proof.void, Point.JOURNAL in {p.point for p in proof.points if not p.holds}) == (True, False)
