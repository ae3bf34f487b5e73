"""Scans and photographs: pages made here are recognised however they lie; hostile pictures are refused, each clearly."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from bihuan.documents import BlockKind, Limits, errors, read_document
from bihuan.documents.installed import is_installed
from bihuan.documents.recognising import recognise
from bihuan.documents.sandbox import read_in_sandbox
from bihuan.documents.scan_pictures import page_pictures
from bihuan.documents.scanned import DOUBTFUL_BELOW, page_from_plain, page_to_plain, widened
from bihuan.documents.scanning import scan_in_sandbox
from tests.documents import making
from tests.documents.scan_making import (
    LINES,
    has_font,
    plain,
    ruled,
    saved,
    scanned_pdf,
    stamped,
    turned,
    worn,
    written,
)

needs_recognition = pytest.mark.skipif(
    not (is_installed() and has_font()), reason="needs the extra ocr and a Chinese font"
)


def read(page, *more) -> list:
    """The blocks of a picture file with these pages, recognised in this process."""
    pages = {number: recognise(one, number) for number, one in enumerate((page, *more), start=1)}
    return list(read_document(saved(page, "TIFF", *more), name="a.tif", scanned=pages).blocks)


@needs_recognition
@pytest.mark.parametrize(("degrees", "turn"), [(3, 0), (90, 90), (178, 180)])
def test_a_page_is_read_however_it_lies(degrees, turn):
    page = turned(worn(written(LINES)), degrees)
    found = recognise(page, 1)
    assert found.turn == turn
    blocks = read_document(saved(page), name="a.jpg", scanned={1: found}).blocks
    assert plain("".join(block.text for block in blocks)) == plain("".join(LINES))
    assert [block.text[:3] for block in blocks] == ["一、存", "（一）", "（二）"]


@needs_recognition
def test_the_lines_drawn_on_a_scan_make_its_tables():
    rows = [
        ["序号", "问题", "责任单位"],
        ["1", "管网建设\n严重滞后", "县水利局"],
        ["2", "台账不清", "青石镇"],
    ]
    found = [block for block in read(turned(worn(ruled(rows)), 1)) if block.kind is BlockKind.ROW]
    assert [block.cells for block in found] == [tuple(cell.replace("\n", "") for cell in row) for row in rows]


@needs_recognition
@pytest.mark.parametrize("degrees", [0, 90])
def test_a_digit_alone_in_its_cell_is_not_passed_over(degrees):
    rows = [["序号", "问题"], ["1", "管网建设\n严重滞后"], ["2", "台账不清"]]
    found = read(turned(worn(ruled(rows, dpi=100)), degrees))
    assert [block.cells[0] for block in found if block.kind is BlockKind.ROW] == ["序号", "1", "2"]


@needs_recognition
def test_a_seal_adds_no_letters():
    page = stamped(written(LINES), across=0.55, down=0.5)
    assert plain("".join(block.text for block in read(worn(page)))) == plain("".join(LINES))


@needs_recognition
def test_two_columns_are_read_one_after_the_other():
    left = [
        "部分单位没有按照规定的时间完成",
        "整改任务，群众反映强烈，监管流",
        "于形式，台账不清，责任不明，长",
        "期没有人过问。",
    ]
    right = [
        "第二栏另有内容，县局对此一直没",
        "有重视，直至被媒体曝光以后才着",
        "手处理，影响十分恶劣，教训深刻",
        "，务必警醒。",
    ]
    page = written(right, points=12, left=320, page=written(left, points=12, left=70))
    assert plain("".join(block.text for block in read(page))) == plain("".join(left + right))


@needs_recognition
def test_letters_hard_to_make_out_are_doubted_and_have_their_places():
    page = worn(
        written(["整改责任不到位，资金闲置两年", "隐患排查走过场，台账不清不楚"], dpi=60), noise=45, blur=1.1
    )
    found = recognise(page, 1)
    doubted = [
        line.box(at)
        for line in found.lines
        for at, letter in enumerate(line.letters)
        if letter.certain < DOUBTFUL_BELOW
    ]
    assert doubted
    assert all(
        0 <= left < right <= found.width and 0 <= top < bottom <= found.height
        for left, top, right, bottom in doubted
    )


@needs_recognition
def test_what_is_recognised_survives_being_written_down():
    found = recognise(turned(written(LINES[:2]), 2), 4)
    assert page_from_plain(page_to_plain(found)) == found


@needs_recognition
def test_an_empty_sheet_is_silent_and_a_picture_without_words_is_not():
    photograph = Image.radial_gradient("L").resize((600, 800)).convert("RGB")
    sheet = worn(Image.new("RGB", (600, 800), (246, 244, 240)), noise=4)
    blocks = read(written(LINES[:2]), sheet, photograph)
    assert [block.text for block in blocks if block.kind is BlockKind.UNREAD] == [
        "〔第 3 页是图片，没有识别出文字〕"
    ]


@needs_recognition
def test_a_picture_page_amid_pages_of_text_is_read_in_a_process_of_its_own():
    content = _joined(making.pdf([[making.SENTENCE]]), scanned_pdf(worn(written(LINES))))
    unread = [
        block.page for block in read_document(content, name="a.pdf").blocks if block.kind is BlockKind.UNREAD
    ]
    pages = {page.number: page for page in scan_in_sandbox(content, unread, name="a.pdf")}
    document = read_in_sandbox(content, name="a.pdf", scanned=pages)
    assert plain(document.text) == plain(making.SENTENCE + "".join(LINES))
    assert {block.page for block in document.blocks} == {1, 2}


def test_a_scan_is_refused_where_nothing_was_recognised_on_it():
    picture = Image.new("RGB", (200, 200))
    with pytest.raises(errors.ImageOnly) as refused:
        read_document(saved(picture, "TIFF", picture), name="a.tif")
    assert refused.value.data["pages"] == 2


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.png", saved(Image.new("1", (20_000, 20_000)), "PNG"), errors.TooLarge),
        ("a.png", saved(Image.new("1", (9_600, 11_000)), "PNG"), errors.TooLarge),
        ("a.png", saved(Image.new("1", (1, 1)), "PNG"), errors.Illegible),
        ("a.jpg", b"", errors.EmptyDocument),
        ("a.jpg", b"\xff\xd8\xff\xe0", errors.Damaged),
        ("扫描件.pdf", saved(Image.new("RGB", (200, 200))), errors.PretendedImage),
        ("a.gif", saved(Image.new("RGB", (200, 200)), "GIF"), errors.PretendedImage),
    ],
    ids=["bomb", "too many pixels", "one pixel", "no bytes", "only a head", "named pdf", "a moving picture"],
)
def test_hostile_pictures_are_refused_before_they_are_unpacked(name, content, error):
    with pytest.raises(error):
        read_document(content, name=name)


def test_a_photograph_that_breaks_off_is_named_as_such():
    whole = saved(Image.effect_noise((400, 400), 80).convert("RGB"))
    with pytest.raises(errors.Truncated):
        list(page_pictures(whole[: len(whole) // 2], "jpeg", [1], "a.jpg", Limits()))


def test_a_photograph_is_laid_as_the_camera_was_held():
    picture = Image.new("RGB", (300, 200))
    held = picture.getexif()
    held[0x0112] = 6
    written_to = io.BytesIO()
    picture.save(written_to, "JPEG", exif=held)
    (upright,) = page_pictures(written_to.getvalue(), "jpeg", [1], "a.jpg", Limits())
    assert upright.size == (200, 300)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("(一）问题,不清", "（一）问题，不清"),
        ("共3,420万元", "共3,420万元"),
        ("f(x), g(x)", "f(x), g(x)"),
        ("时间:下午", "时间：下午"),
    ],
)
def test_marks_beside_chinese_are_as_wide_as_they_are_printed_there(read, meant):
    assert widened(read) == meant


def _joined(*files: bytes) -> bytes:
    whole = pypdfium2.PdfDocument.new()
    for file in files:
        whole.import_pages(pypdfium2.PdfDocument(file))
    target = io.BytesIO()
    whole.save(target)
    return target.getvalue()
