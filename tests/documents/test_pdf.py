"""PDF: reading order, columns, tables across pages, turned pages, broken places; and nothing dropped."""

from __future__ import annotations

import io
import random
import re
from collections import Counter

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from bihuan.documents import BlockKind, Limits, errors, read_document
from bihuan.documents.pdf_page import rules_on
from tests.documents import making

SIZE = 12
LEFT = [
    "部分单位没有按照规定的时间完成整改",
    "任务，造成群众反映强烈，巡察整改流",
    "于形式，台账不清，责任不明。",
]
RIGHT = [
    "第二栏另有内容，县局对此一直没有重",
    "视，直至被媒体曝光以后才着手处理，",
    "影响十分恶劣，教训深刻，务必警醒。",
]


def drawn(*pages) -> bytes:
    """Each page is a function that draws on a canvas."""
    pdfmetrics.registerFont(UnicodeCIDFont(making.FONT))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for page in pages:
        canvas.setFont(making.FONT, SIZE)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def blocks(content: bytes):
    return read_document(content, name="a.pdf").blocks


def texts(content: bytes) -> list[str]:
    return [block.text for block in blocks(content)]


def seen_by_pdfium(content: bytes) -> Counter[str]:
    """Every character pdfium gives of every page, read without us."""
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return Counter(making.squeezed(re.sub("[\ufffe\uffff\x02\x00]", "", text)))


def read(content: bytes) -> Counter[str]:
    return Counter(making.squeezed("".join(texts(content))))


# ---- order ----


@pytest.mark.parametrize("seed", range(4))
def test_lines_are_read_by_their_places_whatever_their_order_in_the_file(seed):
    lines = [f"第{number}行，这里另有一个问题。" for number in range(1, 9)]
    order = list(enumerate(lines))
    random.Random(seed).shuffle(order)

    def page(canvas):
        for number, line in order:
            canvas.drawString(70, 780 - 24 * number, line)

    assert "".join(texts(drawn(page))) == "".join(lines)


def two_columns(*, line_between: bool = False) -> bytes:
    def page(canvas):
        canvas.drawString(70, 800, "关于整改情况的通报")
        for number, (left, right) in enumerate(zip(LEFT * 3, RIGHT * 3, strict=True)):
            canvas.drawString(60, 760 - 20 * number, left)
            canvas.drawString(310, 760 - 20 * number, right)
        if line_between:
            canvas.line(300, 800, 300, 500)

    return drawn(page)


def test_two_columns_drawn_line_by_line_are_read_column_by_column():
    assert "".join(texts(two_columns())) == "".join(["关于整改情况的通报", *LEFT * 3, *RIGHT * 3])


def test_with_a_line_between_them_they_are_read_across():
    assert f"{LEFT[0]} {RIGHT[0]}" in texts(two_columns(line_between=True))[1]


def test_a_paragraph_that_is_set_in_begins_anew_though_the_line_above_is_full():
    full = "部分单位没有按照规定的时间完成整改任务造成群众反映强烈影响"

    def page(canvas):
        for number, (x, line) in enumerate([(94, full[:-2]), (70, full), (94, full[:-2]), (70, full)] * 2):
            canvas.drawString(x, 780 - 24 * number, line)

    assert texts(drawn(page)) == [full[:-2] + full] * 4


def test_what_hangs_below_an_items_number_goes_on_with_it():
    full = "部分单位没有按照规定的时间完成整改任务造成群众反映强烈影响"

    def page(canvas):
        for number in range(5):
            canvas.drawString(70, 780 - 48 * number, f"{number + 1}. {full}")
            canvas.drawString(94, 756 - 48 * number, full)

    assert texts(drawn(page)) == [f"{number}. {full}{full}" for number in range(1, 6)]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_page_on_its_side_is_read_along_its_text(angle):
    lines = ["第一行的问题", "第二行的问题", "第三行的问题"]

    def page(canvas):
        canvas.translate(300, 400)
        canvas.rotate(angle)
        for number, line in enumerate(lines):
            canvas.drawString(0, -24 * number, line)

    assert texts(drawn(page)) == lines


def test_a_page_that_is_turned_for_showing_is_read_the_same():
    document = pypdfium2.PdfDocument(making.pdf([["第一行的问题", "第二行的问题"]]))
    document[0].set_rotation(90)
    target = io.BytesIO()
    document.save(target)
    assert texts(target.getvalue()) == ["第一行的问题", "第二行的问题"]


def test_words_and_numbers_of_latin_script_keep_their_spaces():
    assert texts(making.pdf([["GB 50016-2014 第3条 of the Code"]])) == ["GB 50016-2014 第3条 of the Code"]


def test_paragraphs_keep_together_on_pages_of_wide_lines_and_narrow_columns():
    wide = "部分单位没有按照规定的时间完成整改任务造成群众反映强烈影响十分恶劣"

    def page(canvas):
        for number in range(4):
            canvas.drawString(
                84 if number % 2 == 0 else 60, 800 - 20 * number, wide if number % 2 == 0 else "教训深刻。"
            )
        for number, (left, right) in enumerate(zip(LEFT * 2, RIGHT * 2, strict=True)):
            canvas.drawString(
                84 if number in (0, 3) else 60, 700 - 20 * number, left[: -2 if number in (0, 3) else None]
            )
            canvas.drawString(310, 700 - 20 * number, right)

    found = texts(drawn(page))
    assert found[:2] == [f"{wide}教训深刻。"] * 2
    assert found[2] == LEFT[0][:-2] + LEFT[1] + LEFT[2]


# ---- tables ----


def table(
    rows: list[list[str]],
    spans: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...] = (),
    head: int = 0,
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(making.FONT))
    style = ParagraphStyle("cell", fontName=making.FONT, fontSize=SIZE, leading=16, wordWrap="CJK")
    cells = [[Paragraph(cell, style) for cell in row] for row in rows]
    target = io.BytesIO()
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), *spans]
    made = Table(cells, colWidths=[50, 250, 120], style=grid, repeatRows=head, splitInRow=1)
    SimpleDocTemplate(target, pagesize=A4).build(
        [Paragraph("整改问题清单", style), made, Paragraph("注：表完", style)]
    )
    return target.getvalue()


HEAD = ["序号", "问题", "责任单位"]


def test_a_table_is_read_by_its_lines():
    long = "部分单位没有按照规定的时间完成整改任务造成群众反映强烈，影响十分恶劣。"
    content = table([HEAD, ["1", long, "县水务局"], ["2", "台账缺失", "县应急局"]])
    found = [(block.kind, block.text, block.cells) for block in blocks(content)]
    assert found == [
        (BlockKind.PARAGRAPH, "整改问题清单", ()),
        (BlockKind.ROW, "序号\t问题\t责任单位", tuple(HEAD)),
        (BlockKind.ROW, f"1\t{long}\t县水务局", ("1", long, "县水务局")),
        (BlockKind.ROW, "2\t台账缺失\t县应急局", ("2", "台账缺失", "县应急局")),
        (BlockKind.PARAGRAPH, "注：表完", ()),
    ]


def test_merged_cells_fill_what_they_cover():
    spans = (("SPAN", (2, 1), (2, 2)), ("SPAN", (0, 3), (1, 3)))
    rows = blocks(table([HEAD, ["1", "甲", "县水务局"], ["2", "乙", ""], ["小计", "", "两个"]], spans))
    assert [row.cells for row in rows if row.kind is BlockKind.ROW] == [
        tuple(HEAD),
        ("1", "甲", "县水务局"),
        ("2", "乙", "县水务局"),
        ("小计", "小计", "两个"),
    ]


def test_a_table_across_pages_is_one_table_and_its_repeated_head_is_marked():
    rows = [HEAD, *([str(number), f"第{number}个问题", "县水务局"] for number in range(1, 81))]
    document = read_document(table(rows, head=1), name="a.pdf")
    assert document.pages > 1
    found = [block for block in document.blocks if block.kind is BlockKind.ROW]
    assert [block.cells for block in found] == [tuple(row) for row in rows]
    assert {block.place.number for block in found} == {1}
    assert [block.place.row for block in found] == list(range(1, 82))
    heads = [block.text for block in document.blocks if block.kind is BlockKind.HEADER]
    assert heads == ["序号\t问题\t责任单位"] * (document.pages - 1)


def test_a_row_that_goes_on_on_the_next_page_is_one_row():
    long = "".join(f"第{number}处隐患没有整改；" for number in range(200))
    rows = blocks(table([HEAD, ["1", long, "县水务局"], ["2", "甲", "乙"]]))
    assert [row.cells for row in rows if row.kind is BlockKind.ROW] == [
        tuple(HEAD),
        ("1", long, "县水务局"),
        ("2", "甲", "乙"),
    ]


def test_a_frame_around_a_page_is_no_table():
    def page(canvas):
        canvas.rect(40, 40, 500, 750)
        canvas.drawString(70, 700, "部分单位台账缺失。")

    assert [block.kind for block in blocks(drawn(page))] == [BlockKind.PARAGRAPH]


def test_a_table_inside_a_frame_is_the_table_and_the_rest_is_text():
    def page(canvas):
        canvas.rect(40, 40, 500, 750)
        canvas.drawString(70, 700, "部分单位台账缺失。")
        canvas.grid([100, 150, 300, 400], [500, 530, 560])
        for number, text in enumerate(["1", "巡检不到位", "县水务局", "序号", "问题", "单位"]):
            canvas.drawString((110, 160, 310)[number % 3], (510, 540)[number // 3], text)
        canvas.drawString(70, 400, "请按期整改。")

    found = blocks(drawn(page))
    assert [block.text for block in found] == [
        "部分单位台账缺失。",
        "序号\t问题\t单位",
        "1\t巡检不到位\t县水务局",
        "请按期整改。",
    ]


def test_a_map_of_many_lines_is_no_table():
    def page(canvas):
        canvas.drawString(70, 700, "示意图")
        path = canvas.beginPath()
        for number in range(21_000):
            path.moveTo(number % 500, 0)
            path.lineTo(number % 500, 500)
        canvas.drawPath(path)

    content = drawn(page)
    assert rules_on(pypdfium2.PdfDocument(content)[0], "right") == []
    assert texts(content) == ["示意图"]


# ---- damage and size ----


def test_a_broken_table_of_places_is_mended():
    content = making.pdf([["第一页的问题"], ["第二页的问题"]])
    broken = re.sub(rb"startxref\n\d+", b"startxref\n99999", content)
    broken = re.sub(rb"\d{10} 00000 n", b"0000000007 00000 n", broken)
    assert broken != content
    assert texts(broken) == ["第一页的问题", "第二页的问题"]


def test_more_pages_than_the_limit_are_refused_before_any_is_read(monkeypatch):
    monkeypatch.setattr("bihuan.documents.pdf_reading._read_page", lambda *_: pytest.fail("a page was read"))
    with pytest.raises(errors.TooLarge) as refused:
        read_document(making.pdf([["x"]] * 12), name="a.pdf", limits=Limits(pages=10))
    assert refused.value.data == {"what": "pages", "found": 12, "limit": 10}


# ---- nothing dropped ----

WORDS = st.text(alphabet="整改问题落实不到位，。；：一二三（）0123ab", min_size=1, max_size=20)
PLACED = st.tuples(
    WORDS,
    st.integers(20, 500),
    st.integers(40, 800),
    st.sampled_from([0, 0, 0, 90, 180, 270, 30]),
    st.integers(6, 30),
)
LINES = st.tuples(st.integers(20, 550), st.integers(20, 800), st.booleans(), st.integers(10, 500))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(PLACED, min_size=1, max_size=15), st.lists(LINES, max_size=12)),
        min_size=1,
        max_size=3,
    )
)
def test_every_character_pdfium_sees_is_read_once(pages):
    def drawing(items, lines):
        def page(canvas):
            for text, x, y, angle, size in items:
                canvas.saveState()
                canvas.translate(x, y)
                canvas.rotate(angle)
                canvas.setFont(making.FONT, size)
                canvas.drawString(0, 0, text)
                canvas.restoreState()
            for x, y, upright, length in lines:
                canvas.line(x, y, x + (0 if upright else length), y + (length if upright else 0))

        return page

    content = drawn(*(drawing(items, lines) for items, lines in pages))
    assert read(content) == seen_by_pdfium(content)
