"""Once a day: replay the whole journal, then sign its heads as they stand."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from bihuan.journal.checkpoints import take_checkpoint
from bihuan.journal.verify.whole import verify_journal

if TYPE_CHECKING:
    from bihuan.journal.verify.report import Tally

logger = logging.getLogger(__name__)


# 21:40 in UTC is before the working day where this program is used; the queue's own clock decides, business has no say.
@app.periodic(cron="40 21 * * *", periodic_id="journal.daily_checkpoint")
@app.task(
    name="journal.daily_checkpoint",
    queue="journal",
    queueing_lock="journal.daily_checkpoint",
    lock="journal.daily_checkpoint",
)
def daily_checkpoint(timestamp: int = 0) -> int:
    """Sign the heads even when something was found altered, but say that they were not verified; returns the faults.

    One process: a worker has threads of its own and must not be forked.
    """
    whole = verify_journal(processes=1, done={}, progress=_silent)
    if whole.wrong:
        logger.error("The journal does not verify: %s places. Run `bihuan verify`.", len(whole.wrong))
    take_checkpoint(verified=not whole.wrong)
    return len(whole.wrong)


def _silent(count: int, total: int, tally: Tally) -> None:
    """Nobody watches a job."""
