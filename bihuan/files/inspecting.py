"""Reads what one file says of itself, in a process of its own: a hostile file may end this process, never the server.

python -m bihuan.files.inspecting picture|office|pdf SOURCE      prints one line of JSON; every key may be missing
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from bihuan.files.rendering import MAXIMUM_PIXELS, confine

if TYPE_CHECKING:
    from PIL.Image import Image

_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _TAKEN_OFFSET, _MAKE, _MODEL = 0x9003, 0x9011, 0x010F, 0x0110
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_DEVICE: Final = 80
_CORE: Final = "docProps/core.xml"
_CORE_MOST: Final = 1024 * 1024
_CREATED: Final = re.compile(rb"<dcterms:created[^>]*>\s*(\d{4}-\d\d-\d\d)")
_PDF_DAY: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")


def main(arguments: list[str]) -> int:
    """Print what was found and return 0; print a failure code and return 1."""
    what, source = arguments
    confine()
    try:
        found = {"picture": picture_facts, "office": office_facts, "pdf": pdf_facts}[what](source)
    except MemoryError:
        found = {"failure": "too_large"}
    except Exception as error:  # noqa: BLE001  (whatever a damaged file makes a decoder raise)
        found = {"failure": "too_large" if "decompression bomb" in str(error).lower() else "damaged"}
    print(json.dumps(found))  # noqa: T201  (the answer to the parent process)
    return 1 if "failure" in found else 0


def picture_facts(source: str) -> dict[str, Any]:
    """Size, hashes, and what the camera wrote: when, where, with what."""
    import warnings

    from PIL import Image, ImageOps

    from bihuan.files.picture_hashes import SIDE, hashes_of

    Image.MAX_IMAGE_PIXELS = MAXIMUM_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(source) as opened:
        found = {"width": opened.width, "height": opened.height, **_camera(opened)}
        opened.draft("RGB", (SIDE * 2, SIDE * 2))
        return found | {"hashes": hashes_of(ImageOps.exif_transpose(opened).convert("RGB"))}


def _camera(picture: Image) -> dict[str, Any]:
    """Damaged camera data are no camera data: the picture is still worth a look."""
    try:
        exif = picture.getexif()
        inner, gps = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
    except Exception:  # noqa: BLE001  (what a forged directory makes the reader raise)
        return {}
    words = (str(exif.get(tag, "")).strip("\0 ") for tag in (_MAKE, _MODEL))
    return {
        "taken": _text(inner.get(_TAKEN)),
        "offset": _text(inner.get(_TAKEN_OFFSET)),
        "device": " ".join(word for word in words if word).replace("\0", "")[:_DEVICE],
        "latitude": _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_REF), "S", 90),
        "longitude": _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF), "W", 180),
    }


def _text(value: object) -> str:
    return str(value).strip("\0 ")[:_DEVICE] if value else ""


def _degrees(value: Any, reference: object, negative: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if str(reference).strip("\0 ").upper() == negative:
        found = -found
    # Nobody stands at exactly nought: that is what is written where there was no reception.
    return round(found, 6) if 0 < abs(found) <= most else None


def office_facts(source: str) -> dict[str, Any]:
    """When a Word or Excel file says it was begun."""
    import zipfile

    with zipfile.ZipFile(source) as package, package.open(_CORE) as core:
        found = _CREATED.search(core.read(_CORE_MOST))
    return {"made": found.group(1).decode()} if found else {}


def pdf_facts(source: str) -> dict[str, Any]:
    """When a PDF says it was made."""
    import pypdfium2

    found = _PDF_DAY.search(pypdfium2.PdfDocument(source).get_metadata_value("CreationDate"))
    return {"made": "-".join(found.groups())} if found else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
