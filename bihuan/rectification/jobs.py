"""What goes by the calendar: stops of the clock end on the day that was approved."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from bihuan.journal import clockwatch
from bihuan.journal.timesource import today
from bihuan.rectification.actions.suspensions import end_due_suspensions

logger = logging.getLogger(__name__)


@app.periodic(cron="3 * * * *", periodic_id="rectification.end_suspensions")
@app.task(
    name="rectification.end_suspensions",
    queue="deadlines",
    queueing_lock="rectification.end_suspensions",
    lock="rectification.end_suspensions",
    retry=3,
)
def end_suspensions(timestamp: int = 0) -> int:
    """Let the clocks run again whose day has come; on a clock that cannot be believed nothing moves."""
    doubt = clockwatch.look()
    if doubt is not None:
        logger.error(
            "The machine's clock is not believed (%s); no suspension ends. Run `bihuan clock`.", doubt
        )
        return 0
    return end_due_suspensions(today())
