"""Pages that are pictures: what is written on them stands in no text layer, and must not be passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.documents.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pypdfium2

    from bihuan.documents.pdf_page import Letter

# What scanning programs print over a page (their name, a number) is no text layer of it.
_FEW_LETTERS: Final = 30
_MOST_OF_THE_PAGE: Final = 0.5
_WIDTH: Final = 200
_VISIBLE: Final = 40
_INSIDE: Final = 3


def unread_words(page: int) -> str:
    """What stands in the text for a page nobody could read; a person then says what is on it."""
    return f"〔第 {page} 页没有文字层，未能读出〕"


def wordless_words(page: int) -> str:
    """The same for a page that was looked at by text recognition."""
    return f"〔第 {page} 页是图片，没有识别出文字〕"


def unread_pages(blocks: Iterable[Block]) -> tuple[int, ...]:
    """The pages that stand in a document unread."""
    return tuple(block.page for block in blocks if block.kind is BlockKind.UNREAD and block.page)


def is_picture(page: pypdfium2.PdfPage, letters: Sequence[Letter]) -> bool:
    """Whether what can be seen on a page is not in its letters: a scan, a photograph, writing drawn as lines."""
    import pypdfium2.raw as pdfium

    written = sum(not letter[0].isspace() for letter in letters)
    if written >= _FEW_LETTERS:
        return False
    pictures = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_INSIDE))
    if written:
        width, height = page.get_size()
        return _covered(pictures) >= _MOST_OF_THE_PAGE * float(width * height)
    return bool(pictures) or _shows_something(page)


def _covered(pictures: Iterable[pypdfium2.PdfObject]) -> float:
    """The area of the largest picture; several stand beside each other where a page is no single scan."""
    areas = [0.0]
    for picture in pictures:
        left, bottom, right, top = picture.get_bounds()
        areas.append(abs((right - left) * (top - bottom)))
    return max(areas)


def _shows_something(page: pypdfium2.PdfPage) -> bool:
    """Whether anything is drawn that an eye would see: a sheet painted white is an empty one."""
    if next(iter(page.get_objects(max_depth=1)), None) is None:
        return False
    drawn = page.render(scale=_WIDTH / max(1.0, page.get_width()), grayscale=True).to_pil()
    darkest, lightest = drawn.convert("L").getextrema()
    return bool(lightest - darkest > _VISIBLE)
