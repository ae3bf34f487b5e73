"""The sweep, every ten minutes: at midnight it lets the lights change, after a stop it makes up for what was missed."""

from __future__ import annotations

import logging
import uuid

from procrastinate.contrib.django import app

from bihuan.deadlines.actions import recount_all, sweep_all
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.deadlines.reapplications import apply_all
from bihuan.deadlines.trial.running import run
from bihuan.journal import clockwatch

logger = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *", periodic_id="deadlines.sweep")
@app.task(name="deadlines.sweep", queue="deadlines", queueing_lock="deadlines.sweep", lock="deadlines.sweep")
def sweep(timestamp: int = 0) -> int:
    """Let the lights change whose day has come, then ask the ladder. An idle run costs one look at each index.

    On a clock that cannot be believed nothing moves: what it would send and propose could not be called back.
    """
    doubt = clockwatch.look()
    if doubt is not None:
        logger.error("The machine's clock is not believed (%s); nothing is swept. Run `bihuan clock`.", doubt)
        return 0
    changed = sweep_all()
    climb_all()
    return changed


@app.task(name="deadlines.recount", queue="deadlines", lock="deadlines.sweep", retry=3)
def recount(year: int) -> int:
    """Count again what was counted before the holidays of a year were known. Doing it twice changes nothing twice."""
    return recount_all(year)


@app.task(name="deadlines.apply_reapplication", queue="deadlines", lock="deadlines.sweep", retry=3)
def apply_reapplication(reapplication: str) -> int:
    """Apply a granted re-application, block by block; a block done stays done, whoever starts it again."""
    return apply_all(uuid.UUID(reapplication))


@app.task(name="deadlines.try_version", queue="deadlines", retry=3)
def try_version(trial: str) -> int:
    """Go on with a trial where it stands; how many cases it has looked at."""
    return run(uuid.UUID(trial))
