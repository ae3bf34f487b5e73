"""Printed lines back to paragraphs: hard line breaks joined, page marks and running heads set apart.

The order of characters is kept, except that a page mark standing inside a paragraph follows that paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace

from bihuan.documents.model import Block, BlockKind, Place

_PAGE_MARK = re.compile(
    r"^\s*(?:[—–―‐\-－·•~～]{1,3}\s*\d{1,4}\s*[—–―‐\-－·•~～]{1,3}|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?)\s*$"
)
_BARE_NUMBER = re.compile(r"^\s*\d{1,4}(?:\s*/\s*\d{1,4})?\s*$")
_BEGINS_ITEM = re.compile(
    r"^\s*(?:[一二三四五六七八九十百零〇]{1,5}、|[（(][一二三四五六七八九十百零〇]{1,5}[）)]|\d{1,3}\s*[、．]|\d{1,3}\.(?!\d)|"
    r"[（(]\d{1,3}[）)]|[①-⑳㈠-㈩⑴-⒇]|第[一二三四五六七八九十百零〇\d]{1,6}[章节条款项]|案例\s*[一二三四五六七八九十\d]{1,4}|"
    r"附件|[〔【]|#{1,6}\s|[-*•·]\s)"
)
_LABEL = re.compile(r"^\s*[【\[]?([\u4e00-\u9fff]{2,8})[】\]]?\s*[：:]")
_HAN = re.compile("[\u4e00-\u9fff]")
_INDENTED = re.compile(r"^(?:\u3000{2}|[ \u00a0]{4}|\t)")
ENDS_SENTENCE = ("。", "！", "？", "；", "：", ".", "!", "?", ":", ";")
_WRAP_WIDTH = range(30, 141)
_ENOUGH_LINES = 6
_FULL_SHARE = 0.35
_NEARLY_FULL = 0.86
_EDGE_LINES = 2
_REPEATED_ON = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text, page and number in the document.

    `is_full` says whether it reaches the edge of its column, None where only its length can tell.
    """

    text: str
    page: int | None
    number: int
    kind: BlockKind = BlockKind.PARAGRAPH
    is_full: bool | None = None


def width(text: str) -> int:
    """Columns a text takes: two for wide characters, one for the others."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text.strip())


def wrap_width(lines: list[Line]) -> int | None:
    """The width at which the document was wrapped, None where each line is already a paragraph."""
    widths = sorted(found for line in lines if (found := width(line.text)) >= _WRAP_WIDTH.start)
    if len(widths) < _ENOUGH_LINES:
        return None
    usual = widths[int(len(widths) * 0.9)]
    full = sum(1 for found in widths if _NEARLY_FULL * usual <= found <= usual * 1.15)
    if usual in _WRAP_WIDTH and full >= _FULL_SHARE * len(widths) and widths[-1] <= usual * 1.5:
        return usual
    return None


def marked(lines: list[Line]) -> list[Line]:
    """Lines with their page marks and, where pages are known, running heads and feet recognised."""
    repeated = _repeated_edges(lines)
    positions = _positions_on_page(lines)
    result = []
    for line, (first, last) in zip(lines, positions, strict=True):
        kind = line.kind
        if kind is not BlockKind.PARAGRAPH:
            pass
        elif _PAGE_MARK.match(line.text) or (
            line.page and (first == 0 or last == 0) and _BARE_NUMBER.match(line.text)
        ):
            kind = BlockKind.PAGE_MARK
        elif line.page and min(first, last) < _EDGE_LINES and _shape(line.text) in repeated:
            kind = BlockKind.HEADER if first <= last else BlockKind.FOOTER
        result.append(replace(line, kind=kind))
    return result


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", "".join(text.split()))


def _positions_on_page(lines: list[Line]) -> list[tuple[int, int]]:
    """For each line how many written lines stand before and after it on its page."""
    counts = Counter(line.page for line in lines if line.text.strip())
    seen: Counter[int | None] = Counter()
    result = []
    for line in lines:
        before = seen[line.page]
        if line.text.strip():
            seen[line.page] += 1
        result.append((before, max(0, counts[line.page] - before - 1)))
    return result


def _repeated_edges(lines: list[Line]) -> frozenset[str]:
    """Shapes (digits levelled) that stand at the edge of at least three pages and of every third one."""
    pages = {line.page for line in lines if line.page}
    found: dict[str, set[int]] = {}
    for line, (first, last) in zip(lines, _positions_on_page(lines), strict=True):
        if line.kind is not BlockKind.PARAGRAPH:
            continue
        if line.page and line.text.strip() and min(first, last) < _EDGE_LINES:
            found.setdefault(_shape(line.text), set()).add(line.page)
    enough = max(_REPEATED_ON, len(pages) // 3)
    return frozenset(shape for shape, on in found.items() if len(on) >= enough)


def paragraphs(lines: list[Line], part: str) -> list[Block]:
    """Blocks out of lines. `part` names the kind of place (line, page)."""
    lines = marked(lines)
    wrapped_at = wrap_width([line for line in lines if line.kind is BlockKind.PARAGRAPH])
    labels = _repeated_labels(lines)
    blocks: list[Block] = []
    open_lines: list[Line] = []
    waiting: list[Line] = []

    def close() -> None:
        if open_lines:
            blocks.append(_block(open_lines, part))
            open_lines.clear()
        blocks.extend(_block([line], part) for line in waiting)
        waiting.clear()

    for line in lines:
        if line.kind in (BlockKind.ROW, BlockKind.UNREAD):
            # No sentence goes on behind a table, or behind a page that could not be read.
            close()
            blocks.append(_block([line], part))
            continue
        if line.kind is not BlockKind.PARAGRAPH:
            waiting.append(line)
            if not open_lines:
                close()
            continue
        if not line.text.strip():
            if not waiting or not open_lines or not _goes_on(open_lines[-1].text, wrapped_at):
                close()
            continue
        label = _LABEL.match(line.text)
        begins = label is not None and label.group(1) in labels
        if open_lines and (begins or not _joins(open_lines[-1], line, wrapped_at)):
            close()
        open_lines.append(line)
    close()
    return blocks


def _repeated_labels(lines: list[Line]) -> frozenset[str]:
    """Labels that begin line after line (编号：… 内容：…): each begins a paragraph, however full the line above is."""
    found = Counter(label.group(1) for line in lines if (label := _LABEL.match(line.text)))
    return frozenset(label for label, count in found.items() if count >= _REPEATED_ON)


def _goes_on(last: str, wrapped_at: int | None) -> bool:
    """Whether a paragraph may run over a page: its last line is full and ends inside a sentence."""
    full = wrapped_at is not None and width(last) >= _NEARLY_FULL * wrapped_at
    return full and not last.rstrip().endswith(ENDS_SENTENCE)


def begins_item(text: str) -> bool:
    """（一）…, 3. …, 第五条 …"""
    return _BEGINS_ITEM.match(text) is not None


def is_page_mark(text: str) -> bool:
    """— 4 —, 第4页 共9页."""
    return _PAGE_MARK.match(text) is not None


def continues(last: str, following: str, wrapped_at: int | None) -> bool:
    """Whether a printed line goes on with the sentence or paragraph of the line above."""
    if wrapped_at is None or width(last) < _NEARLY_FULL * wrapped_at:
        return False
    return _may_go_on(last, following)


def _joins(last: Line, following: Line, wrapped_at: int | None) -> bool:
    if last.is_full is None:
        return continues(last.text, following.text, wrapped_at)
    return last.is_full and _may_go_on(last.text, following.text)


def _may_go_on(last: str, following: str) -> bool:
    """Whether nothing in the words speaks against one line going on with the one above."""
    if _INDENTED.match(following):
        return False
    if _BEGINS_ITEM.match(following):
        # "…第十三条第\n（一）项…" begins like an item but stands inside a sentence.
        return not last.rstrip().endswith(ENDS_SENTENCE) and re.match(r"\s*[（(第]", following) is not None
    return True


def _block(lines: list[Line], part: str) -> Block:
    text = lines[0].text.strip()
    for line in lines[1:]:
        text = joined(text, line.text)
    first = lines[0]
    level = _markdown_level(text)
    return Block(
        text=text,
        page=first.page,
        heading_path=(),
        place=Place(part, first.number),
        kind=BlockKind.HEADING if level and first.kind is BlockKind.PARAGRAPH else first.kind,
        level=level,
    )


def joined(text: str, following: str) -> str:
    """Two printed lines as one: only words of Latin script need a space between them; a number in Chinese text none."""
    added = following.strip()
    both = text[-1:].isascii() and added[:1].isascii() and text[-1:].isalnum()
    is_number = text[-1:].isdigit() and added[:1].isdigit() and _HAN.search(text) is not None
    return text + (" " if both and not is_number else "") + added


def _markdown_level(text: str) -> int | None:
    found = re.match(r"(#{1,6})\s+\S", text)
    return len(found.group(1)) if found else None
