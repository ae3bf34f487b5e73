"""Background work: what a change elsewhere means for more problems than one transaction holds, and folding counters."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app

from bihuan.journal.action import Actor, run_in_blocks
from bihuan.ledger.actions.stewards import follow_stewards
from bihuan.ledger.comparing import sought_for
from bihuan.ledger.counters import fold
from bihuan.ledger.duplicates import alike
from bihuan.ledger.following import BLOCK, reach_of
from bihuan.ledger.models import Hint, Waiting
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Stewardship

AT_A_TIME: Final = 100


@app.task(name="ledger.follow_stewards", queue="ledger", lock="ledger.follow_stewards", retry=3)
def follow_rest(batch: str, stewardships: Sequence[str], places: Sequence[str], former: Sequence[str]) -> int:
    """Involve new stewards and let go of former ones, block by block; killed in between, it goes on where it stopped."""
    held = Stewardship.objects.filter(pk__in=stewardships).select_related("territory")
    problems = reach_of(held, places).only("id")
    actor = Actor.the_system(LedgerVerb.FOLLOW_STEWARDS.value)
    blocks = run_in_blocks(
        follow_stewards,
        problems,
        batch=uuid.UUID(batch),
        size=BLOCK,
        former=[uuid.UUID(unit) for unit in former],
        actor=actor,
    )
    return sum(block.count for block in blocks if block.refusal is None)


@app.periodic(cron="* * * * *", periodic_id="ledger.fold_counters")
@app.task(
    name="ledger.fold_counters",
    queue="ledger",
    queueing_lock="ledger.fold_counters",
    lock="ledger.fold_counters",
)
def fold_counters(timestamp: int = 0) -> int:
    """Doing it twice, or late, or never, changes no number anybody reads; only how many rows are added up."""
    return fold()


@app.task(name="ledger.compare_waiting", queue="ledger", lock="ledger.compare_waiting", retry=3)
def compare_waiting() -> int:
    """Compare in full what was taken in with many others; killed in between, it goes on with those that still wait."""
    compared = 0
    while block := compare_some():
        compared += block
    return compared


def compare_some(most: int = AT_A_TIME) -> int:
    """Compare a few of those that wait and keep what they may repeat, all in one transaction; returns how many."""
    actor = Actor.the_system("ledger.compare_waiting")
    with transaction.atomic():
        waiting = list(
            Waiting.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("problem")
            .order_by("problem")[:most]
        )
        hints = [
            Hint(problem=one.problem, like=found.problem, percent=found.percent)
            for one in waiting
            # Of two that are alike the later one says so; the earlier was there first.
            for found in alike(sought_for(one.problem), actor=actor)
            if found.problem.pk < one.problem.pk
        ]
        Hint.objects.bulk_create(hints, ignore_conflicts=True)
        Waiting.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    return len(waiting)
