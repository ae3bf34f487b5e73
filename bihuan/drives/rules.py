"""Decisions of a drive, pure: what may follow what, and which cells of the coverage are blank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from bihuan.drives.verbs import Verb

# (from, verb) -> to. The first table is a drive's, the second one a called unit's line.
DRIVE: Final = {
    ("draft", Verb.ISSUE): "issued",
    ("issued", Verb.CONCLUDE): "concluded",
}
LINE: Final = {
    ("asked", Verb.ACKNOWLEDGE): "acknowledged",
    ("acknowledged", Verb.ANSWER_ROWS): "answered",
    ("acknowledged", Verb.ANSWER_FILE): "answered",
    # A unit that finds more adds to its answer.
    ("answered", Verb.ANSWER_ROWS): "answered",
    ("answered", Verb.ANSWER_FILE): "answered",
    ("acknowledged", Verb.PREPARE_NIL): "nil_prepared",
    # Prepared in error: problems were found before the head signed.
    ("nil_prepared", Verb.ANSWER_ROWS): "answered",
    ("nil_prepared", Verb.ANSWER_FILE): "answered",
    ("nil_prepared", Verb.PREPARE_NIL): "nil_prepared",
    ("nil_prepared", Verb.SIGN_NIL): "nil",
    ("asked", Verb.EXCUSE): "excused",
    ("acknowledged", Verb.EXCUSE): "excused",
    ("nil_prepared", Verb.EXCUSE): "excused",
}
OPEN_LINES: Final = frozenset({"asked", "acknowledged", "nil_prepared"})
SETTLED_WHOLE: Final = frozenset({"nil", "excused"})


def blank_sectors(
    state: str, sectors: Iterable[str], found: Mapping[str, int], explained: Collection[str]
) -> list[str]:
    """The sectors of a unit nobody has accounted for: no problem known, no nil return, no explanation."""
    if state in SETTLED_WHOLE:
        return []
    return [code for code in sectors if not found.get(code) and code not in explained]
