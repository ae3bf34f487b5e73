"""Nothing of a Word document is dropped: what is read, compared with an independent reading of all its `w:t`."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from html import unescape

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.documents import BlockKind, read_document
from tests.documents import making

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml"'
W = nsdecls("w")
WORDS = st.text(alphabet="整改问题落实不到位，。；：一二三（）“”0123 ab&<>", min_size=1, max_size=30).filter(
    str.strip
)


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def paragraph(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def table(*rows: list[str]) -> str:
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def box(inside: str) -> str:
    """A text box as Word writes it: once for itself and once for old programs."""
    return (
        f"<w:r><mc:AlternateContent {MC}><mc:Choice Requires='wps'><w:txbxContent>{inside}</w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox {V}><w:txbxContent>{inside}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def document_of(*elements: str, **parts: str) -> bytes:
    """A Word document whose body holds these elements; `parts` are further parts by name (footnotes, header3…)."""

    def change(document: docx.document.Document) -> None:
        body = document.element.body
        for element in elements:
            body.insert(len(body) - 1, parse_xml(element.replace(">", f" {W}>", 1)))

    content = making.word(change=change)
    for name, inside in parts.items():
        root = {"foot": "footnotes", "endn": "endnotes", "head": "hdr", "comm": "comments"}.get(
            name[:4], "ftr"
        )
        root = "ftr" if name.startswith("footer") else root
        content = making.with_member(
            content, f"word/{name}.xml", f"<w:{root} {W}>{inside}</w:{root}>".encode()
        )
    return content


COPY_FOR_OLD_PROGRAMS = re.compile(
    r"<mc:Fallback>(?:(?!<mc:Fallback>).)*?</mc:Fallback>", re.DOTALL
)  # the innermost ones


def without_copies(xml: str) -> str:
    """A box inside a box has a copy inside each copy of the outer one."""
    while (fewer := COPY_FOR_OLD_PROGRAMS.sub("", xml)) != xml:
        xml = fewer
    return xml


def independent(content: bytes) -> Counter[str]:
    """Every character of every `w:t`, found by pattern, without copies for old programs and what was moved away."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if not re.fullmatch(
                r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml", name
            ):
                continue
            xml = package.read(name).decode()
            xml = re.sub(r"<w:moveFrom\b.*?</w:moveFrom>", "", without_copies(xml), flags=re.DOTALL)
            for text in re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml):
                found.update(making.squeezed(unescape(text)))
    return found


def read(content: bytes) -> Counter[str]:
    return Counter(
        making.squeezed("".join(block.text for block in read_document(content, name="a.docx").blocks))
    )


ELEMENTS = st.recursive(
    WORDS.map(paragraph),
    lambda inner: st.one_of(
        st.lists(st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3).map(
            lambda rows: table(*rows)
        ),
        inner.map(lambda inside: f"<w:p>{run('框')}{box(inside)}</w:p>"),
        inner.map(lambda inside: f"<w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt>"),
        WORDS.map(lambda text: f"<w:p><w:ins>{run(text)}</w:ins></w:p>"),
        WORDS.map(lambda text: f"<w:p><w:hyperlink><w:smartTag>{run(text)}</w:smartTag></w:hyperlink></w:p>"),
        WORDS.map(
            lambda text: f"<w:p><w:moveFrom>{run(text)}</w:moveFrom><w:moveTo>{run(text)}</w:moveTo></w:p>"
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(ELEMENTS, min_size=1, max_size=4),
    st.lists(WORDS, min_size=2, max_size=2),
    st.lists(WORDS, min_size=1, max_size=2),
)
def test_every_word_of_a_document_is_read_once(elements, margins, notes):
    content = document_of(
        *elements,
        header7=paragraph(margins[0]),
        header8=paragraph(margins[0]),
        footer9=paragraph(margins[1]),
        footnotes="".join(f"<w:footnote>{paragraph(note)}</w:footnote>" for note in notes),
        endnotes="".join(f"<w:endnote>{paragraph(note)}</w:endnote>" for note in notes),
    )
    assert read(content) == independent(content)


def test_a_box_inside_a_box_is_read_once():
    inner = f"<w:p>{run('框')}{box(paragraph('里'))}</w:p>"
    content = document_of(f"<w:p>{box(table([inner, paragraph('里')]))}</w:p>")
    assert read(content) == independent(content) == Counter("框里里")


def test_the_independent_reading_sees_what_a_reader_would_lose():
    content = document_of(paragraph("整改"), table([paragraph("台账")]))
    assert independent(content) == Counter("整改台账")


def texts(content: bytes) -> list[str]:
    return [block.text for block in read_document(content, name="a.docx").blocks]


def test_a_table_wrapped_inside_a_cell_is_read():
    inner = f"<w:sdt><w:sdtContent>{table([paragraph('内层')])}</w:sdtContent></w:sdt>"
    assert texts(document_of(table([paragraph("外层") + inner]))) == ["外层", "内层"]


def test_a_table_inside_a_text_box_keeps_its_rows():
    inside = table([paragraph("序号"), paragraph("问题")])
    blocks = read_document(document_of(f"<w:p>{box(inside)}</w:p>"), name="a.docx").blocks
    assert [(block.kind, block.cells) for block in blocks] == [(BlockKind.ROW, ("序号", "问题"))]


def listed(text: str, *, gone: bool = False, depth: int = 0, list_id: int = 77) -> str:
    mark = "<w:rPr><w:del/></w:rPr>" if gone else ""
    inside = f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>" if gone else run(text)
    numbering = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{numbering}{mark}</w:pPr>{inside}</w:p>"


def with_lists(content: bytes, definitions: str) -> bytes:
    numbering = f"<w:numbering {W}>{definitions}</w:numbering>"
    return making.with_member(content, "word/numbering.xml", numbering.encode())


def level(depth: int, pattern: str, style: str = "decimal", more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{pattern}"/></w:lvl>'


PLAIN = (
    f'<w:abstractNum w:abstractNumId="1">{level(0, "%1.")}{level(1, "%1.%2")}</w:abstractNum>'
    '<w:num w:numId="77"><w:abstractNumId w:val="1"/></w:num>'
)


def test_a_list_paragraph_that_a_tracked_change_took_away_is_not_counted():
    content = document_of(listed("甲"), listed("乙", gone=True), listed("丙"))
    assert texts(with_lists(content, PLAIN)) == ["1. 甲", "2. 丙"]


def test_a_row_that_a_tracked_change_took_away_is_not_read():
    gone = "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p></w:tc></w:tr>"
    content = document_of(table([paragraph("新")]).replace("</w:tbl>", f"{gone}</w:tbl>"))
    assert texts(content) == ["新"]


def test_a_deeper_level_that_never_restarts_counts_on():
    levels = level(0, "%1、", "chineseCounting") + level(1, "问题%2：", more='<w:lvlRestart w:val="0"/>')
    definitions = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>' + PLAIN[PLAIN.index("<w:num ") :]
    )
    items = [listed("党建"), listed("甲", depth=1), listed("民生"), listed("乙", depth=1)]
    assert texts(with_lists(document_of(*items), definitions)) == [
        "一、党建",
        "问题1： 甲",
        "二、民生",
        "问题2： 乙",
    ]


def test_a_list_may_point_to_the_definition_of_its_style():
    definitions = (
        f'<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="公文"/>{level(0, "（%1）", "chineseCounting")}</w:abstractNum>'
        '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="公文"/></w:abstractNum>'
        '<w:num w:numId="77"><w:abstractNumId w:val="2"/></w:num>'
    )
    assert texts(with_lists(document_of(listed("甲")), definitions)) == ["（一）甲"]


def test_a_list_may_redefine_a_level():
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "第%1条", "chineseCounting")}</w:lvlOverride>'
    definitions = PLAIN.replace(
        '<w:abstractNumId w:val="1"/></w:num>', f'<w:abstractNumId w:val="1"/>{override}</w:num>'
    )
    assert texts(with_lists(document_of(listed("甲"), listed("乙")), definitions)) == [
        "第一条 甲",
        "第二条 乙",
    ]


@pytest.mark.parametrize(("font", "code", "sign"), [("Wingdings", "F0FE", "☑"), ("Wingdings 2", "F052", "☑")])
def test_ticks_of_a_form_are_read_as_signs(font, code, sign):
    content = document_of(f'<w:p><w:r><w:sym w:font="{font}" w:char="{code}"/><w:t>已整改</w:t></w:r></w:p>')
    assert texts(content) == [f"{sign}已整改"]


def test_lettering_drawn_as_a_picture_is_read():
    content = document_of(
        f'<w:p><w:r><w:pict><v:shape {V}><v:textpath string="市整改办文件"/></v:shape></w:pict></w:r></w:p>'
    )
    assert texts(content) == ["市整改办文件"]


def test_the_words_of_a_diagram_are_read():
    drawn = "http://schemas.openxmlformats.org/drawingml/2006/main"
    diagram = f'<x xmlns:a="{drawn}"><a:p><a:r><a:t>领导</a:t></a:r><a:r><a:t>小组</a:t></a:r></a:p></x>'
    content = making.with_member(making.word("正文"), "word/diagrams/data1.xml", diagram.encode())
    assert texts(content) == ["正文", "领导小组"]


def test_the_strict_variant_of_the_format_is_read():
    content = making.word("严格格式")
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = xml.replace(usual, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert strict != xml
    assert texts(making.with_member(content, "word/document.xml", strict)) == ["严格格式"]


def test_the_main_part_is_where_the_package_says():
    content = making.word("另一处")
    package = zipfile.ZipFile(io.BytesIO(content))
    moved = making.with_member(content, "word/document2.xml", package.read("word/document.xml"))
    relations = package.read("_rels/.rels").replace(b"word/document.xml", b"word/document2.xml")
    moved = making.with_member(moved, "_rels/.rels", relations)
    assert texts(making.with_member(moved, "word/document.xml", b"<nothing/>")) == ["另一处"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused_wherever_it_hides(encoding):
    hidden = f'<?xml version="1.0" encoding="{encoding}"?><!--{"x" * 5000}--><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    content = making.with_member(making.word("x"), "word/document.xml", hidden.encode(encoding))
    with pytest.raises(Exception, match="damaged") as caught:
        read_document(content, name="a.docx")
    assert caught.value.data["reason"] == "document type declaration"
