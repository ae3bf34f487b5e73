"""Which matters may be asked for by hand. A matter sets something in motion when it is approved, so the room whose
verb it is says who may ask; what nobody registered can only be opened from inside that room's own actions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid

    from django.utils.functional import _StrPromise

    from bihuan.approvals.models import Approval
    from bihuan.journal.action import Authority


@dataclass(frozen=True)
class Matter:
    """What may be asked for: its words, and who may ask."""

    label: str | _StrPromise
    may_ask: Authority | None = None


_matters: dict[str, Matter] = {}


def register_matter(code: str, *, label: str | _StrPromise, may_ask: Authority | None = None) -> None:
    """Name a matter for pages; with `may_ask`, let it be asked for through `approvals.request_approval`."""
    _matters[code] = Matter(label, may_ask)


def matter_of(code: str) -> Matter | None:
    """What was registered under a code."""
    return _matters.get(code)


def matter_label(code: str) -> str:
    """The words for a matter; its code where no room gave any."""
    found = _matters.get(code)
    return str(found.label) if found else code


SubjectPage = Callable[["uuid.UUID"], str]
_pages: dict[str, SubjectPage] = {}
_parts: set[str] = set()
_parts_of_matters: dict[str, SubjectPage] = {}


def register_subject_page(subject_kind: str, address: SubjectPage, *, is_part: bool = False) -> None:
    """Let the room that owns a kind of subject say where its page is, so that who decides can read before deciding.

    With `is_part` the page has a section with the id ``matter``: what is to be decided, which the approval's page shows.
    """
    _pages[subject_kind] = address
    if is_part:
        _parts.add(subject_kind)


def subject_page(subject_kind: str, subject: uuid.UUID) -> str:
    """The address of the subject's page, or an empty text where its room gave none."""
    find = _pages.get(subject_kind)
    return find(subject) if find else ""


def register_matter_part(code: str, address: SubjectPage) -> None:
    """The same for a matter whose subject's own page does not say what is asked for: `address` is given the approval's id."""
    _parts_of_matters[code] = address


def part_of(approval: Approval) -> str:
    """The address of a page whose section ``matter`` belongs on the approval's page, or an empty text."""
    find = _parts_of_matters.get(approval.matter)
    if find is not None:
        return find(approval.pk)
    kind = approval.subject_kind
    return subject_page(kind, approval.subject) if kind in _parts else ""
