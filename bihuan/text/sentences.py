"""Cutting text into sentences and clauses. The pieces put together are the text again, character for character."""

from __future__ import annotations

import re

from bihuan.text.outline import enumerators

_ENDS = "。！？；!?;…"
_CLOSERS = "”’』」》）)】〕\"'"
_PAIRS = {
    "“": "”",
    "（": "）",
    "《": "》",
    "‘": "’",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
    "(": ")",
}
_LONGEST_QUOTATION = 400
_CLAUSE_ENDS = "，,；;。！!？?"


def _protected(text: str) -> list[bool]:
    """For each character whether it stands inside quotation marks or brackets that are closed again nearby."""
    inside = [False] * len(text)
    at = 0
    while at < len(text):
        closer = _PAIRS.get(text[at])
        if closer:
            end = _closing(text, at, text[at], closer)
            if end is not None:
                inside[at : end + 1] = [True] * (end + 1 - at)
                at = end
        at += 1
    return inside


def _closing(text: str, start: int, opener: str, closer: str) -> int | None:
    depth = 0
    for at in range(start, min(len(text), start + _LONGEST_QUOTATION)):
        if text[at] == opener:
            depth += 1
        elif text[at] == closer:
            depth -= 1
            if not depth:
                return at
    return None


def sentences(text: str, *, ends: str = _ENDS) -> list[str]:
    """Sentences, and the members of an enumeration (一是…二是…). Quotations are never cut."""
    inside = _protected(text)
    cuts = {at for at, _ in enumerators(text) if not inside[at]}
    at = 0
    while at < len(text):
        if text[at] in ends and not inside[at]:
            end = at + 1
            while end < len(text) and (text[end] in ends or text[end] in _CLOSERS) and not _opens(text, end):
                end += 1
            cuts.add(end)
            at = end
        else:
            at += 1
    return _cut(text, cuts)


def _opens(text: str, at: int) -> bool:
    # A straight quotation mark after a full stop may begin the next quotation rather than end this one.
    return text[at] in "\"'" and text[:at].count(text[at]) % 2 == 0


def clauses(text: str) -> list[str]:
    """Parts between commas, with the comma at the end of each."""
    inside = _protected(text)
    return _cut(
        text, {at + 1 for at, character in enumerate(text) if character in _CLAUSE_ENDS and not inside[at]}
    )


def _cut(text: str, cuts: set[int]) -> list[str]:
    """Cut at the positions; a piece without any letter or digit joins the piece before it."""
    pieces: list[str] = []
    start = 0
    for end in [*sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]:
        piece = text[start:end]
        start = end
        if not piece:
            continue
        if pieces and not re.search(r"\w", piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
