"""Files of every kind, made in memory for tests."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FONT = "STSong-Light"
SENTENCE = "部分单位落实安全生产责任不到位，隐患排查走过场。"


def pdf(pages: Sequence[Sequence[str]], *, password: str = "") -> bytes:
    """Each page a list of printed lines."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    target = io.BytesIO()
    encryption = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(target, pagesize=A4, encrypt=encryption)
    for lines in pages:
        canvas.setFont(FONT, 14)
        for number, line in enumerate(lines):
            canvas.drawString(70, 780 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def picture_pdf() -> bytes:
    """A page with a drawing and no text."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.rect(100, 100, 200, 300, fill=1)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def word(*paragraphs: str, change: Callable[[docx.document.Document], None] | None = None) -> bytes:
    """Plain paragraphs, and whatever `change` adds."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if change is not None:
        change(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def numbered_word(texts: Sequence[tuple[int, str]]) -> bytes:
    """Paragraphs numbered by Word itself: 一、 on level 0, （一） on level 1, 1. on level 2."""

    def change(document: docx.document.Document) -> None:
        numbering = document.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
            for level, (style, pattern) in enumerate(
                [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
            )
        )
        numbering.insert(
            0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
        )
        for level, text in texts:
            paragraph = document.add_paragraph(text)
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )

    return word(change=change)


def sheet(rows: Sequence[Sequence[object]], *, merged: Sequence[str] = (), name: str = "台账") -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = name
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def open_document_sheet(rows: Sequence[Sequence[str]]) -> bytes:
    """A spreadsheet of OpenDocument with one sheet of text cells."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="台账">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return target.getvalue()


def with_member(content: bytes, name: str, data: bytes) -> bytes:
    """A zip package with one more member, or one replaced."""
    source = zipfile.ZipFile(io.BytesIO(content))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for member in source.namelist():
            if member != name:
                package.writestr(member, source.read(member))
        package.writestr(name, data)
    return target.getvalue()


def compound(*streams: str) -> bytes:
    """The head of an old binary Office file whose directory names these streams."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return head.ljust(512, b"\0") + b"".join(directory_entry(name) for name in streams)


def directory_entry(name: str) -> bytes:
    """One line of the directory of such a file."""
    written = (name + "\0").encode("utf-16-le")
    return (written.ljust(64, b"\0") + len(written).to_bytes(2, "little") + b"\x02").ljust(128, b"\0")


def squeezed(text: str) -> str:
    """Without any white space."""
    return "".join(text.split())
