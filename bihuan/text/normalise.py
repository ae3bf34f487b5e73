"""Making texts comparable: widths, look-alikes, white space, case; Chinese punctuation keeps its meaning."""

from __future__ import annotations

import re
import unicodedata

from bihuan.text.radicals import any_of, mend_radicals
from bihuan.text.traditional import to_simplified

# NFKC would turn Chinese punctuation into Latin and “①” into “1”; only letters, digits and spaces may change width.
_WIDTHS = {
    **{
        code: chr(code - 0xFEE0)
        for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    },
    0xFF05: "%",
    0xFF0B: "+",
    0xFF0D: "-",
    0xFF0E: ".",
    0xFF0F: "/",
    0x3000: " ",
    0x00A0: " ",
}
_INVISIBLE = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD, *range(0x202A, 0x202F)))
_TABLE = {**_WIDTHS, **_INVISIBLE}
_NARROW = tuple(zip("，（）：；！？％", ",():;!?%", strict=True))
_INVISIBLES = any_of(_INVISIBLE)
_CHANGED = any_of(_TABLE)
_NOT_WORD = re.compile(r"[\W_]+")
_BETWEEN_WIDE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=\S)|(?<=\S)\s+(?=[^\x00-\x7f])")


def tidy(text: str) -> str:
    """For display and storage: full-width digits and letters made narrow, radicals mended, invisibles removed."""
    mended = mend_radicals(unicodedata.normalize("NFC", text))
    return mended.translate(_TABLE) if _CHANGED.search(mended) else mended


def joined(text: str) -> str:
    """Tidy text without the white space printers put between and around Chinese characters."""
    return _BETWEEN_WIDE.sub("", re.sub(r"\s+", " ", tidy(text)).strip())


def _with_narrow_marks(text: str) -> str:
    """The marks that stand in every Chinese sentence as NFKC writes them.

    A text without them mostly is what it would be normalised to, which is seen a hundred times as fast as done.
    """
    for wide, narrow in _NARROW:
        text = text.replace(wide, narrow)
    return text


def fold(text: str, *, traditional: bool = True) -> str:
    """For comparing only: compatibility forms, case, punctuation and white space levelled.

    `traditional` also maps traditional characters to simplified ones.
    """
    folded = unicodedata.normalize("NFKC", _with_narrow_marks(mend_radicals(text))).casefold()
    if traditional:
        folded = to_simplified(folded)
    if _INVISIBLES.search(folded):
        folded = folded.translate(_INVISIBLE)
    return _NOT_WORD.sub("", folded)
