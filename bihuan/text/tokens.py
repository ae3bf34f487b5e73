"""Tokens that search and similarity share: pairs of neighbouring Chinese characters, and words and numbers whole.

`ZG-2026-0147` stays one token (and gives its parts too), so that a number typed in full finds its one row.
"""

from __future__ import annotations

import re
import unicodedata

# Runs of Han characters; words of letters and digits, joined by the signs numbers are written with.
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9a-z]+(?:[-./〔〕()][0-9a-z]+)*")
_PARTS = re.compile(r"[0-9a-z]+")
LONGEST_TOKEN = 60


def fold(text: str) -> str:
    """One form for what looks alike: full-width and half-width, upper and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def index_tokens(text: str) -> set[str]:
    """Every token under which a text is filed."""
    tokens: set[str] = set()
    for run in _RUNS.findall(fold(text)):
        if run[0] >= "\u3400":
            tokens.update(pairs(run))
            tokens.update(run)
        else:
            tokens.add(run[:LONGEST_TOKEN])
            tokens.update(part[:LONGEST_TOKEN] for part in _PARTS.findall(run))
    return tokens


def query_tokens(text: str) -> list[str]:
    """The tokens a query asks for, all of which must be there; single characters only when nothing else is given."""
    tokens: list[str] = []
    for run in _RUNS.findall(fold(text)):
        if run[0] >= "\u3400":
            tokens.extend(pairs(run) if len(run) > 1 else [run])
        else:
            tokens.append(run[:LONGEST_TOKEN])
    return list(dict.fromkeys(tokens))


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters of one run."""
    return [run[i : i + 2] for i in range(len(run) - 1)]
