"""Draws one preview, in a process of its own: a hostile picture may end this process, never the server.

python -m bihuan.files.rendering picture|pdf SOURCE TARGET PIXELS      prints ``WIDTH HEIGHT`` or a failure code
"""

from __future__ import annotations

import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MAXIMUM_PIXELS = 80_000_000
MEMORY = 1536 * 1024 * 1024
SECONDS = 20
QUALITY = 80


def confine() -> None:
    """From here on this process may take only so much memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main(arguments: list[str]) -> int:
    """Draw, print the size, and return 0; print a code and return 1 where no picture can be drawn."""
    what, source, target, pixels = arguments
    confine()
    try:
        picture = (_first_page if what == "pdf" else _picture)(source, int(pixels))
    except MemoryError:
        print("too_large")  # noqa: T201  (the answer to the parent process)
        return 1
    except Exception as error:  # noqa: BLE001  (whatever a damaged file makes a decoder raise)
        print("too_large" if "decompression bomb" in str(error).lower() else "damaged")  # noqa: T201
        return 1
    # Saved anew without `exif=`: place and time of a photograph stay in the original alone.
    picture.save(target, "WEBP", quality=QUALITY)
    print(picture.width, picture.height)  # noqa: T201
    return 0


def _picture(source: str, pixels: int) -> Image:
    import warnings

    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAXIMUM_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(source) as opened:
        opened.draft("RGB", (pixels, pixels))
        upright = ImageOps.exif_transpose(opened)
        plain = upright.convert(
            "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
        )
    plain.thumbnail((pixels, pixels))
    return Image.frombytes(plain.mode, plain.size, plain.tobytes())


def _first_page(source: str, pixels: int) -> Image:
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    page = document[0]
    scale = pixels / max(*page.get_size(), 1)
    return page.render(scale=min(scale, 4)).to_pil().convert("RGB")  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
