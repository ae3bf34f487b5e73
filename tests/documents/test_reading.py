from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.documents import BlockKind, read_document
from bihuan.documents.encodings import decode
from bihuan.documents.lines import joined
from tests.documents import making

if TYPE_CHECKING:
    import docx

HAN = st.text(alphabet="整改问题落实不到位，。；：一二三（）“”0123 ab", min_size=1, max_size=60).filter(
    str.strip
)


def texts(content: bytes, name: str = "a") -> list[str]:
    return [block.text for block in read_document(content, name=name).blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_is_read_in_any_usual_encoding(encoding):
    assert texts("一、问题\n整改不到位\n".encode(encoding), "a.txt") == ["一、问题", "整改不到位"]


def test_the_kind_follows_the_content_and_the_name_is_noted_as_wrong():
    document = read_document(making.pdf([[making.SENTENCE]]), name="反馈.docx")
    assert (document.kind, document.notes) == ("pdf", ("misnamed:pdf",))


def test_a_right_name_is_not_noted():
    assert read_document(making.word("x"), name="a.docx").notes == ()


def test_the_digest_is_that_of_the_content():
    content = "整改".encode()
    assert read_document(content, name="a.txt").sha256 == hashlib.sha256(content).hexdigest()


def test_hard_line_breaks_inside_sentences_are_joined():
    lines = [making.SENTENCE * 3][0]
    wrapped = "\n".join(lines[at : at + 20] for at in range(0, len(lines), 20))
    text = wrapped + "\n" + wrapped
    assert making.squeezed("".join(texts(text.encode(), "a.txt"))) == making.squeezed(text)
    assert len(texts(text.encode(), "a.txt")) <= 2


def test_lines_that_are_paragraphs_stay_apart():
    text = "整改不到位。\n" + "长" * 300 + "\n短句\n" * 8
    assert texts(text.encode(), "a.txt")[0] == "整改不到位。"


def test_a_page_mark_inside_a_sentence_does_not_cut_it():
    line = "部分单位没有按照规定的时间完成整改任务造成群众反映强烈"
    page = "\n".join([line] * 8)
    blocks = read_document(f"{page}\n— 4 —\n{page}。".encode(), name="a.txt").blocks
    assert [block.kind for block in blocks] == [BlockKind.PARAGRAPH, BlockKind.PAGE_MARK]


def test_markdown_headings_have_their_level():
    blocks = read_document("# 通报\n\n## 一、问题\n\n不到位。".encode(), name="a.md").blocks
    assert [block.level for block in blocks] == [1, 2, None]


def test_tables_of_markdown_and_tabs_become_rows():
    text = "# 清单\n| 序号 | 问题 |\n|---|---|\n| 1 | 不到位 |\n\n2\t甲\t乙\n3\t丙\t丁\n"
    blocks = read_document(text.encode(), name="a.md").blocks
    assert [block.cells for block in blocks if block.kind is BlockKind.ROW] == [
        ("序号", "问题"),
        (),
        ("1", "不到位"),
        ("2", "甲", "乙"),
        ("3", "丙", "丁"),
    ]
    assert making.squeezed("".join(block.text for block in blocks)) == making.squeezed(text)


def test_labels_that_recur_begin_a_paragraph_however_full_the_line_above_is():
    line = "某小区楼下的烧烤店每天营业到凌晨油烟和噪音严重影响居民休息"
    text = "\n".join(f"编号：{number}\n内容：{line}\n{line}" for number in range(8))
    blocks = read_document(text.encode(), name="a.txt").blocks
    assert [block.text[:2] for block in blocks[:4]] == ["编号", "内容", "编号", "内容"]


def test_pdf_pages_are_counted_and_kept():
    document = read_document(making.pdf([["第一页的问题"], ["第二页的问题"]]), name="a.pdf")
    assert document.pages == 2
    assert [block.page for block in document.blocks] == [1, 2]


def test_a_sentence_goes_on_over_a_pdf_page():
    line = "部分单位没有按照规定的时间完成整改任务造成群众反映强烈"
    document = read_document(making.pdf([[line] * 8 + ["— 1 —"], [line] * 8 + ["— 2 —"]]), name="a.pdf")
    kinds = [block.kind for block in document.blocks]
    assert kinds.count(BlockKind.PARAGRAPH) == 1
    assert kinds.count(BlockKind.PAGE_MARK) == 2


def test_running_heads_of_a_pdf_are_set_apart():
    pages = [["某市整改工作简报", f"这是第{number}个完全不同的问题。"] for number in range(1, 7)]
    document = read_document(making.pdf(pages), name="a.pdf")
    assert [block.kind for block in document.blocks].count(BlockKind.HEADER) == 6


def test_a_pdf_gives_every_character_pdfium_sees():
    content = making.pdf([[making.SENTENCE, "1. 未建立台账"], ["（二）责任不清", "— 2 —"]])
    document = pypdfium2.PdfDocument(content)
    seen = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert sorted(making.squeezed("".join(texts(content)))) == sorted(making.squeezed(seen))


def test_numbers_drawn_by_word_are_counted_again():
    content = making.numbered_word(
        [(0, "学习不够"), (1, "研究不深"), (2, "没有计划"), (2, "没有台账"), (1, "落实不力"), (0, "责任不实")]
    )
    assert texts(content) == [
        "一、学习不够",
        "（一）研究不深",
        "1. 没有计划",
        "2. 没有台账",
        "（二）落实不力",
        "二、责任不实",
    ]


def test_tables_headers_footers_footnotes_and_boxes_are_read():
    def change(document: docx.document.Document) -> None:
        document.sections[0].header.paragraphs[0].text = "页眉文字"
        document.sections[0].footer.paragraphs[0].text = "页脚文字"
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(
            [*table.rows[0].cells, *table.rows[1].cells], ["序号", "问题", "1", "台账缺失"], strict=True
        ):
            cell.text = text
        box = (
            f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
            ' xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent>'
            "<w:p><w:r><w:t>文本框里的问题</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:pict><v:textbox>"
            "<w:txbxContent><w:p><w:r><w:t>文本框里的问题</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r>"
        )
        document.add_paragraph("正文")._p.append(parse_xml(box))

    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>脚注里的说明</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    content = making.with_member(making.word(change=change), "word/footnotes.xml", notes.encode())
    found = {(block.kind, block.text) for block in read_document(content, name="a.docx").blocks}
    assert found == {
        (BlockKind.HEADER, "页眉文字"),
        (BlockKind.ROW, "序号\t问题"),
        (BlockKind.ROW, "1\t台账缺失"),
        (BlockKind.PARAGRAPH, "正文"),
        (BlockKind.TEXT_BOX, "文本框里的问题"),
        (BlockKind.FOOTNOTE, "脚注里的说明"),
        (BlockKind.FOOTER, "页脚文字"),
    }


def test_cells_merged_downwards_fill_the_rows_they_cover():
    def change(document: docx.document.Document) -> None:
        table = document.add_table(rows=3, cols=2)
        table.cell(1, 0).merge(table.cell(2, 0)).text = "1"
        for cell, text in (
            (table.cell(0, 0), "序号"),
            (table.cell(0, 1), "问题"),
            (table.cell(1, 1), "甲"),
            (table.cell(2, 1), "乙"),
        ):
            cell.text = text

    rows = read_document(making.word(change=change), name="a.docx").blocks
    assert [row.cells for row in rows] == [("序号", "问题"), ("1", "甲"), ("1", "乙")]
    assert rows[2].text == "乙"


def test_printed_lines_pasted_into_word_become_paragraphs_again():
    line = "部分单位没有按照规定的时间完成整改任务造成群众反映强烈"
    content = making.word("存在问题", *[line] * 8, "— 4 —", *[line] * 3, "不到位。", "二、要求")
    blocks = read_document(content, name="a.docx").blocks
    assert [block.text for block in blocks if block.kind is BlockKind.PARAGRAPH] == [
        "存在问题",
        line * 11 + "不到位。",
        "二、要求",
    ]
    assert [block.text for block in blocks if block.kind is BlockKind.PAGE_MARK] == ["— 4 —"]


def test_deleted_text_of_tracked_changes_is_not_read_and_inserted_text_is():
    def change(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("问题")._p
        paragraph.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
        paragraph.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>新</w:t></w:r></w:ins>"))

    assert texts(making.word(change=change)) == ["问题新"]


def test_headings_of_word_lead_to_what_stands_below_them():
    def change(document: docx.document.Document) -> None:
        document.add_heading("存在问题", level=1)
        document.add_heading("党建方面", level=2)
        document.add_paragraph("学习不够。")

    last = read_document(making.word(change=change), name="a.docx").blocks[-1]
    assert last.heading_path == ("存在问题", "党建方面")


def test_merged_cells_of_a_sheet_fill_the_rows_they_cover():
    content = making.sheet([["序号", "问题"], ["1", "甲"], [None, "乙"]], merged=["A2:A3"])
    rows = read_document(content, name="a.xlsx").blocks
    assert [row.cells for row in rows] == [("序号", "问题"), ("1", "甲"), ("1", "乙")]
    assert [row.text for row in rows] == ["序号\t问题", "1\t甲", "乙"]


def test_dates_numbers_and_blank_columns_of_a_sheet():
    row = [1, 2.5, dt.datetime(2026, 9, 30), dt.datetime(2026, 9, 30, 8, 30), True, "  文字 ", *[None] * 50]  # noqa: DTZ001
    cells = read_document(making.sheet([row]), name="a.xlsx").blocks[0].cells
    assert cells == ("1", "2.5", "2026-09-30", "2026-09-30 08:30", "是", "文字")


def test_rows_know_their_sheet_and_line():
    block = read_document(making.sheet([[None], [None], ["问题"]]), name="a.xlsx").blocks[0]
    assert (block.place.name, block.place.row, block.heading_path) == ("台账", 3, ("台账",))


def test_open_document_sheets_are_read():
    document = read_document(making.open_document_sheet([["序号", "问题"], ["1", "不到位"]]), name="a.ods")
    assert (document.kind, [block.cells for block in document.blocks]) == (
        "ods",
        [("序号", "问题"), ("1", "不到位")],
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_delimiter_and_encoding(delimiter, encoding):
    text = delimiter.join(["序号", "问题"]) + "\n" + delimiter.join(["1", '"不到位，\n有差距"']) + "\n"
    rows = read_document(text.encode(encoding), name="a.csv").blocks
    assert [row.cells for row in rows] == [("序号", "问题"), ("1", "不到位，\n有差距")]


@given(st.lists(HAN, min_size=1, max_size=12))
def test_plain_text_loses_no_character(lines):
    text = "\n".join(lines)
    found = making.squeezed("".join(texts(text.encode(), "a.txt")))
    assert sorted(found) == sorted(making.squeezed(text))


@settings(max_examples=25, deadline=None)
@given(st.lists(HAN, min_size=1, max_size=8))
def test_word_loses_no_character(lines):
    assert making.squeezed("".join(texts(making.word(*lines)))) == making.squeezed("".join(lines))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(HAN, min_size=1, max_size=4), min_size=1, max_size=5))
def test_sheets_lose_no_character(rows):
    written = making.squeezed("".join("".join(row) for row in rows))
    assert making.squeezed("".join(texts(making.sheet(rows)))) == written


@given(
    st.text(alphabet=st.characters(codec="gb18030", exclude_categories=("Cs", "Cc", "Cn", "Co"))).filter(
        str.strip
    )
)
def test_utf_8_always_comes_back(text):
    assert decode(text.encode(), "a.txt") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separated_values_are_read_in_any_usual_encoding(encoding, separator):
    rows = ["序号", "问题"], ["１２", "臺賬缺失"]
    content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    assert [block.cells for block in read_document(content, name="a.csv").blocks] == [
        tuple(row) for row in rows
    ]


def test_full_width_digits_and_traditional_characters_stay_as_written():
    text = "２０２６年９月，未建立臺賬。"
    assert texts(text.encode(), "a.txt") == [text]
    assert texts(making.word(text)) == [text]


def test_a_number_broken_between_two_lines_of_chinese_text_is_one_number():
    assert joined("应收租金41", "2.7万元未收") == "应收租金412.7万元未收"
    assert joined("a list of", "words") == "a list of words"
