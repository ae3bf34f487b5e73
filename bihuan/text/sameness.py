"""The same words, or nearly: what two texts can be told alike by without laying them side by side.

A digest says whether two texts are equal once width, case, punctuation and white space are levelled. A signature stands
for the set of a text's runs of three characters (MinHash): keys are equal in two signatures about as often as the texts
have runs in common, so that an index over keys finds near copies among a million rows. Both are made to be stored; a
change to either is a change of stored data and needs its migration.
"""

from __future__ import annotations

import random
from functools import cache, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from bihuan.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

RUN: Final = 3
KEYS: Final = 12
# A key joins two minima: it is equal for texts that share most of their runs, rarely for those that share a few.
MINIMA_A_KEY: Final = 2
LONGEST: Final = 4000
_SEED: Final = 20260301


@cache
def _factors() -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd numbers fixed for ever: of letters, of permutations, of what joins two minima, of places."""
    # Here, for numpy takes a sixth of a second and 20 MB of whoever starts the program.
    import numpy as np

    seed = random.Random(_SEED)  # noqa: S311  (no secret)

    def odd(*shape: int) -> NDArray[np.uint64]:
        count = int(np.prod(shape))
        return np.array([seed.getrandbits(64) | 1 for _ in range(count)], dtype=np.uint64).reshape(shape)

    letters, permutations, join = odd(RUN), odd(KEYS * MINIMA_A_KEY, 1), odd(MINIMA_A_KEY)
    return letters, permutations, join, np.arange(KEYS, dtype=np.uint64) * odd(1)


@lru_cache(maxsize=4)
def folded(text: str) -> str:
    """`fold`, remembered: a digest and a signature are wanted of the same text, one after the other."""
    return fold(text)


def digest_of(text: str) -> int:
    """64 bits with a sign, as a database's bigint: equal for equal words."""
    return int.from_bytes(blake2b(folded(text).encode(), digest_size=8).digest(), "big", signed=True)


def runs_of(text: str) -> set[str]:
    """The runs of three characters of a text; of a very long one, of its beginning. A shorter text is its own run."""
    words = folded(text)[:LONGEST]
    return {words[at : at + RUN] for at in range(max(1, len(words) - RUN + 1))} - {""}


def signature_of(text: str) -> list[int]:
    """Twelve keys of 32 bits with a sign, in their order; none for a text without a word."""
    words = folded(text)[:LONGEST]
    if not words:
        return []
    import numpy as np

    of_letters, permutations, join, places = _factors()
    half = np.uint64(32)
    letters = np.frombuffer(words.ljust(RUN, "\0").encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    runs = sum(letters[at : len(letters) - RUN + 1 + at] * of_letters[at] for at in range(RUN))
    # Folded in on itself: a factor alone would keep neighbours neighbours.
    mixed = runs ^ (runs >> half)
    minima = ((mixed * permutations) >> half).min(axis=1).reshape(KEYS, MINIMA_A_KEY)
    # A key says which of the twelve it is, or equal minima at different places would meet.
    keys = ((minima * join).sum(axis=1) + places) >> half
    return [int(key) for key in keys.astype(np.uint32).view(np.int32)]


def keys_shared(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of keys two signatures have in common, place by place; 0 where one of them is empty."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / KEYS


def share_of(one: set[str], other: set[str]) -> float:
    """How much of the runs of two texts is common to both: 1 for the same words, 0 for none."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0
