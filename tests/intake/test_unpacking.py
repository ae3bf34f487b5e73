"""Archives and letters handed in: each file inside becomes a document, the container the list of them."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from django.core.management import call_command

from bihuan.files.models import Blob
from bihuan.files.taking_in import prepare
from bihuan.intake import actions
from bihuan.intake.keeping import AlreadyReceived
from bihuan.intake.models import IntakeDocument
from bihuan.intake.policy import sees_file_of_document
from bihuan.intake.reading import read
from bihuan.intake.unpacking import Handed, Received
from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.open_action import is_open
from tests.documents import making
from tests.intake.conftest import LETTER
from tests.intake.test_actions import CLUE, nothing_stored

if TYPE_CHECKING:
    from bihuan.ledger.models import Batch
    from tests.organizations.cast import Cast

OTHER = LETTER.replace("供水", "供热")
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


def packed(*members: tuple[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return written.getvalue()


def receive(batch: Batch, cast: Cast, content: bytes, name: str = "材料.zip") -> list[Received]:
    return list(actions.receive_each([Handed(name, content)], batch, actor=cast.coordinator.actor))


def kept() -> list[tuple[str, str]]:
    return list(IntakeDocument.objects.values_list("name", "kind"))


def test_each_file_becomes_a_document_and_the_archive_the_list_of_them(batch: Batch, cast: Cast) -> None:
    results = receive(
        batch, cast, packed(("县/供水.txt", LETTER.encode()), ("供热.docx", making.word(OTHER)))
    )
    assert kept() == [("供水.txt", "txt"), ("供热.docx", "docx"), ("材料.zip", "zip")]
    assert [result.refusal for result in results] == [None, None, None]
    archive = IntakeDocument.objects.get(kind="zip")
    digests = [passage.text.split("\t")[2] for passage in archive.passages.all()]
    assert digests == list(IntakeDocument.objects.exclude(kind="zip").values_list("sha256", flat=True))


def test_everything_is_kept_as_received(batch: Batch, cast: Cast) -> None:
    receive(batch, cast, packed(("供水.txt", LETTER.encode())))
    assert set(Blob.objects.values_list("sha256", flat=True)) == set(
        IntakeDocument.objects.values_list("sha256", flat=True)
    )


def test_a_letter_is_kept_beside_what_was_attached_to_it(batch: Batch, cast: Cast) -> None:
    content = (
        "MIME-Version: 1.0\r\nFrom: a@b.cn\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n请查收。\r\n"
        '--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\n'
        f"{LETTER}\r\n--x--\r\n"
    ).encode()
    receive(batch, cast, content, "来信.eml")
    assert kept() == [("a.txt", "txt"), ("来信.eml", "eml")]


def test_a_page_is_kept_as_a_document(batch: Batch, cast: Cast) -> None:
    receive(batch, cast, f"<html><body><p>{LETTER}</p></body></html>".encode(), "通报.html")
    assert kept() == [("通报.html", "html")]


def test_a_page_is_no_evidence() -> None:
    with pytest.raises(Refused) as refused:
        prepare(BytesIO(b"<html><body>x</body></html>"), name="a.html")
    assert refused.value.data["code"] == "active"


def test_what_is_refused_inside_is_not_kept_within_the_archive_either(batch: Batch, cast: Cast) -> None:
    results = receive(batch, cast, packed(("好.txt", LETTER.encode()), ("程序.exe", b"MZ" + bytes(100))))
    assert [result.document is not None for result in results] == [True, False, False]
    assert results[2].refusal is not None
    assert "程序.exe" in results[2].refusal.message
    assert kept() == [("好.txt", "txt")]


def test_an_archive_that_bears_a_mark_of_secrecy_inside_is_not_kept(batch: Batch, cast: Cast) -> None:
    results = receive(batch, cast, packed(("反馈.txt", ("机密★10年\n" + LETTER).encode())))
    assert all(result.document is None for result in results)
    assert nothing_stored()


def test_a_marked_name_inside_refuses_all_before_anything_is_stored(batch: Batch, cast: Cast) -> None:
    content = packed(("好.txt", LETTER.encode()), ("机密★反馈意见.txt", OTHER.encode()))
    (result,) = receive(batch, cast, content)
    assert result.document is None
    assert nothing_stored()


def test_the_file_of_an_archive_that_holds_a_clue_is_open_to_its_receiver_only(
    batch: Batch, cast: Cast
) -> None:
    receive(batch, cast, packed(("好.txt", OTHER.encode())), "好.zip")
    receive(batch, cast, packed(("线索.txt", (LETTER + CLUE).encode())))
    open_to = {
        document.name: [
            sees_file_of_document(one.actor, document.pk) for one in (cast.coordinator, cast.channel_keeper)
        ]
        for document in IntakeDocument.objects.filter(kind="zip")
    }
    assert open_to == {"好.zip": [True, False], "材料.zip": [False, True]}


def test_a_picture_inside_is_said_to_be_unread_and_the_letter_is_kept(batch: Batch, cast: Cast) -> None:
    results = receive(batch, cast, packed(("徽标.png", PICTURE), ("供水.txt", LETTER.encode())))
    assert [result.document is not None for result in results] == [False, True, True]


def test_the_same_archive_twice_is_recognised(batch: Batch, cast: Cast) -> None:
    content = packed(("供水.txt", LETTER.encode()))
    receive(batch, cast, content)
    (again,) = receive(batch, cast, content, "又一份.zip")
    assert isinstance(again.refusal, AlreadyReceived)


def test_an_archive_cut_short_by_a_crash_goes_on_where_it_stopped(batch: Batch, cast: Cast) -> None:
    content = packed(("供水.txt", LETTER.encode()), ("供热.txt", OTHER.encode()))
    receive(batch, cast, LETTER.encode(), "供水.txt")
    results = receive(batch, cast, content)
    assert [result.document is not None for result in results] == [False, True, True]


def test_a_bomb_is_refused_and_leaves_nothing(batch: Batch, cast: Cast) -> None:
    written = BytesIO()
    with ZipFile(written, "w", 8) as archive:
        archive.writestr("a.txt", bytes(50_000_000))
    (result,) = receive(batch, cast, written.getvalue())
    assert result.refusal is not None
    assert result.refusal.data["code"] == "zip_bomb"
    assert nothing_stored()


def test_a_call_that_takes_one_document_says_that_an_archive_holds_more(batch: Batch, cast: Cast) -> None:
    incoming = prepare(BytesIO(packed(("a.txt", LETTER.encode()))), name="a.zip", is_source=True)
    with pytest.raises(Refused, match="一次只收一份"):
        actions.receive_file(batch, file=incoming, actor=cast.coordinator.actor)


@pytest.mark.django_db
def test_a_call_reads_its_file_before_the_transaction_and_only_for_who_may_work(
    batch: Batch, cast: Cast, monkeypatch
) -> None:
    seen = []

    def reading(*args, **kwargs):
        seen.append(is_open())
        return read(*args, **kwargs)

    monkeypatch.setattr("bihuan.intake.actions.read", reading)
    incoming = prepare(BytesIO(LETTER.encode()), name="a.txt", is_source=True)
    with pytest.raises(NotVisible):
        actions.receive_file(batch, file=incoming, actor=cast.outsider.actor)
    document = actions.receive_file(batch, file=incoming, actor=cast.coordinator.actor)
    assert (seen, document.name, document.batch) == ([False], "a.txt", batch)
    with pytest.raises(AlreadyReceived):
        actions.receive_file(batch, file=incoming, actor=cast.coordinator.actor)
    assert seen == [False]


def test_a_call_that_comes_second_is_refused_though_it_had_read_first(
    batch: Batch, cast: Cast, monkeypatch
) -> None:
    """What was asked before reading may have changed by the time of the transaction."""
    incoming = prepare(BytesIO(LETTER.encode()), name="a.txt", is_source=True)

    def reading(*args, **kwargs):
        monkeypatch.undo()
        actions.receive_file(batch, file=incoming, actor=cast.coordinator.actor)
        return read(*args, **kwargs)

    monkeypatch.setattr("bihuan.intake.actions.read", reading)
    with pytest.raises(AlreadyReceived):
        actions.receive_file(batch, file=incoming, actor=cast.coordinator.actor)
    assert IntakeDocument.objects.count() == 1


def test_a_marked_text_is_refused_by_the_name_of_its_file() -> None:
    with pytest.raises(Refused) as refused:
        read("通报.txt", "机密★10年\n关于供水问题的通报".encode())
    assert "通报.txt" in str(refused.value)
    assert "填写的内容" not in str(refused.value)


def test_the_command_reads_what_is_inside_too(tmp_path, capsys) -> None:
    path = tmp_path / "材料.zip"
    path.write_bytes(packed(("供水.txt", LETTER.encode())))
    call_command("intake", str(path), "--json")
    outer, inner = json.loads(capsys.readouterr().out)
    assert (outer["document"]["kind"], inner["document"]["name"]) == ("zip", "供水.txt")
    assert inner["candidates"]
