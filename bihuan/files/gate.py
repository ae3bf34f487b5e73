"""The gate for state secrets: a file whose name or text bears their marks is refused before anything is stored.

What an installation may hold is declared (`BIHUAN_LEVEL`). Work secrets pass: the rooms above keep their readership
small. A picture of a marked page passes too, for nothing here reads pictures; the docs say so.
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bihuan.documents.errors import Damaged, DocumentError, Encrypted, ReaderFailed, TooLarge
from bihuan.documents.limits import Limits
from bihuan.documents.packages import Package
from bihuan.documents.reading import read_document
from bihuan.documents.sandbox import read_in_sandbox
from bihuan.files.kinds import (
    ARCHIVE,
    CSV,
    DOC,
    DOCX,
    HTML,
    LETTER,
    ODS,
    ODT,
    OFD,
    PDF,
    PPT,
    PPTX,
    TEXT,
    XLS,
    XLSX,
    FileProblem,
    Kind,
)
from bihuan.files.wording import refusal_of
from bihuan.journal.action import Refused
from bihuan.text.secrecy import SecrecyLevel, secrecy_marks

_READABLE: Final = {
    kind: kind.endings[0] for kind in (PDF, OFD, DOCX, XLSX, XLS, ODS, TEXT, CSV, HTML, LETTER, ARCHIVE)
}
_PACKAGES: Final = (PPTX, ODT)
_COMPOUND: Final = (DOC, PPT)
_TAGS: Final = re.compile(rb"<(/[^>]*p|[^>]+)>")
LIMITS: Final = Limits(seconds=30)
_COMPOUND_MARKS: Final = ("绝密★", "机密★", "秘密★")
MAY_HOLD: Final[dict[str, frozenset[SecrecyLevel]]] = {
    "internet": frozenset({SecrecyLevel.WORK_SECRET}),
    "government": frozenset({SecrecyLevel.WORK_SECRET}),
    "classified": frozenset({SecrecyLevel.WORK_SECRET, SecrecyLevel.CONFIDENTIAL, SecrecyLevel.SECRET}),
}


def refuse_marked_name(name: str) -> None:
    """Refuse a file by its name alone, before its content is even read."""
    _refuse(name, "", name)


def refuse_marked(name: str, content: bytes, kind: Kind) -> None:
    """Refuse a file whose text bears marks above the installation's level."""
    _refuse(name, _text_of(name, content, kind), "")


def refuse_marked_text(text: str, *, where: str) -> None:
    """The same gate for text that somebody typed or pasted; `where` names the field in the refusal."""
    _refuse(where, text, "")


def _refuse(what: str, text: str, name: str) -> None:
    held = MAY_HOLD[settings.CONFIGURATION.installation_level]
    # A copy number without a level stands only on classified papers; where those may be held it says nothing more.
    above = [
        mark
        for mark in secrecy_marks(text, name=name)
        if mark.level not in held and not (mark.level is None and len(held) > 1)
    ]
    if above:
        raise Refused(
            _("“%(what)s”带有涉密标志“%(mark)s”，超出本系统可处理的范围，内容没有保存。")
            % {"what": what, "mark": above[0].text},
            accepted=_("请立即停止上传，按保密规定通过涉密渠道线下办理；台账中可只登记编号占位。"),
            field="file",
            code="secrecy",
            mark=above[0].text,
        )


def _text_of(name: str, content: bytes, kind: Kind) -> str:
    try:
        if kind in _READABLE:
            return _document_text(name, content, kind)
        if kind in _PACKAGES:
            return _package_text(name, content)
    except Encrypted as error:
        raise refusal_of(name, FileProblem("encrypted", place=error.place)) from error
    except TooLarge as error:
        raise refusal_of(
            name, FileProblem("too_long", str(error.data.get("what", "")), error.place)
        ) from error
    except (Damaged, ReaderFailed) as error:
        raise refusal_of(name, FileProblem("damaged", place=error.place)) from error
    except DocumentError:
        # Pages without text, a sheet without cells: nothing to read, and so nothing marked.
        return ""
    if kind in _COMPOUND:
        return "\n".join(mark for mark in _COMPOUND_MARKS if mark.encode("utf-16-le") in content)
    return ""


def _document_text(name: str, content: bytes, kind: Kind) -> str:
    # Whatever a hostile document does to its reader, it does to a process of its own; plain text needs none.
    read = read_document if kind in {TEXT, CSV} else read_in_sandbox
    document = read(content, name=f"{name}.{_READABLE[kind]}", limits=LIMITS)
    return "\n".join(block.text for block in document.blocks)


def _package_text(name: str, content: bytes) -> str:
    package = Package(content, name, Limits())
    texts = (package.read(member) for member in sorted(package.names) if member.endswith(".xml"))
    return "\n".join(_TAGS.sub(b"\n", text).decode("utf-8", "replace") for text in texts)
