"""Drafts of official documents as Word files in the layout of GB/T 9704-2012.

A4, 37 mm above and 28 mm at the binding, 156 × 225 mm of text, 22 lines of 28 characters, body 3号仿宋, title 2号小标宋,
page numbers — 1 — on the outer side. A draft is what goes *into* the document office: the head (发文机关标志), the number
and the seal are places left to it, and nothing here imitates them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bihuan.documents.blank_word import blank_document
from bihuan.documents.official_lines import signature_indents, title_lines, written_date
from bihuan.documents.word_parts import (
    BODY_FONT,
    HEAD_FONT,
    PLAIN_FONT,
    SUBHEAD_FONT,
    TITLE_FONT,
    Table,
    add_field,
    add_table,
    dress,
    rule_off,
    saved,
    set_property,
    writable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

BODY, TITLE, SMALL = 16.0, 22.0, 14.0
LINE, TITLE_LINE = 28.95, 35.0
"""Points: 22 lines in 225 mm; the title's own lines stand wider."""
CHARACTERS: Final = 28
WIDE_COLUMNS: Final = 6
"""A table of this many columns lies on its side."""
_TEXT_WIDTH, _TEXT_HEIGHT = 156, 225
_TWIPS = 20
_GRID_LINE = round(LINE * _TWIPS)
# 28 characters of 16 points are wider than 156 mm: each is drawn nearer to the next by a quarter of a point. A grid of
# characters would say the same, but LibreOffice and some readers of WPS files understand it as something else.
_NEARER = -5
_FIRST_LEVEL: Final = re.compile(r"[一二三四五六七八九十百]{1,4}、")
_SECOND_LEVEL: Final = re.compile(r"（[一二三四五六七八九十百]{1,4}）")
BLANK_DATE: Final = "　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: its name, and a table or paragraphs."""

    name: str
    table: Table | None = None
    paragraphs: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDraft:
    """The pieces of an official document that are ours to write.

    `body` are paragraphs; their levels are known by their numbers (一、 （一） 1.). `keep` are words the title's lines do
    not tear apart. `dated` is None where the day is still open.
    """

    title: str
    body: Sequence[str]
    addressed_to: Sequence[str] = ()
    annexes: Sequence[Annex] = ()
    signed_by: str = ""
    dated: date | None = None
    has_date: bool = True
    copies_to: Sequence[str] = ()
    keep: Sequence[str] = field(default=())


def official_bytes(draft: OfficialDraft) -> bytes:
    """The draft as a Word file; the same draft gives the same bytes."""
    document = _new_document(draft.title)
    _add_title(document, draft)
    if draft.addressed_to:
        _paragraph(document, "、".join(draft.addressed_to) + "：")
    for text in draft.body:
        add_body(document, text)
    _add_annex_names(document, draft.annexes)
    _add_signature(document, draft)
    wide = False
    for number, annex in enumerate(draft.annexes, start=1):
        wide = _add_annex(document, annex, number if len(draft.annexes) > 1 else 0)
    _add_copies(document, draft.copies_to, _TEXT_HEIGHT if wide else _TEXT_WIDTH)
    return saved(document)


def _new_document(title: str) -> Any:
    document = blank_document(title)
    document.styles["Normal"].font.size = Pt(BODY)
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    lay_out_section(section, landscape=False)
    _add_page_numbers(section)
    return document


def lay_out_section(section: Any, *, landscape: bool) -> None:
    """Margins, and the grid of lines Word and WPS show under 页面设置."""
    # On its side the page is turned a quarter: what was above lies at the binding's right hand.
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(37), Mm(35)
        section.footer_distance = Mm(15)
    else:
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(23)
    section.header_distance = Mm(15)
    _set_grid(section, lines=not landscape)


def _set_grid(section: Any, *, lines: bool) -> None:
    properties = section._sectPr  # noqa: SLF001 (python-docx knows no grid)
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    if lines:
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(_GRID_LINE))
        properties.append(grid)


def _add_page_numbers(section: Any) -> None:
    """— 1 — in 4号 on the outer side: odd pages right, even pages left, one character in."""
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        outer = paragraph.paragraph_format
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
        if side == "right":
            outer.right_indent = Pt(SMALL)
        else:
            outer.left_indent = Pt(SMALL)
        dress(paragraph.add_run("— "), PLAIN_FONT, SMALL)
        add_field(paragraph, "PAGE", PLAIN_FONT, SMALL)
        dress(paragraph.add_run(" —"), PLAIN_FONT, SMALL)
        for run in paragraph.runs:
            run.font.name = PLAIN_FONT


def _paragraph(
    document: Any,
    text: str = "",
    *,
    font: str = BODY_FONT,
    size: float = BODY,
    align: Any = WD_ALIGN_PARAGRAPH.LEFT,
    line: float = LINE,
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    layout.space_before = layout.space_after = Pt(0)
    layout.widow_control = False
    if text:
        _run(paragraph, writable(text), font, size)
    return paragraph


def _run(paragraph: Any, text: str, font: str = BODY_FONT, size: float = BODY) -> Any:
    """A run of the body; characters of its size stand 28 to a line."""
    run = paragraph.add_run(text)
    dress(run, font, size)
    if size == BODY:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(_NEARER))
        run._r.get_or_add_rPr().insert_element_before(spacing, "w:sz", "w:szCs")  # noqa: SLF001 (the same)
    return run


def _indented(paragraph: Any, *, characters: int = 2) -> Any:
    """Two characters in, said in characters too, so that it follows a change of size."""
    paragraph.paragraph_format.first_line_indent = Pt(BODY * characters)
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(characters * 100))  # noqa: SLF001 (the same)
    return paragraph


def _add_title(document: Any, draft: OfficialDraft) -> None:
    """Two lines below where the head will stand; one line follows."""
    _paragraph(document)
    _paragraph(document)
    title = _off_grid(_paragraph(document, align=WD_ALIGN_PARAGRAPH.CENTER, line=TITLE_LINE))
    outline(title, 0)
    _add_lines(title, title_lines(writable(draft.title), keep=draft.keep), TITLE_FONT, TITLE)
    _paragraph(document)


def _off_grid(paragraph: Any) -> Any:
    """Let the lines of a title stand at their own distance, not at that of the body's lines."""
    set_property(paragraph, "snapToGrid", val="0")
    return paragraph


def outline(paragraph: Any, level: int) -> None:
    """Let the paragraph stand in the outline of the document."""
    set_property(paragraph, "outlineLvl", val=str(level))


def _add_lines(paragraph: Any, lines: Sequence[str], font: str, size: float) -> None:
    for number, line in enumerate(lines):
        run = paragraph.add_run()
        if number:
            run.add_break(WD_BREAK.LINE)
        run.add_text(line)
        dress(run, font, size)


def add_body(document: Any, text: str) -> None:
    """A paragraph of the body; 一、 is set in 黑体 and the head of （一） in 楷体.

    A head that stands alone goes with what follows; one that goes on in its own line (一、约谈时间：…) is a paragraph like others.
    """
    text = writable(text)
    paragraph = _indented(_paragraph(document, align=WD_ALIGN_PARAGRAPH.JUSTIFY))
    if _FIRST_LEVEL.match(text):
        head, rest = _head_of(text)
        _run(paragraph, head, HEAD_FONT)
        if rest:
            _run(paragraph, rest)
        outline(paragraph, 1)
        paragraph.paragraph_format.keep_with_next = not rest
    elif _SECOND_LEVEL.match(text):
        head, stop, rest = text.partition("。")
        _run(paragraph, head + stop, SUBHEAD_FONT)
        if rest:
            _run(paragraph, rest)
        outline(paragraph, 2)
    else:
        _run(paragraph, text)


def _head_of(text: str) -> tuple[str, str]:
    """What is head of a paragraph and what it says: up to the first ： or 。"""
    ends = [at for at in (text.find("："), text.find("。")) if at >= 0]
    end = min(ends) + 1 if ends else len(text)
    return text[:end], text[end:]


def _add_annex_names(document: Any, annexes: Sequence[Annex]) -> None:
    """附件：1. … below the body, without a mark after a name; later lines stand under the first name."""
    if not annexes:
        return
    _paragraph(document)
    for number, annex in enumerate(annexes, start=1):
        label = "附件：" if number == 1 else "　　　"
        name = f"{number}. {annex.name}" if len(annexes) > 1 else annex.name
        paragraph = _paragraph(document, label + name)
        hanging = (3 if len(annexes) == 1 else 4) * BODY
        paragraph.paragraph_format.left_indent = Pt(2 * BODY + hanging)
        paragraph.paragraph_format.first_line_indent = Pt(-hanging)


def _add_signature(document: Any, draft: OfficialDraft) -> None:
    """Who signs, and the day below; both are placed for the seal the document office will set."""
    if not draft.signed_by and not draft.has_date:
        _keep_place_to_sign(document)
        return
    _keep_with_signature(document)
    dated = written_date(draft.dated) if draft.dated else BLANK_DATE
    name_in, day_in = signature_indents(draft.signed_by, dated)
    for _ in range(2):
        _paragraph(document).paragraph_format.keep_with_next = True
    lines = [(draft.signed_by, name_in)] if draft.signed_by else []
    lines += [(dated, day_in)] if draft.has_date else []
    for number, (text, indent) in enumerate(lines):
        paragraph = _paragraph(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = Pt(indent)
        paragraph.paragraph_format.keep_with_next = number + 1 < len(lines)


def _keep_with_signature(document: Any) -> None:
    """No page bears a signature alone: the last paragraph of the body goes with it, and the names of annexes between."""
    for paragraph in reversed(document.paragraphs):
        paragraph.paragraph_format.keep_with_next = True
        if paragraph.text and not paragraph.text.startswith(("附件：", "　　　")):
            return


def _keep_place_to_sign(document: Any) -> None:
    """A record is signed in a line of its own, which no page bears alone either."""
    if "签字：" in document.paragraphs[-1].text:
        document.paragraphs[-2].paragraph_format.keep_with_next = True


def _add_copies(document: Any, copies_to: Sequence[str], width: int) -> None:
    """抄送 between two rules at the foot of the last page, in 4号; who prints and when is the document office's."""
    if not copies_to:
        return
    paragraph = _paragraph(document, "抄送：" + "，".join(copies_to) + "。", size=SMALL, line=LINE)
    layout = paragraph.paragraph_format
    layout.left_indent, layout.right_indent = Pt(4 * SMALL), Pt(SMALL)
    layout.first_line_indent = Pt(-3 * SMALL)
    set_property(
        paragraph,
        "framePr",
        w=str(round(width / 25.4 * 1440)),
        wrap="notBeside",
        vAnchor="margin",
        hAnchor="margin",
        xAlign="center",
        yAlign="bottom",
    )
    rule_off(paragraph, ["top", "bottom"], sz="8", space="1")


def _add_annex(document: Any, annex: Annex, number: int) -> bool:
    """附件 in 黑体 at the upper left corner, its name as a title, then the table; says whether it lies on its side."""
    wide = annex.table is not None and len(annex.table.header) >= WIDE_COLUMNS
    section = document.add_section(WD_SECTION.NEW_PAGE)
    lay_out_section(section, landscape=wide)
    _set_grid(section, lines=False)
    _paragraph(document, f"附件{number}" if number else "附件", font=HEAD_FONT)
    _paragraph(document)
    title = _off_grid(_paragraph(document, align=WD_ALIGN_PARAGRAPH.CENTER, line=TITLE_LINE))
    most = _TEXT_HEIGHT if wide else _TEXT_WIDTH
    _add_lines(title, title_lines(annex.name, most=int(most / 25.4 * 72 / TITLE)), TITLE_FONT, TITLE)
    _paragraph(document)
    if annex.table is not None:
        add_table(document, annex.table, most)
    for text in annex.paragraphs:
        add_body(document, text)
    return wide
