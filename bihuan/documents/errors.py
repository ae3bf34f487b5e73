"""Why a document could not be read.

    DocumentError                 file, place, accepted
    ├── EmptyDocument             nothing in it: 0 bytes, or no text at all
    ├── Encrypted                 a password is needed
    ├── Damaged                   the content contradicts its own format
    │   └── Truncated             the end is missing
    ├── TooLarge                  what (bytes, pages, rows…), found, limit
    │   └── ZipBomb               would unpack to far more than it is
    ├── MacroBearing              carries a program; save it without macros
    ├── ImageOnly                 a picture, or pages without text: needs text recognition
    │   ├── PretendedImage        a picture under the name of a document
    │   └── Illegible             text recognition found no text, or the picture is too small for any
    ├── Unsupported               a format we do not read
    │   └── NeedsConverter        one that is read only where LibreOffice is installed
    └── ReaderFailed              the reader crashed, or took too much time or memory

Every error carries data, never a sentence for users: the words are made at the edge, in the user's language.
`accepted` lists the kinds or measures that would be accepted instead.
"""

from __future__ import annotations

from typing import Any, ClassVar

READABLE_KINDS = (
    *("docx", "pdf", "ofd", "doc", "wps", "rtf", "odt", "xlsx", "xls", "et", "ods", "csv"),
    *("txt", "md", "html", "eml", "zip"),
)


class DocumentError(Exception):
    """A document was refused. `file` is its name, `place` where in it, `accepted` what would be right."""

    code: ClassVar[str] = "document_error"

    def __init__(
        self, file: str, *, place: str = "", accepted: tuple[str, ...] = READABLE_KINDS, **data: str | int
    ) -> None:
        super().__init__(f"{self.code}: {file}{' at ' + place if place else ''} {data or ''}".rstrip())
        self.file = file
        self.place = place
        self.accepted = accepted
        self.data = data

    def as_plain(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "code": self.code,
            "file": self.file,
            "place": self.place,
            "accepted": list(self.accepted),
            "data": dict(self.data),
        }


class EmptyDocument(DocumentError):
    """There is nothing in it. `bytes` tells 0-byte files from documents without text."""

    code = "empty"


class Encrypted(DocumentError):
    """A password is needed."""

    code = "encrypted"


class Damaged(DocumentError):
    """The content contradicts its own format; `reason` is the reader's own remark."""

    code = "damaged"


class Truncated(Damaged):
    """The end of the file is missing."""

    code = "truncated"


class TooLarge(DocumentError):
    """More than the limit: `what` (bytes, pages, pixels, characters, rows, columns, members, depth), `found`, `limit`."""

    code = "too_large"


class ZipBomb(TooLarge):
    """Would unpack to far more than it is."""

    code = "zip_bomb"


class MacroBearing(DocumentError):
    """Carries a program. Refused, because the file itself is kept and handed on to others."""

    code = "macro_bearing"


class ImageOnly(DocumentError):
    """Pages without a text layer."""

    code = "image_only"


class PretendedImage(ImageOnly):
    """A picture, whatever its name says; `found` is its real kind."""

    code = "pretended_image"


class Illegible(ImageOnly):
    """Text recognition found nothing on its `pages`, or its `width` and `height` hold no readable letter."""

    code = "illegible"


class Unsupported(DocumentError):
    """A format we do not read; `found` is what it seems to be."""

    code = "unsupported"


class NeedsConverter(Unsupported):
    """A format that LibreOffice would turn into .docx, and it is not installed here; `found` is the format."""

    code = "needs_converter"


class ReaderFailed(DocumentError):
    """The reading process crashed or was ended: `reason` is crashed, time or memory."""

    code = "reader_failed"


_BY_CODE: dict[str, type[DocumentError]] = {
    kind.code: kind
    for kind in (
        DocumentError,
        EmptyDocument,
        Encrypted,
        Damaged,
        Truncated,
        TooLarge,
        ZipBomb,
        MacroBearing,
        ImageOnly,
        PretendedImage,
        Illegible,
        Unsupported,
        NeedsConverter,
        ReaderFailed,
    )
}


def error_from_plain(plain: dict[str, Any]) -> DocumentError:
    """The inverse of `as_plain`."""
    return _BY_CODE[plain["code"]](
        plain["file"], place=plain["place"], accepted=tuple(plain["accepted"]), **plain["data"]
    )
