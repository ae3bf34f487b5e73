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

from bihuan.documents import read_document
from bihuan.documents.errors import ReaderFailed
from bihuan.documents.scanned import ScannedLetter, ScannedLine, ScannedPage
from bihuan.files import store
from bihuan.intake import actions, page_images, queries
from bihuan.intake.models import IntakeDocument, Passage
from bihuan.intake.scans import recognising, running
from bihuan.intake.scans.scan import MOVING, Scan
from bihuan.intake.scans.spool import Spool
from bihuan.intake.unpacking import Handed, Received
from bihuan.journal.action import Actor, Refused
from bihuan.journal.verify.whole import verify_journal
from tests.documents.scan_making import LINES, plain, saved, turned, worn, written
from tests.documents.test_scans import needs_recognition
from tests.intake.test_actions import CLUE, settle
from tests.intake.test_unpacking import packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.test import Client

    from bihuan.ledger.models import Batch
    from tests.intake.test_views import ClientAs
    from tests.organizations.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
DOUBTED = 40
TEXTS = [
    ["二、存在的主要问题", "（一）县水利局管网巡检不到位，漏损率长期偏高。"],
    ["（二）石堰镇三家养殖场未按期搬迁，粪污直排沟渠。"],
    ["三、整改要求", "请于2026年9月30日前完成整改。"],
]


def page_of(number: int, lines: Sequence[str], *, turn: int = 0, doubted: str = "") -> ScannedPage:
    """A page as it would be recognised, each line across it."""

    def line(at: int, text: str) -> ScannedLine:
        top, right = 100.0 + 28 * at, 60.0 + 14 * len(text)
        letters = [
            ScannedLetter(i / len(text), (i + 1) / len(text), DOUBTED if letter in doubted else 99)
            for i, letter in enumerate(text)
        ]
        corners = ((60.0, top), (right, top), (right, top + 18), (60.0, top + 18))
        return ScannedLine(text, corners, tuple(letters))

    return ScannedPage(number, 595.0, 842.0, turn, 0.0, tuple(line(*one) for one in enumerate(lines)))


class Recogniser:
    """Stands in for the child process: gives pages made here, and remembers which were asked for."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.texts = list(texts)
        self.asked: list[int] = []
        self.stops_before: int | None = None
        self.error: Exception | None = None

    def __call__(self, source: object, pages: Sequence[int], *, name: str) -> Iterator[ScannedPage]:
        for number in pages:
            if number == self.stops_before:
                raise self.error or KeyboardInterrupt
            self.asked.append(number)
            yield page_of(number, self.texts[number - 1], turn=90, doubted="漏")


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> Recogniser:
    made = Recogniser(TEXTS)
    monkeypatch.setattr("bihuan.documents.scanning.is_installed", lambda: True)
    monkeypatch.setattr(running, "scan_in_sandbox", made)
    monkeypatch.setattr(recognising, "scan_in_sandbox", made)
    # In this process: that a child reads the same is shown elsewhere, and each costs a second.
    monkeypatch.setattr("bihuan.intake.reading.read_in_sandbox", read_document)
    return made


def tiff(pages: int = 3) -> bytes:
    frames = [Image.new("L", (300, 400), 200 + at) for at in range(pages)]
    return saved(frames[0], "TIFF", *frames[1:])


@pytest.fixture
def desk(cast: Cast, client_as: ClientAs) -> Client:
    return client_as(cast.coordinator)


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


PACKED = "附件.zip"


def take_in(batch: Batch, cast: Cast, content: bytes) -> dict[str, Received]:
    file = Handed(PACKED, content)
    return {one.name: one for one in actions.receive_each([file], batch, actor=cast.coordinator.actor)}


def archive() -> bytes:
    return packed(("扫描.tif", tiff()), ("照片.tif", tiff(2)), ("一.txt", "台账不清。".encode()))


def run_jobs() -> None:
    """What the worker would do with the scans, in the order asked for; each once."""
    for job in ProcrastinateJob.objects.filter(task_name="intake.read_scan", status="todo").order_by("id"):
        running.read_scan(job.args["scan"])


def received_names() -> set[str]:
    return set(IntakeDocument.objects.values_list("name", flat=True))


def test_an_archive_waits_for_the_scans_inside_it(
    batch: Batch, desk: Client, cast: Cast, recogniser: Recogniser
) -> None:
    results = take_in(batch, cast, archive())
    assert not any(result.refusal for result in results.values())
    holder = results[PACKED].scan
    assert holder is not None
    assert sorted(holder.awaits.values()) == ["扫描.tif", "照片.tif"]
    assert received_names() == {"一.txt"}
    page = desk.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert "等里面的扫描件识别完（2 份）" in page
    running.read_scan(holder.pk)
    running.read_scan(results["扫描.tif"].scan.pk)
    running.read_scan(holder.pk)
    assert PACKED not in received_names(), "one is still under way"
    run_jobs()
    run_jobs()
    assert received_names() == {"一.txt", "扫描.tif", "照片.tif", PACKED}
    assert not Scan.objects.filter(state__in=MOVING).exists()
    assert not Spool(holder.pk).folder.exists()


def test_an_archive_is_not_kept_over_a_scan_that_could_not_be(
    batch: Batch, cast: Cast, recogniser: Recogniser
) -> None:
    results = take_in(batch, cast, archive())
    running.read_scan(results["照片.tif"].scan.pk)
    recogniser.texts[2] = ["机密★5年"]
    run_jobs()
    run_jobs()
    holder = Scan.objects.get(pk=results[PACKED].scan.pk)
    assert holder.state == Scan.State.FAILED
    assert "扫描.tif" in holder.failure["message"]
    assert "照片.tif" not in holder.failure["message"]
    assert received_names() == {"一.txt", "照片.tif"}
    assert not Spool(holder.pk).folder.exists()


def test_a_scan_cancelled_inside_an_archive_ends_its_waiting(
    batch: Batch, cast: Cast, recogniser: Recogniser
) -> None:
    results = take_in(batch, cast, packed(("扫描.tif", tiff()), ("一.txt", "台账不清。".encode())))
    running.cancel(results["扫描.tif"].scan)
    run_jobs()
    holder = Scan.objects.get(pk=results[PACKED].scan.pk)
    assert (holder.state, holder.failure["code"]) == (Scan.State.FAILED, "holds_refused")


def test_an_archive_handed_in_twice_waits_once(batch: Batch, cast: Cast, recogniser: Recogniser) -> None:
    first, second = (take_in(batch, cast, archive()) for _ in range(2))
    assert first[PACKED].scan == second[PACKED].scan
    assert Scan.objects.count() == 3


def test_a_worker_killed_at_the_end_of_a_scan_wakes_the_archive_when_it_comes_back(
    batch: Batch, cast: Cast, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = take_in(batch, cast, packed(("扫描.tif", tiff())))
    scan, holder = results["扫描.tif"].scan, results[PACKED].scan
    with monkeypatch.context() as killed:
        killed.setattr(running.containers, "wake", lambda _pk: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            running.read_scan(scan.pk)
    ProcrastinateJob.objects.filter(task_name="intake.read_scan").delete()
    running.read_scan(scan.pk)
    run_jobs()
    assert Scan.objects.get(pk=holder.pk).state == Scan.State.DONE


def test_an_emblem_without_letters_is_no_reason_to_refuse_the_letter_it_stands_in(
    batch: Batch, cast: Cast, recogniser: Recogniser
) -> None:
    recogniser.texts[0] = []
    results = take_in(batch, cast, packed(("徽标.tif", tiff(1)), ("一.txt", "台账不清。".encode())))
    assert results["徽标.tif"].refusal is not None
    assert received_names() == {"一.txt", PACKED}


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
