"""Which pictures look nearly like one, among a million: bands of hashes by index, then bits counted in full.

The index brings rows that share a band, the database counts the bits of each in passing, and what is left is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction

from bihuan.files.picture_hashes import BITS, ROUGH, WINDOWS, Alike, alike, probes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

A_BAND: Final = 400
"""So many rows with one band in common are looked at: a band of a million pictures is in a few dozen, one of pictures
that look like everything in thousands, and says nothing.
"""
KEPT: Final = 50
_BITS: Final = f"bit_count((%s::bigint # hashes[%s])::bit({BITS}))"
_PAIRS: Final = (*((0, at) for at in range(len(WINDOWS))), *((at, 0) for at in range(1, len(WINDOWS))))
"""The whole against every window of the other; then every window against the other's whole."""
_NEAR: Final = " OR ".join([f"({_BITS} <= {ROUGH} AND {_BITS} <= {ROUGH})"] * len(_PAIRS))
_STATEMENT: Final = f"""
SELECT DISTINCT met.sha256, met.hashes FROM unnest(%s::int[]) AS band CROSS JOIN LATERAL (
    SELECT sha256, hashes FROM files_filefacts WHERE keys @> ARRAY[band] LIMIT %s
) AS met WHERE {_NEAR}"""  # noqa: S608  (put together from constants)


@dataclass(frozen=True, slots=True)
class NearPicture:
    """A content that looks nearly like the one asked about."""

    sha256: str
    alike: Alike


def near_pictures(hashes: Sequence[int], *, besides: str) -> list[NearPicture]:
    """The contents whose picture is near-same to one with these hashes, the nearest first, but not the content itself."""
    if not hashes:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner knows nothing of how rare a band is, and would rather read the table from its beginning.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(*statement_for(hashes))
        rows = cursor.fetchall()
        cursor.execute("SET LOCAL enable_seqscan = on")
    found = [
        NearPicture(sha256, pair)
        for sha256, others in rows
        if sha256 != besides and (pair := alike(hashes, others)) is not None and pair.near
    ]
    found.sort(key=lambda one: (one.alike.dct + one.alike.gradient, one.sha256))
    return found[:KEPT]


def statement_for(hashes: Sequence[int]) -> tuple[str, list[Any]]:
    """The one statement of a lookup and its parameters: what shares a band and is near enough to be judged."""
    parameters: list[Any] = [probes_of(hashes), A_BAND]
    for own, other in _PAIRS:
        parameters += [hashes[2 * own], 2 * other + 1, hashes[2 * own + 1], 2 * other + 2]
    return _STATEMENT, parameters
