"""Bad files at every door: the refusal names the file, the place and what would be accepted; nothing is half-saved.

Three doors: documents of a batch, a running ledger as a spreadsheet, files handed in as proof. What each format's
reader does with them is tested in tests/documents; here it is what people are told, and what is left behind.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from PIL import Image

from bihuan.documents.limits import Limits
from bihuan.files.models import Blob, FileReference
from bihuan.files.taking_in import prepare
from bihuan.intake.actions import Handed, receive_documents
from bihuan.intake.models import Candidate, IntakeDocument, Passage
from bihuan.journal.errors import Refused
from bihuan.journal.models import JournalEvent
from bihuan.ledger.models import Finding, Problem
from tests.documents import making
from tests.intake.sheets import HEADER, look, rows, take, workbook

if TYPE_CHECKING:
    from pathlib import Path

    from bihuan.ledger.models import Batch
    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db
KEPT = (IntakeDocument, Passage, Candidate, Finding, Problem, FileReference, Blob, JournalEvent)
SENTENCE = making.SENTENCE


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(target, "PNG")
    return target.getvalue()


def bomb(original: bytes, member: str) -> bytes:
    return making.with_member(original, member, b"\0" * 20_000_000)


WORD, SHEET = making.word(SENTENCE), workbook(rows(2))
BAD = {
    # name of the case: (file's name, content, words that say what, where it is, words that say what would do)
    "no bytes": ("空.docx", b"", "空", "", "重新导出"),
    "no words": ("空白.docx", making.word(), "没有任何文字", "", "重新导出"),
    "password, pdf": ("加密.pdf", making.pdf([[SENTENCE]], password="1"), "密码", "", "密码"),
    "password, office": ("加密.docx", making.compound("EncryptedPackage"), "密码", "", "密码"),
    "half a pdf": ("半份.pdf", making.pdf([[SENTENCE]])[:600], "不完整", "", "重新"),
    "half a word file": ("半份.docx", WORD[: len(WORD) // 2], "不完整", "", "重新"),
    "half a workbook": ("半份.xlsx", SHEET[: len(SHEET) // 2], "不完整", "", "重新"),
    "broken inside": (
        "坏.docx", making.with_member(WORD, "word/document.xml", b"<w:document"), "损坏", "word/document.xml", "",
    ),
    "macros": ("宏.docx", making.with_member(WORD, "word/vbaProject.bin", b"x"), "宏", "", "不含宏"),
    "macros, sheet": ("宏.xlsx", making.with_member(SHEET, "xl/vbaProject.bin", b"x"), "宏", "", "不含宏"),
    "bomb, word": ("炸弹.docx", bomb(WORD, "word/media/big.bin"), "压缩炸弹", "word/media/big.bin", "另存"),
    "bomb, sheet": ("炸弹.xlsx", bomb(SHEET, "xl/media/big.bin"), "压缩炸弹", "xl/media/big.bin", "另存"),
    "picture as pdf": ("扫描件.pdf", picture(), "图片", "", ".docx"),
    "old word": ("旧.doc", making.compound("WordDocument"), "", "", ".docx"),
    "no document": ("数据.bin", bytes(range(256)) * 40, "暂不能读取", "", "可以接收"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def left_behind(folder: Path) -> tuple[object, ...]:
    """Everything a half-finished taking-in could leave: rows, events, contents."""
    contents = sorted(str(path) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    return (*[model.objects.count() for model in KEPT], contents)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_document_is_refused_in_words_and_leaves_nothing(
    batch: Batch, cast: Cast, folder: Path, case: str
) -> None:
    name, content, wrong, place, right = BAD[case]
    before = left_behind(folder)
    with pytest.raises(Refused) as refused:
        receive_documents([Handed(name, content)], batch, actor=cast.coordinator.actor)
    said = str(refused.value)
    assert all(words in said for words in (name, wrong, place, right)), said
    assert left_behind(folder) == before


def test_good_files_beside_bad_ones_are_taken_whole_and_the_bad_ones_named(
    batch: Batch, cast: Cast, folder: Path
) -> None:
    handed = [Handed(name, content) for name, content, *_ in BAD.values()]
    with pytest.raises(Refused) as refused:
        receive_documents([Handed("好.docx", WORD), *handed], batch, actor=cast.coordinator.actor)
    assert refused.value.data["received"] == ["好.docx"]
    assert sorted(refused.value.data["refused"]) == sorted(file.name for file in handed)
    assert IntakeDocument.objects.get().name == "好.docx"


MISNAMED = {
    "反馈.pdf": (WORD, "docx"),
    "反馈.docx": (making.pdf([[SENTENCE]]), "pdf"),
    "台账.txt": (SHEET, "xlsx"),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_a_wrong_ending_is_refused_with_the_right_one(
    batch: Batch, cast: Cast, folder: Path, name: str
) -> None:
    content, real = MISNAMED[name]
    before = left_behind(folder)
    with pytest.raises(Refused) as refused:
        receive_documents([Handed(name, content)], batch, actor=cast.coordinator.actor)
    assert name in str(refused.value)
    assert f".{real}" in str(refused.value)
    assert left_behind(folder) == before


def test_three_hundred_pages_are_taken_in_and_none_is_lost(batch: Batch, cast: Cast) -> None:
    pages = [[f"第{number}处堤防巡查记录缺失，隐患未及时处置。"] for number in range(1, 301)]
    (document,) = receive_documents(
        [Handed("三百页.pdf", making.pdf(pages))], batch, actor=cast.coordinator.actor
    )
    text = "".join(document.passages.values_list("text", flat=True))
    assert document.pages == 300
    assert all(f"第{number}处堤防" in text for number in range(1, 301))


def test_more_pages_than_the_limit_are_refused_with_it(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    from bihuan.intake.reading import read

    with pytest.raises(Refused) as refused:
        read("长.pdf", making.pdf([[SENTENCE]] * 12), limits=Limits(pages=10))
    assert "长.pdf" in str(refused.value)
    assert "12" in str(refused.value)
    assert "10" in str(refused.value)


PROOFS = {name: case for name, case in BAD.items() if name not in {"no words", "old word"}}


@pytest.mark.parametrize("case", PROOFS)
def test_a_bad_proof_is_refused_in_words_and_leaves_nothing(db: None, folder: Path, case: str) -> None:
    name, content, *_ = BAD[case]
    upload = io.BytesIO(content)
    upload.name = name
    with pytest.raises(Refused) as refused:
        prepare(upload)
    assert name in refused.value.message
    assert refused.value.accepted
    if case.startswith("bomb"):
        assert BAD[case][3] in refused.value.message
    assert left_behind(folder)[-1] == []


# ---- a running ledger ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", BAD)
def test_a_bad_ledger_file_is_refused_in_words_and_leaves_nothing(
    batch: Batch, folder: Path, case: str, cast: Cast
) -> None:
    name, content, *_ = BAD[case]
    before = left_behind(folder)
    with pytest.raises(Refused) as refused:
        look(batch, content, cast, name)
    assert name in refused.value.message
    assert refused.value.accepted
    assert left_behind(folder) == before


def odd_ledger() -> bytes:
    """All a spreadsheet people pass around may hold: merged cells, formulas, blank columns, dates as text, doubles."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet("台账")
        page.merge_range(0, 0, 0, 7, "问题整改台账")
        page.write_row(1, 0, [*HEADER, *[""] * 50])
        page.merge_range(2, 2, 3, 2, "市水务局")
        for line, (number, deadline, state) in enumerate(
            [(1, "2026年10月31日", "整改中"), (2, "2026.11.30", "整改中"), (3, "10月底前", "整改中")], start=2
        ):
            page.write(line, 0, number)
            page.write(line, 1, f"第{number}处供水管网漏损率超过控制指标。")
            if line > 3:
                page.write(line, 2, "市水务局")
            page.write(line, 3, deadline)
            page.write(line, 4, state)
            page.write(line, 6, "2026/1/15")
        page.write_formula(2, 7, "=10+2.5", None, 12.5)
        page.write_row(5, 0, [2, "号码重复的一处。", "市水务局", "2026-10-31", "整改中", "", "2026-01-15"])
        page.write_row(6, 0, [5, "单位没有查到的一处。", "", "2026-10-31", "整改中", "", "2026-01-15"])
        page.write_formula(6, 2, "=VLOOKUP(A7,单位!A:B,2)", None, "#N/A")
        page.write_row(7, 0, [6, "期限写错的一处。", "市水务局", "等通知", "整改中", "", "2026-01-15"])
    return target.getvalue()


def test_what_is_odd_but_clear_is_read_and_what_is_wrong_is_named_by_its_cell(
    batch: Batch, cast: Cast
) -> None:
    plan = look(batch, odd_ledger(), cast, "传来的台账.xlsx")
    assert [(row.source_no, str(row.deadline)) for row in plan.rows] == [
        ("1", "2026-10-31"), ("2", "2026-11-30"), ("3", "2026-10-31"),
    ]  # fmt: skip
    assert len({row.lead_unit for row in plan.rows}) == 1
    assert Decimal(plan.rows[0].more["amount"]) == 125000
    said = {cell.place: cell.words for cell in plan.bad}
    assert "与第 4 行重复" in said["台账!A6"]
    assert "#N/A" in said["台账!C7"]
    assert "2026" in said["台账!D8"]
    assert plan.bad_rows == 3


def test_the_good_rows_enter_by_choice_and_nothing_of_the_bad_ones(batch: Batch, cast: Cast) -> None:
    look(batch, odd_ledger(), cast, "传来的台账.xlsx")
    assert Problem.objects.count() == 0
    take(batch, odd_ledger(), cast, "传来的台账.xlsx")
    assert sorted(Problem.objects.values_list("imported_from", flat=True)) == [
        f"传来的台账.xlsx:台账!{line}" for line in (3, 4, 5)
    ]
    assert not Finding.objects.filter(text__contains="期限写错").exists()
