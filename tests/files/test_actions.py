from __future__ import annotations

import uuid
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import override_settings
from PIL import Image

from bihuan.files import jobs, policy, queries, store
from bihuan.files.actions import receive
from bihuan.files.models import Blob, FileReference, Preview
from bihuan.files.taking_in import prepare
from bihuan.files.verification import FileState, verify_files
from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.actions import confirm_expunge, propose_expunge
from bihuan.journal.models import JournalEvent

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db
SUBJECT = uuid.UUID(int=7)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def seen(cast, monkeypatch):
    """Only the handler of the water bureau sees the subject."""
    monkeypatch.setitem(
        policy._sights, "batch", lambda actor, subject: actor.person == cast.handler.person.pk
    )


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def picture(size=(800, 600), kind="JPEG", mode="RGB", **options):
    buffer = BytesIO()
    Image.new(mode, size, "white" if mode == "1" else "seagreen").save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


def take(cast, upload=None, name="整改后.jpg", **changes):
    facts = {"subject_kind": "batch", "subject": SUBJECT, "actor": cast.handler.actor} | changes
    return receive(upload=upload or picture(), name=name, **facts)


def test_content_lies_under_its_digest(cast, seen, folder):
    reference = take(cast)
    sha256 = reference.blob.sha256
    assert (folder / sha256[:2] / sha256).read_bytes() == picture().getvalue()


def test_stored_content_is_for_the_program_alone(cast, seen, folder):
    sha256 = take(cast).blob.sha256
    assert (folder / sha256[:2] / sha256).stat().st_mode & 0o777 == 0o600


def test_the_same_content_is_kept_once(cast, seen, folder):
    first, second = take(cast), take(cast, name="另一处.jpg")
    assert (first.blob_id == second.blob_id, len(stored(folder))) == (True, 1)
    assert list(queries.same_content(first)) == [second]


def test_a_name_stands_beside_the_chain(cast, seen):
    reference = take(cast, name="张三家门口.jpg")
    assert "张三" not in str(JournalEvent.objects.get(stream=reference.pk).body)


def test_who_does_not_see_the_subject_adds_nothing(cast, seen, folder):
    with pytest.raises(NotVisible):
        take(cast, actor=cast.outsider.actor)
    assert not FileReference.objects.exists()


def test_an_unregistered_kind_is_seen_by_nobody(cast):
    with pytest.raises(NotVisible):
        take(cast, subject_kind="nobody_registered_this")


@pytest.mark.parametrize(
    "case",
    [
        (b"", "空.pdf", "0 字节"),
        (b"MZ\x90\x00\xff\xff\x00", "a.jpg", "程序"),
        (b"<svg/>", "a.svg", "PDF 或图片"),
        (b"x" * 101, "大.txt", "太大"),
        (b"words", "../a.txt", "路径"),
        ("机密★三年\n关于某事的通知".encode(), "通知.txt", "涉密"),
        (b"words", "会议纪要（机密）.txt", "涉密"),
    ],
)
def test_a_refused_file_leaves_nothing(cast, seen, folder, case):
    content, name, words = case
    with pytest.raises(Refused, match=words):
        take(cast, BytesIO(content), name, limit=100)
    assert (stored(folder), Blob.objects.exists()) == ([], False)


def test_a_mark_of_secrecy_inside_a_word_file_is_found(cast, seen, folder):
    from docx import Document

    document, buffer = Document(), BytesIO()
    document.add_paragraph("机密★十年")
    document.add_paragraph("关于有关事项的通知")
    document.save(buffer)
    buffer.seek(0)
    with pytest.raises(Refused, match="线下"):
        take(cast, buffer, "通知.docx")
    assert stored(folder) == []


def test_a_classified_network_may_hold_what_others_may_not(cast, seen, settings):
    import dataclasses

    level = dataclasses.replace(settings.CONFIGURATION, installation_level="classified")
    with override_settings(CONFIGURATION=level):
        assert take(cast, BytesIO("秘密★一年\n通知".encode()), "通知.txt").pk


def test_a_long_content_is_prepared_before_its_action(cast, seen):
    incoming = prepare(picture(), name="整改后.jpg")
    assert not Blob.objects.exists()
    assert take(cast, incoming).blob.sha256 == incoming.sha256


def test_a_retried_call_takes_in_once(cast, seen):
    incoming = prepare(picture(), name="整改后.jpg")
    facts = {"subject_kind": "batch", "subject": SUBJECT, "actor": cast.handler.actor}
    first = receive.call(key="k1")(upload=incoming, **facts)
    again = receive.call(key="k1")(upload=prepare(picture(), name="整改后.jpg"), **facts)
    assert first == again
    assert FileReference.objects.count() == 1


def test_previews_are_drawn_small_and_without_the_cameras_notes(cast, seen):
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif[0x8825] = {1: "N", 2: (36.0, 3.0, 1.0)}
    reference = take(cast, picture((2400, 1200), exif=exif))
    jobs.make_previews(reference.blob.sha256, reference.blob.media_type)
    with store.open_stored(store.preview_name(reference.blob.sha256, "thumbnail")) as file:
        drawn = Image.open(file)
        assert (drawn.size, dict(drawn.getexif())) == ((360, 180), {})
    assert b"CameraMaker" in queries.content_of(reference)
    assert queries.has_preview([reference]) == {reference.pk}


def test_a_first_page_is_drawn(cast, seen):
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 600))
    canvas.drawString(50, 500, "rectified")
    canvas.save()
    buffer.seek(0)
    reference = take(cast, buffer, "报告.pdf")
    jobs.make_previews(reference.blob.sha256, reference.blob.media_type)
    assert Preview.objects.get(size="thumbnail", failure="").height == 360


def test_a_decompression_bomb_gets_no_preview(cast, seen):
    # A bit a pixel: what is a gigabyte once it is opened takes no gigabyte to make.
    reference = take(cast, picture((20000, 20000), "PNG", "1"), "大.png")
    jobs.make_previews(reference.blob.sha256, reference.blob.media_type)
    assert set(Preview.objects.values_list("failure", flat=True)) == {"too_large"}


def test_a_damaged_picture_gets_no_preview(cast, seen):
    reference = take(cast, BytesIO(picture().getvalue()[:300]))
    jobs.make_previews(reference.blob.sha256, reference.blob.media_type)
    assert set(Preview.objects.values_list("failure", flat=True)) == {"damaged"}


def test_previews_are_made_once(cast, seen):
    reference = take(cast)
    for _ in range(2):
        jobs.make_previews(reference.blob.sha256, reference.blob.media_type)
    assert Preview.objects.count() == 2


def test_an_untouched_store_has_no_findings(cast, seen):
    take(cast)
    assert list(verify_files()) == []


def test_an_altered_content_is_named(cast, seen, folder):
    reference = take(cast)
    sha256 = reference.blob.sha256
    (folder / sha256[:2] / sha256).write_bytes(b"another photograph")
    (found,) = verify_files()
    assert (found.state, found.files, found.state.is_fault) == (FileState.ALTERED, (reference.row_key,), True)


def test_a_missing_content_is_named(cast, seen, folder):
    sha256 = take(cast).blob.sha256
    (folder / sha256[:2] / sha256).unlink()
    assert [found.state for found in verify_files()] == [FileState.MISSING]


def test_an_orphan_is_litter_and_no_fault(cast, seen):
    prepare(picture(), name="没有用上.jpg")
    (found,) = verify_files()
    assert (found.state, found.state.is_fault) == (FileState.ORPHAN, False)


def test_young_orphans_are_left_alone_and_old_ones_cleared(cast, seen, folder):
    import os

    kept, sha256 = take(cast).blob.sha256, prepare(BytesIO(b"nobody wants this"), name="a.txt").sha256
    assert jobs.sweep_orphans() == 0
    for one in (kept, sha256):
        os.utime(folder / one[:2] / one, (0, 0))
    assert (jobs.sweep_orphans(), stored(folder)) == (1, [kept])


def expunge(cast, reference):
    proposal = propose_expunge(
        record=reference,
        rows={reference.row_key: ["name"]},
        reason="误传涉密",
        document_no="保密〔2026〕1号",
        actor=cast.system_administrator.actor,
    )
    confirm_expunge(proposal, actor=cast.security_administrator.actor)


@pytest.fixture
def expunged(cast, seen, django_capture_on_commit_callbacks):
    first, second = take(cast), take(cast, name="副本.jpg")
    jobs.make_previews(first.blob.sha256, first.blob.media_type)
    with django_capture_on_commit_callbacks(execute=True):
        expunge(cast, first)
    return FileReference.objects.get(pk=first.pk), FileReference.objects.get(pk=second.pk)


def test_an_expunged_content_is_gone_everywhere(expunged, folder):
    assert stored(folder) == []
    assert not Preview.objects.exists()
    assert all(reference.expunged_at and not reference.blob.kept for reference in expunged)


def test_an_expunged_content_is_erased_not_missing(expunged):
    assert [found.state for found in verify_files()] == [FileState.ERASED]


def test_an_expunged_content_does_not_come_back(cast, expunged, folder):
    with pytest.raises(Refused, match="已按规定清除"):
        take(cast)
    assert stored(folder) == []


def test_a_content_that_should_be_gone_is_reported(cast, expunged):
    store.write(store.name_of(expunged[0].blob.sha256), picture().getvalue())
    assert [found.state for found in verify_files()] == [FileState.NOT_DESTROYED]


def test_no_preview_is_drawn_of_what_was_expunged(expunged):
    store.write(store.name_of(expunged[0].blob.sha256), picture().getvalue())
    jobs.make_previews(expunged[0].blob.sha256, "image/jpeg")
    assert not Preview.objects.exists()


def test_a_kept_content_is_never_destroyed_by_the_job(cast, seen, folder):
    sha256 = take(cast).blob.sha256
    jobs.destroy_content(sha256)
    assert stored(folder) == [sha256]


def test_a_hostile_document_costs_only_its_reader(cast, seen, folder, monkeypatch):
    from bihuan.documents.errors import ReaderFailed
    from bihuan.files import gate

    def crash(content, *, name, limits):
        raise ReaderFailed(name, reason="crashed")

    monkeypatch.setattr(gate, "read_in_sandbox", crash)
    with pytest.raises(Refused, match="损坏"):
        take(cast, BytesIO(b"%PDF-1.7\n%%EOF\n"), "报告.pdf")
    assert stored(folder) == []


def test_a_locked_document_is_refused_and_says_what_to_do(cast, seen, folder):
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(50, 500, "rectified")
    canvas.save()
    buffer.seek(0)
    with pytest.raises(Refused, match="取消密码"):
        take(cast, buffer, "报告.pdf")


def test_a_truncated_document_is_refused(cast, seen, folder):
    with pytest.raises(Refused, match="不完整"):
        take(cast, BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\n"), "报告.pdf")


def test_previews_are_asked_for_once_and_in_the_same_transaction(cast, seen):
    def queued():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'files.make_previews'")
            return cursor.fetchone()[0]

    before = queued()
    take(cast)
    take(cast, name="又一份.jpg")
    with pytest.raises(NotVisible):
        take(cast, picture((10, 10)), actor=cast.outsider.actor)
    assert queued() == before + 1
