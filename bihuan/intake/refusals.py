"""A document that cannot be read, as a refusal: the words for a person, the same facts for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.documents.errors import ImageOnly
from bihuan.documents.scanning import pages_of_pictures
from bihuan.intake.wording import what_is_wrong, what_would_be_right
from bihuan.journal.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def holds_refused(name: str, refused: Sequence[str]) -> Refused:
    """An archive or letter with files in it that could not be kept."""
    return Refused(
        _("“%(file)s”里有不能收的文件（%(names)s），所以它本身没有保存；其余文件已分别收下。")
        % {"file": name, "names": "、".join(refused)},
        accepted=_("请处理好这些文件后单独提交；需要留存原件的，去掉它们重新打包。"),
        field="files",
        file=name,
        code="holds_refused",
    )
