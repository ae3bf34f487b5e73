"""A scan's way into a batch: its first page at once, the rest by a job, nothing kept of what may not be kept."""

from __future__ import annotations

import os
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as DjangoClient
from django.urls import reverse
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.documents.errors import ReaderFailed
from bihuan.files import store
from bihuan.intake import actions, page_images, queries
from bihuan.intake.models import IntakeDocument, Passage
from bihuan.intake.scans import running
from bihuan.intake.scans.scan import Scan
from bihuan.intake.scans.spool import Spool
from bihuan.intake.unpacking import Handed
from bihuan.journal.action import Actor, Refused
from bihuan.journal.verify.whole import verify_journal
from tests.documents.scan_making import LINES, plain, saved, turned, worn, written
from tests.documents.test_scans import needs_recognition
from tests.intake.recogniser import TEXTS, Recogniser, tiff
from tests.intake.test_actions import CLUE, settle

if TYPE_CHECKING:
    from django.test import Client

    from bihuan.ledger.models import Batch
    from tests.intake.test_views import ClientAs
    from tests.organizations.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def upload(client: Client, batch: Batch, content: bytes, name: str = "扫描.tif") -> Any:
    return client.post(
        reverse("intake:upload", args=[batch.pk]),
        {"files": SimpleUploadedFile(name, content)},
        headers={"X-One-By-One": "yes"},
    )


def test_the_first_page_is_read_at_once_and_the_rest_by_a_job(
    batch: Batch, desk: Client, recogniser: Recogniser
) -> None:
    answer = upload(desk, batch, tiff())
    assert answer.status_code == 200
    assert "正在识别" in answer.content.decode()
    scan = Scan.objects.get()
    assert (scan.done, scan.total, recogniser.asked) == (1, 3, [1])
    assert ProcrastinateJob.objects.filter(task_name="intake.read_scan", args={"scan": str(scan.pk)}).exists()
    assert "已识别 1 / 3 页" in desk.get(reverse("intake:batch", args=[batch.pk])).content.decode()

    running.read_scan(scan.pk)
    scan.refresh_from_db()
    document = IntakeDocument.objects.get()
    assert (scan.state, scan.document, recogniser.asked) == (Scan.State.DONE, document.pk, [1, 2, 3])
    assert (document.kind, document.pages) == ("tiff", 3)
    texts = Passage.objects.filter(document=document).values_list("text", flat=True)
    assert plain("".join(texts)) == plain("".join("".join(page) for page in TEXTS))
    assert document.candidates.count() == 2
    assert not Spool(scan.pk).folder.exists()
    assert "正在识别的扫描件" not in desk.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_scan_of_one_page_is_received_at_once(batch: Batch, desk: Client, recogniser: Recogniser) -> None:
    assert "去审核" in upload(desk, batch, tiff(1)).content.decode()
    assert IntakeDocument.objects.get().pages == 1


def test_a_worker_that_was_killed_goes_on_behind_the_pages_that_are_done(
    batch: Batch, desk: Client, recogniser: Recogniser
) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()
    recogniser.stops_before = 3
    with pytest.raises(KeyboardInterrupt):
        running.read_scan(scan.pk)
    scan.refresh_from_db()
    assert (scan.state, scan.done) == (Scan.State.READING, 2)
    recogniser.stops_before = None
    running.read_scan(scan.pk)
    running.read_scan(scan.pk)
    assert recogniser.asked == [1, 2, 3]
    assert IntakeDocument.objects.count() == 1


def test_a_worker_killed_after_the_document_was_received_finds_it(
    batch: Batch, desk: Client, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()
    with monkeypatch.context() as killed:
        killed.setattr(actions.IntakeDocument, "__str__", lambda self: self.name)
        mark = running._mark

        def dies(row: Scan, state: str, **more: object) -> None:
            if state == Scan.State.DONE:
                raise KeyboardInterrupt
            mark(row, state, **more)

        killed.setattr(running, "_mark", dies)
        with pytest.raises(KeyboardInterrupt):
            running.read_scan(scan.pk)
    running.read_scan(scan.pk)
    scan.refresh_from_db()
    assert (scan.state, scan.document) == (Scan.State.DONE, IntakeDocument.objects.get().pk)


@pytest.mark.parametrize("page", [1, 3])
def test_a_mark_of_secrecy_on_any_page_takes_the_whole_scan_away(
    batch: Batch, desk: Client, recogniser: Recogniser, page: int
) -> None:
    recogniser.texts[page - 1] = ["机密★5年", *recogniser.texts[page - 1]]
    answer = upload(desk, batch, tiff())
    if page == 1:
        assert answer.status_code == 422
        assert "涉密标志" in answer.content.decode()
        assert not Scan.objects.exists()
    else:
        scan = Scan.objects.get()
        running.read_scan(scan.pk)
        scan.refresh_from_db()
        assert scan.state == Scan.State.FAILED
        assert scan.failure["message"].startswith("“扫描.tif”带有涉密标志")
        assert "涉密标志" in desk.get(reverse("intake:batch", args=[batch.pk])).content.decode()
        assert not Spool(scan.pk).folder.exists()
    assert not IntakeDocument.objects.exists()


def test_a_clue_on_a_later_page_is_held_as_in_any_other_file(
    batch: Batch, desk: Client, recogniser: Recogniser
) -> None:
    recogniser.texts[1] = [CLUE]
    upload(desk, batch, tiff())
    running.read_scan(Scan.objects.get().pk)
    held = Passage.objects.get(clue__isnull=False)
    assert held.page == 2
    assert "CLUE" not in held.text
    assert CLUE not in "".join(Passage.objects.values_list("text", flat=True))


def test_what_is_spooled_only_the_program_reads(batch: Batch, desk: Client, recogniser: Recogniser) -> None:
    upload(desk, batch, tiff())
    folder = Spool(Scan.objects.get().pk).folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_cancelled_scan_leaves_nothing(batch: Batch, desk: Client, recogniser: Recogniser) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()
    desk.post(reverse("intake:scan_cancel", args=[batch.pk, scan.pk]))
    running.read_scan(scan.pk)
    scan.refresh_from_db()
    assert (scan.state, recogniser.asked) == (Scan.State.CANCELLED, [1])
    assert not Spool(scan.pk).folder.exists()
    assert not IntakeDocument.objects.exists()


def test_a_scan_cancelled_while_it_is_read_stops_behind_its_page(
    batch: Batch, desk: Client, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()

    def cancels(text: str, *, name: str) -> None:
        running.cancel(scan)

    monkeypatch.setattr(running, "refuse_marks_above", cancels)
    running.read_scan(scan.pk)
    scan.refresh_from_db()
    assert (scan.state, recogniser.asked) == (Scan.State.CANCELLED, [1, 2])
    assert not Spool(scan.pk).folder.exists()


def test_a_reader_that_crashes_costs_only_its_scan_and_says_so(
    batch: Batch, desk: Client, recogniser: Recogniser
) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()
    recogniser.stops_before, recogniser.error = 2, ReaderFailed("扫描.tif", reason="crashed")
    running.read_scan(scan.pk)
    scan.refresh_from_db()
    assert (scan.state, bool(scan.failure["accepted"])) == (Scan.State.FAILED, True)
    desk.post(reverse("intake:scan_cancel", args=[batch.pk, scan.pk]))
    assert not Scan.objects.exists()


def test_the_same_scan_twice_is_one(batch: Batch, desk: Client, recogniser: Recogniser) -> None:
    upload(desk, batch, tiff())
    upload(desk, batch, tiff())
    assert (Scan.objects.count(), recogniser.asked) == (1, [1])
    running.read_scan(Scan.objects.get().pk)
    assert "完全相同" in upload(desk, batch, tiff()).content.decode()


def test_who_left_the_post_receives_nothing(
    batch: Batch, desk: Client, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()
    Scan.objects.filter(pk=scan.pk).update(post=batch.pk)
    running.read_scan(scan.pk)
    scan.refresh_from_db()
    assert scan.state == Scan.State.FAILED
    assert not IntakeDocument.objects.exists()


def test_others_find_no_scan(
    batch: Batch, desk: Client, recogniser: Recogniser, cast: Cast, client_as: ClientAs
) -> None:
    upload(desk, batch, tiff())
    url = reverse("intake:scan_cancel", args=[batch.pk, Scan.objects.get().pk])
    assert client_as(cast.players["outsider"]).post(url).status_code == 404
    assert client_as(cast.handler).post(url).status_code == 404
    assert desk.get(url).status_code == 405
    assert desk.post(reverse("intake:scan_cancel", args=[batch.pk, batch.pk])).status_code == 404
    assert DjangoClient().post(url).status_code == 302
    assert Scan.objects.get().moving


def test_the_program_itself_waits_for_the_whole(batch: Batch, recogniser: Recogniser) -> None:
    [document] = actions.receive_documents(
        [Handed("扫描.tif", tiff())], batch, actor=Actor.the_system("tests.scans")
    )
    assert document.pages == 3
    assert recogniser.asked == [1, 2, 3]


def test_without_recognition_a_scan_is_refused(
    batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bihuan.documents.scanning.is_installed", lambda: False)
    with pytest.raises(Refused):
        actions.receive_documents([Handed("扫描.tif", tiff())], batch, actor=cast.coordinator.actor)


def test_a_batch_is_not_sealed_over_a_scan_that_is_being_read(
    batch: Batch, letter: IntakeDocument, desk: Client, cast: Cast, recogniser: Recogniser
) -> None:
    settle(letter, cast)
    upload(desk, batch, tiff())
    with pytest.raises(Refused, match="等 1 份扫描件识别完"):
        actions.draw_sample(batch, actor=cast.reviewer.actor)
    assert "等 1 份扫描件识别完" in desk.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    running.cancel(Scan.objects.get())
    assert actions.draw_sample(batch, actor=cast.reviewer.actor) == 1


def test_old_scans_and_folders_without_a_row_go(batch: Batch, desk: Client, recogniser: Recogniser) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()
    stray = Spool(batch.pk)
    stray.begin(b"x")
    running.sweep()
    assert stray.folder.exists(), "its row may be written this very moment"
    before = time.time() - running.STILL_BEGINNING.total_seconds() - 1
    os.utime(stray.folder, (before, before))
    running.sweep()
    assert Spool(scan.pk).folder.exists()
    assert not stray.folder.exists()
    Scan.objects.update(asked_at=scan.asked_at - running.FORGOTTEN_AFTER * 2)
    running.sweep()
    assert not Spool(scan.pk).folder.exists()
    assert not Scan.objects.exists()


def test_expunging_takes_scans_on_their_way_too(batch: Batch, desk: Client, recogniser: Recogniser) -> None:
    upload(desk, batch, tiff())
    scan = Scan.objects.get()
    running.drop_all()
    scan.refresh_from_db()
    assert scan.state == Scan.State.FAILED
    assert not Spool(scan.pk).folder.exists()


def test_doubted_letters_are_marked_and_passages_lit_where_they_stand(
    batch: Batch, desk: Client, recogniser: Recogniser
) -> None:
    upload(desk, batch, tiff())
    running.read_scan(Scan.objects.get().pk)
    document = IntakeDocument.objects.get()
    passage = Passage.objects.get(document=document, text__contains="漏损率")
    at = passage.text.index("漏")
    assert passage.place["doubtful"] == [[at, 1]]
    page = desk.get(reverse("intake:review", args=[document.pk]), {"n": passage.n}).content.decode()
    assert '<span class="doubtful" title="识别把握不足">漏</span>' in page
    [(left, top, width, height)] = queries.places_on(document, 1)[passage.n]
    assert 0 < left < left + width <= 100
    assert 0 < top < top + height <= 100


def test_a_page_is_shown_as_it_was_turned_to_be_read(
    batch: Batch, desk: Client, recogniser: Recogniser
) -> None:
    upload(desk, batch, tiff())
    running.read_scan(Scan.objects.get().pk)
    document = IntakeDocument.objects.get()
    answer = desk.get(reverse("intake:page_image", args=[document.pk, 2]))
    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.content)).size == (400, 300)
    # Destroying the content must find what was drawn of it.
    assert any(store.exists(name) for name in page_images.kept_names(document.sha256, 2))


@needs_recognition
def test_a_real_photograph_goes_the_whole_way(batch: Batch, desk: Client) -> None:
    answer = upload(desk, batch, saved(turned(worn(written(LINES)), 92)), "照片.jpg")
    assert "去审核" in answer.content.decode()
    document = IntakeDocument.objects.get()
    assert plain("".join(document.passages.values_list("text", flat=True))) == plain("".join(LINES))
    assert all(place["boxes"] for place in document.passages.values_list("place", flat=True))
