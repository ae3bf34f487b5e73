"""A table of fingerprints as large as one likes, and asking it for pictures whose answers are known.

Most rows are numbers as chance makes them, for no machine here draws a million pictures; some hundred are of real ones,
drawn, changed and asked for. A share of the rows are dull pictures, all nearly alike: their bands are in thousands of rows.
"""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import connection, transaction

from bihuan.demo.bench.made_pictures import CHANGES, scene
from bihuan.demo.bench.measure import WARM_UP, sent, summed, timed
from bihuan.files.near_pictures import A_BAND, near_pictures
from bihuan.files.picture_hashes import BITS, WINDOWS, hashes_of, keys_of, probes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection

BLOCK: Final = 20_000
DULL: Final = 0.03
PROTOTYPES: Final = 40
PLANTED: Final = 300
NEW: Final = "new pictures"
COMMON: Final = "dull pictures"
KINDS: Final = (*CHANGES, NEW, COMMON)
COPY: Final = (
    "COPY files_filefacts (sha256, failure, width, height, device, general, hashes, keys, made_at) FROM STDIN"
)
_LINE: Final = "{name}\t\t480\t360\t\tf\t{{{hashes}}}\t{{{keys}}}\t2026-01-01 00:00:00+00\n"
_IDS: Final = (
    "SELECT DISTINCT met.id FROM unnest(%s::int[]) AS band CROSS JOIN LATERAL "
    "(SELECT id FROM files_filefacts WHERE keys @> ARRAY[band] LIMIT %s) AS met"
)
_BY_ID: Final = "SELECT count(hashes[1]) FROM files_filefacts WHERE id = ANY(%s)"
Words = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


def fill(rows: int, owner: Connection[Any], progress: Callable[[str], None]) -> None:
    """Rows as chance makes them, then those of drawn pictures; the index is made at the end."""
    (definition,) = owner.execute("SELECT pg_get_indexdef('file_facts_keys'::regclass)").fetchone() or ("",)
    owner.execute("DROP INDEX file_facts_keys")
    dice = np.random.default_rng(20260301)
    dull = _words(dice, PROTOTYPES)
    with owner.cursor() as cursor, cursor.copy(COPY) as copy:
        for start in range(0, rows, BLOCK):
            for line in _block(start, min(BLOCK, rows - start), dice, dull):
                copy.write(line)
            progress(f"{start:,}")
        for seed in range(PLANTED):
            copy.write(_line(name_of(seed), hashes_of(scene(seed))))
    progress("index")
    owner.execute(definition)
    owner.execute("VACUUM (ANALYZE) files_filefacts")


def name_of(seed: int) -> str:
    """What stands for the digest of a drawn picture."""
    return f"drawn-{seed:058d}"


def _words(dice: np.random.Generator, *shape: int) -> Words:
    found: Words = dice.integers(0, 1 << BITS, size=shape, dtype=np.uint64)
    return found


def _block(start: int, count: int, dice: np.random.Generator, dull: Words) -> Iterator[str]:
    """A window differs from its whole in some eight bits, a dull picture from its like in one or two."""
    whole = _words(dice, count, 1, 2)
    chosen = dice.random(count) < DULL
    few = _words(dice, count) & _words(dice, count) & _words(dice, count)
    few &= _words(dice, count) & _words(dice, count)
    whole[chosen, 0, 0] = (dull[dice.integers(0, len(dull), count)] ^ few)[chosen]
    flips = _words(dice, count, len(WINDOWS), 2)
    flips &= _words(dice, *flips.shape) & _words(dice, *flips.shape)
    flips[:, 0] = 0
    hashes = (whole ^ flips).reshape(count, -1)
    for at, row in enumerate(hashes.view(np.int64).tolist()):
        yield _line(f"{start + at:064d}", row)


def _line(name: str, hashes: list[int]) -> str:
    keys = ",".join(map(str, keys_of(hashes)))
    return _LINE.format(name=name, hashes=",".join(map(str, hashes)), keys=keys)


@dataclass
class Found:
    """What asking for pictures of one kind gave."""

    kind: str
    times: list[tuple[float, float]] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    met: list[int] = field(default_factory=list)
    answers: int = 0
    found: int = 0
    others: int = 0

    def as_json(self, queries: int) -> dict[str, Any]:
        """For machines; nothing was to be found where nothing was planted."""
        cost = summed(self.kind, self.times, queries, statistics.median(self.floors))
        return cost.as_json() | {
            "asked": len(self.times),
            "bands_in_common": int(statistics.median(self.met)),
            "recall": f"{self.found / self.answers:.3f}" if self.answers else None,
            "others_shown": f"{self.others / len(self.times):.2f}",
        }


def ask(lookups: int) -> list[dict[str, Any]]:
    """So many rounds, in each a picture of every kind: what is read for the first time falls on all kinds alike."""
    found = [Found(kind) for kind in KINDS]
    for at in range(lookups + WARM_UP):
        for one in found:
            hashes, answer = _asked(one.kind, at)
            _note(one, hashes, answer, counts=at >= WARM_UP)
    queries = len(sent(lambda: near_pictures(_asked(NEW, 0)[0], besides="")))
    return [one.as_json(queries) for one in found]


def _asked(kind: str, at: int) -> tuple[list[int], str]:
    """The hashes to ask with, and the row that is to be found."""
    if kind == NEW:
        return hashes_of(scene(PLANTED + at)), ""
    if kind == COMMON:
        return _of_the_dull(at), ""
    dice = random.Random(f"{kind}{at}")  # noqa: S311  (which side is cut off is no secret)
    seed = dice.randrange(PLANTED)
    return hashes_of(CHANGES[kind](scene(seed), dice)), name_of(seed)


def _of_the_dull(at: int) -> list[int]:
    prototypes = _words(np.random.default_rng(20260301), PROTOTYPES)
    others = np.random.default_rng(at)
    hashes = _words(others, 2 * len(WINDOWS))
    hashes[0] = prototypes[at % PROTOTYPES]
    return [int(value) for value in hashes.view(np.int64)]


def _note(one: Found, hashes: list[int], answer: str, *, counts: bool) -> None:
    shown: list[str] = []
    spent = timed(lambda: shown.extend(near.sha256 for near in near_pictures(hashes, besides="")))
    if not counts:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_IDS, [probes_of(hashes), A_BAND])
        ids = [pk for (pk,) in cursor.fetchall()]
        one.floors.append(timed(lambda: cursor.execute(_BY_ID, [ids]))[0])
    one.times.append(spent)
    one.met.append(len(ids))
    one.answers += bool(answer)
    one.found += answer in shown
    one.others += sum(name != answer for name in shown)
