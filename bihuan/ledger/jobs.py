"""Background work: what a change elsewhere means for more problems than one transaction holds, and folding counters."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from procrastinate.contrib.django import app

from bihuan.journal.action import Actor, run_in_blocks
from bihuan.ledger.actions.stewards import follow_stewards
from bihuan.ledger.counters import fold
from bihuan.ledger.following import BLOCK, reach_of
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Stewardship


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
