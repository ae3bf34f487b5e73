"""What may be held together, what covers what, what a number must look like: plain values in, a decision out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bihuan.organizations.models import PostKind, Role

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.LOG_AUDITOR})
BUSINESS_ROLES: Final = frozenset(Role) - ADMINISTRATORS

MOBILE = re.compile(r"1[3-9]\d{9}")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
SEPARATORS = re.compile(r"[\s\-()‐-―]")


class Clash(StrEnum):
    """Why one person may not hold these seats together."""

    TWO_ADMINISTRATORS = "two_administrators"
    BUSINESS_ROLE = "business_role"
    BUSINESS_POST = "business_post"


@dataclass(frozen=True)
class Holding:
    """One seat as the separation of duties sees it."""

    kind: str
    roles: frozenset[str]


def clash_of(holdings: Iterable[Holding]) -> Clash | None:
    """Whether one person may hold all of these seats, as holder or as stand-in.

    The three administrators are kept apart from each other and from all business: who keeps the program may not
    have a hand in what it records. An administrator therefore sits in staff posts only, without a business role.
    """
    seats = list(holdings)
    roles = frozenset[str]().union(*(seat.roles for seat in seats))
    held = roles & ADMINISTRATORS
    if not held:
        return None
    if len(held) > 1:
        return Clash.TWO_ADMINISTRATORS
    if roles & BUSINESS_ROLES:
        return Clash.BUSINESS_ROLE
    if any(seat.kind != PostKind.STAFF for seat in seats):
        return Clash.BUSINESS_POST
    return None


def is_administrator(roles: Iterable[str]) -> bool:
    """Whether these roles make an administrator."""
    return bool(ADMINISTRATORS.intersection(roles))


def covers_sector(portfolio: Iterable[str], code: str) -> bool:
    """Whether a portfolio holds a sector itself or a branch it hangs on (codes are dotted paths)."""
    return any(code == held or code.startswith(f"{held}.") for held in portfolio if held)


def plain_mobile(text: str) -> str | None:
    """A mainland mobile number as eleven digits, however it was typed; None where it is not one."""
    digits = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(\+|00)?86(?=1)", "", digits)
    return digits if MOBILE.fullmatch(digits) else None


def plain_email(text: str) -> str | None:
    """An e-mail address in lower case, or None where it cannot be one."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    return address if EMAIL.fullmatch(address) else None


def masked_mobile(number: str) -> str:
    """``138****5678``: enough to recognise one's own, too little to call somebody."""
    return f"{number[:3]}****{number[-4:]}"


def masked_email(address: str) -> str:
    """``w***@example.org``."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"


@dataclass(frozen=True, slots=True)
class Chair:
    """The principal's post of one unit on the way up, and who may act in it today: its holder, whoever stands in."""

    post: uuid.UUID
    people: frozenset[uuid.UUID]


def covering(
    line: Iterable[Chair], *, vacant: uuid.UUID | None = None, barred: Iterable[uuid.UUID] = ()
) -> Chair | None:
    """Who covers a vacancy: the nearest chair on the way up in which somebody sits who is not barred; None if none is.

    `line` begins at the unit itself. A vacant post never covers itself; nobody of `barred` (who asked, who is kept out
    of a decision) covers, and the next one above does instead.
    """
    kept_out = frozenset(barred)
    return next((chair for chair in line if chair.post != vacant and chair.people - kept_out), None)


def would_circle(path: str, new_parent_path: str) -> bool:
    """Whether hanging the unit at `path` below `new_parent_path` would put it under itself."""
    return new_parent_path == path or new_parent_path.startswith(f"{path}.")
