"""Background work of this room."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from bihuan.journal.action import Actor
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem


@app.task(name="authenticity.examine_round", queue="previews", retry=2)
def examine_round(problem: str) -> None:
    """Look at a problem that awaits its verdict; running again raises nothing twice."""
    from bihuan.authenticity.actions import examine

    found = Problem.objects.filter(pk=UUID(problem), state=State.ACCEPTING).first()
    if found is not None:
        examine(found, actor=Actor.the_system("authenticity.examine_round"))


@app.periodic(cron="20 2 * * *", periodic_id="authenticity.remember_reports")
@app.task(name="authenticity.remember_reports", queue="files")
def remember_reports(timestamp: int = 0) -> int:
    """Keys of reports that came before this room did, or were lost: the cache is made whole."""
    from bihuan.authenticity.copies import BLOCK, remember_missing

    made = whole = remember_missing()
    while made == BLOCK:
        made = remember_missing()
        whole += made
    return whole
