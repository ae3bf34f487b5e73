"""The words two texts have in common, as a person would point them out: whole runs, not pairs of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.text.tokens import pairs, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST: Final = 5
SHORTEST: Final = 2


def words_shared(one: str, other: str, weight: Callable[[str], float], *, most: int = MOST) -> list[str]:
    """The weightiest runs that stand in both texts, the weightiest first; none stands inside another."""
    spoken = " ".join(run for _is_han, run in runs(other))
    found = {run: _weight(run, weight) for run in _common(one, spoken)}
    chosen: list[str] = []
    for run in sorted(found, key=lambda word: (-found[word], word)):
        if len(chosen) == most:
            break
        if not any(run in longer or longer in run for longer in chosen):
            chosen.append(run)
    return chosen


def _common(text: str, spoken: str) -> Iterator[str]:
    for is_han, run in runs(text):
        if not is_han:
            if f" {run} " in f" {spoken} ":
                yield run
            continue
        start = 0
        while start < len(run) - 1:
            end = start
            while end < len(run) and run[start : end + 1] in spoken:
                end += 1
            if end - start >= SHORTEST:
                yield run[start:end]
            start = max(start + 1, end)


def _weight(run: str, weight: Callable[[str], float]) -> float:
    """Two rare pairs say more than five common ones: the mean counts, and length a little."""
    own = pairs(run) if run[0] >= "\u3007" else [run]
    return sum(map(weight, own or [run])) / max(1, len(own)) * (1 + 0.1 * min(len(own), 6))
