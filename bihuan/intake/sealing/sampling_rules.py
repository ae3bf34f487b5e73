"""Which passages the second person looks at again: decided by the journal's heads and a policy, by nobody's choice.

The seed is taken over the batch, the person who will look, and the head of every document's stream at that moment. The
same person at the same state gets the same sample however often they ask; whoever changes a passage first changes the
sample with it, and the change stands in the journal. `bihuan check_certificate` draws again from the same facts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.draws.lots import Lot, draw
from bihuan.journal.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

# Words that were said not to enter the ledger: what was overlooked is overlooked here.
DROPPED: Final = frozenset(
    {"context", "praise", "requirement", "measure_taken", "duplicate", "not_a_problem"}
)
HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Drawable:
    """A passage as the draw knows it; `key` names it, `document` and `disposition` are what it must represent."""

    key: str
    document: str
    disposition: str


def key_of(document: object, n: int) -> str:
    """A passage's name in a draw: its document's id and its number there."""
    return f"{document}:{n}"


def seed_of(batch: object, person: object, heads: Iterable[Sequence[object]]) -> str:
    """SHA-256 over who looks at what: batch, person, and (stream, seq, hash) of every document."""
    said = {
        "batch": str(batch),
        "person": str(person),
        "heads": sorted([str(one) for one in head] for head in heads),
    }
    return hashlib.sha256(b"bihuan/seal-sample/1\x00" + canonical(said)).hexdigest()


def size_of(total: int, rule: Mapping[str, int]) -> int:
    """How many to draw of so many, by the policy's share, its least and its most."""
    share = -(-total * rule["percent"] // HUNDRED)
    return min(total, max(rule["least"], min(share, rule["most"])))


def sample_of(
    seed: str, passages: Sequence[Drawable], rule: Mapping[str, int], again: Collection[str] = ()
) -> list[str]:
    """The keys drawn: every document and disposition represented, and whatever was found wrong before (`again`)."""
    lots = [
        Lot(
            passage.key,
            rule["dropped_weight"] if passage.disposition in DROPPED else 1,
            (
                f"document:{passage.document}",
                f"disposition:{passage.disposition}",
                *([f"again:{passage.key}"] if passage.key in again else []),
            ),
        )
        for passage in passages
    ]
    return draw(seed, lots, size_of(len(lots), rule))
