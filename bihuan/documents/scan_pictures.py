"""The pictures of a scan's pages: frames of a picture file, pages of a PDF drawn as large as recognition needs them."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Final

from bihuan.documents.errors import Damaged, Illegible, TooLarge, Truncated
from bihuan.documents.pdf_page import letters_of
from bihuan.documents.pdf_reading import open_pdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pypdfium2
    from PIL import Image

    from bihuan.documents.limits import Limits

PICTURES: Final = ("png", "jpeg", "tiff", "bmp", "webp")
"""Kinds of pictures that are read as scans."""
_DPI: Final = 200
_LONGEST: Final = 2600
_SMALLEST: Final = 48
_POINTS: Final = 72


def frame_count(content: bytes, file: str, limits: Limits) -> int:
    """How many pages a picture file has; nothing is unpacked for it. Refuses what is too large or too small to read."""
    with _opened(content, file, limits) as picture:
        frames = int(getattr(picture, "n_frames", 1))
    if frames > limits.pages:
        raise TooLarge(file, what="pages", found=frames, limit=limits.pages)
    return frames


def page_pictures(
    content: bytes, kind: str, pages: Iterable[int], file: str, limits: Limits
) -> Iterator[Image.Image]:
    """The given pages (from 1), one in memory at a time."""
    if kind != "pdf":
        yield from _frames(content, pages, file, limits)
        return
    document = open_pdf(content, file)
    try:
        for number in pages:
            yield _drawn(document[number - 1])
    finally:
        document.close()


def _frames(content: bytes, pages: Iterable[int], file: str, limits: Limits) -> Iterator[Image.Image]:
    from PIL import Image, ImageOps

    with _opened(content, file, limits) as picture:
        for number in pages:
            try:
                picture.seek(number - 1)
                _refuse_size(picture, file, limits)
                upright = ImageOps.exif_transpose(picture).convert("RGB")
            except EOFError as error:
                raise Truncated(file, place=f"page {number}", reason="no such frame") from error
            except (OSError, SyntaxError, ValueError) as error:
                broken = Truncated if "truncated" in str(error) else Damaged
                raise broken(file, place=f"page {number}", reason=str(error)) from error
            upright.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
            yield upright


def _opened(content: bytes, file: str, limits: Limits) -> Image.Image:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # Our own limit speaks, in the user's words.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=[kind.upper() for kind in PICTURES])
    except Image.DecompressionBombError as error:
        raise TooLarge(file, what="pixels", found=str(error), limit=limits.pixels) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Damaged(file, reason=str(error)) from error
    _refuse_size(picture, file, limits)
    return picture


def _refuse_size(picture: Image.Image, file: str, limits: Limits) -> None:
    """Only the header has been read so far."""
    if picture.width * picture.height > limits.pixels:
        raise TooLarge(file, what="pixels", found=picture.width * picture.height, limit=limits.pixels)
    if min(picture.size) < _SMALLEST:
        raise Illegible(file, width=picture.width, height=picture.height)


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    """A page without what its text layer says: that is read already, and would stand there twice."""
    from PIL import ImageDraw

    width, height = page.get_size()
    scale = min(_DPI / _POINTS, _LONGEST / max(width, height, 1.0))
    picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    text = page.get_textpage()
    letters = letters_of(text) if page.get_rotation() == 0 else []
    text.close()
    page.close()
    drawing = ImageDraw.Draw(picture)
    for letter, left, bottom, right, top in letters:
        if not letter.isspace():
            box = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
            drawing.rectangle(box, fill="white")
    return picture
