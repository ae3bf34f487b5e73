"""Suggestions become candidates like any other, marked with whose idea they were; inside the action that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bihuan.intake.disposing import propose, standing_on
from bihuan.intake.language_model.leaving import OPEN, wants_opinion
from bihuan.intake.language_model.prompt import SHORTEST_TEXT
from bihuan.intake.models import Candidate, Passage
from bihuan.intake.quoting import text_of, title_of
from bihuan.text.normalise import joined
from bihuan.text.secrecy import clue_about_person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.intake.models import IntakeDocument


def hear(document: IntakeDocument, suggestions: Sequence[Mapping[str, Any]], name: str) -> dict[str, int]:
    """Everything is checked against the rows as they stand now: people may have worked on them meanwhile."""
    counts = {"proposed": 0, "opinions": 0, "passed_over": 0}
    live = standing_on(document, {n for one in suggestions for n in one["passages"]})
    touched: list[Candidate] = []
    for one in suggestions:
        numbers, sector = list(one["passages"]), str(one["sector"])
        on = [candidate for candidate in live if set(numbers) & set(candidate.passages)]
        mark = {"model_name": name, "model_sector": sector}
        if on:
            wanting = [candidate for candidate in on if sector and wants_opinion(candidate)]
            for candidate in wanting:
                candidate.proposals = {**candidate.proposals, **mark}
            touched += wanting
            counts["opinions" if wanting else "passed_over"] += 1
        elif (made := _proposed(document, numbers, str(one["text"]), mark)) is not None:
            live.append(made)
            counts["proposed"] += 1
        else:
            counts["passed_over"] += 1
    Candidate.objects.save_all(dict.fromkeys(touched))
    return counts


def _proposed(
    document: IntakeDocument, numbers: list[int], text: str, mark: dict[str, str]
) -> Candidate | None:
    """A candidate on passages nobody has disposed of otherwise, whose words still stand there."""
    rows = list(
        Passage.objects.filter(document=document, n__in=numbers, clue__isnull=True, disposition__in=OPEN)
    )
    stands = len(rows) == len(numbers) and text in joined("".join(joined(row.text) for row in rows))
    if not stands or len(text) < SHORTEST_TEXT or clue_about_person(text_of(rows)):
        return None
    return propose(
        document, rows, title=title_of(text), text=text, marked={**mark, "suggested_by": mark["model_name"]}
    )
