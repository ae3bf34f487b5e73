"""A document that cannot be read, as a refusal: the words for a person, the same facts for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.documents.errors import ImageOnly
from bihuan.documents.scanning import pages_of_pictures
from bihuan.intake.wording import what_is_wrong, what_would_be_right
from bihuan.journal.errors import Refused

if TYPE_CHECKING:
    from bihuan.documents.errors import DocumentError


def refusal_of(error: DocumentError, name: str, content: bytes = b"") -> Refused:
    """Which file, where in it, what is wrong, what would be accepted; of a scan, which pages could be recognised here."""
    pages = pages_of_pictures(error, content) if content and isinstance(error, ImageOnly) else ()
    where = _("（%(place)s）") % {"place": error.place} if error.place else ""
    return Refused(
        _("“%(file)s”%(where)s：%(wrong)s") % {"file": name, "where": where, "wrong": what_is_wrong(error)},
        accepted=what_would_be_right(error),
        field="files",
        file=name,
        place=error.place,
        code=error.code,
        pages=list(pages),
    )
