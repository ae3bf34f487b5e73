"""A prediction stored when a candidate enters the ledger, inside the action that enters it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from bihuan.learning.classifiers import starting_version
from bihuan.learning.models import Prediction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bihuan.ledger.models import Problem

LONGEST_REASON = 40


def remember(said: Iterable[tuple[Problem, Mapping[str, Any]]]) -> None:
    """What was read out of each candidate (its proposals), beside the problem it became; one insert for all."""
    rows = [
        Prediction(
            problem=problem,
            model_id=UUID(proposals["sector_model"]) if proposals.get("sector_model") else None,
            version=str(proposals.get("sector_version") or starting_version())[:40],
            proposed=str(proposals["sector"])[:80],
            percent=int(proposals.get("sector_percent") or 0),
            spoke=bool(proposals.get("sector_sure")),
            reasons=[str(word)[:LONGEST_REASON] for word in proposals.get("sector_reasons", ())],
        )
        for problem, proposals in said
        if proposals.get("sector")
    ]
    if rows:
        Prediction.objects.bulk_create(rows)
