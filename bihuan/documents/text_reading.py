"""Plain text and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.documents.encodings import decode
from bihuan.documents.lines import Line, paragraphs

if TYPE_CHECKING:
    from bihuan.documents.limits import Limits
    from bihuan.documents.model import Block


def read_text(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """Form feeds, where there are any, separate pages."""
    del limits
    text = decode(content, file)
    sheets = text.split("\f")
    lines: list[Line] = []
    for page, sheet in enumerate(sheets, start=1):
        for written in sheet.split("\n"):
            lines.append(Line(written, page if len(sheets) > 1 else None, len(lines) + 1))
    return (len(sheets) if len(sheets) > 1 else None), paragraphs(lines, "line")
