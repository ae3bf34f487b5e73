"""Personal numbers in free text, covered so that a copy may leave the program: identity cards, telephones, accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{3})\d{3}(?:18|19|20)\d{8}(\d[\dXx])(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)([ -]?)\d{4}\2(\d{4})(?!\d)")
_ACCOUNT = re.compile(r"(?<!\d)(62\d{2})\d{8,11}(\d{4})(?!\d)")
_LETTER = re.compile(r"\b([A-Za-z0-9])[\w.+-]*@((?:[\w-]+\.)+[A-Za-z]{2,})")
PERSONAL_NUMBERS = (_IDENTITY, _ACCOUNT, _MOBILE, _LETTER)
_COVERS = (
    (_IDENTITY, r"\1*************\2"),
    (_ACCOUNT, r"\1********\2"),
    (_MOBILE, r"\1****\3"),
    (_LETTER, r"\1***@\2"),
)


@dataclass(frozen=True, slots=True)
class Covered:
    """The text as it may leave, and how many numbers were covered in it."""

    text: str
    count: int


def cover_personal(text: str) -> Covered:
    """Cover identity numbers, mobile numbers, bank cards and mail addresses, leaving enough to recognise one's own."""
    count = 0
    for pattern, shown in _COVERS:
        text, found = pattern.subn(shown, text)
        count += found
    return Covered(text, count)
