"""What goes by the calendar, every hour: plans whose day has come call, and those who have not answered are reminded."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.drives.actions import remind_due
from bihuan.drives.planning import call_due
from bihuan.journal.timesource import today


@app.periodic(cron="7 * * * *", periodic_id="drives.call")
@app.task(name="drives.call", queue="drives", queueing_lock="drives.call", lock="drives.call", retry=3)
def call(timestamp: int = 0) -> int:
    """Make the calls that are due. An idle run costs one look at an index."""
    return call_due(today())


@app.periodic(cron="37 * * * *", periodic_id="drives.remind")
@app.task(name="drives.remind", queue="drives", queueing_lock="drives.remind", lock="drives.remind", retry=3)
def remind(timestamp: int = 0) -> int:
    """Remind those whose day has come; whoever was reminded today is not again. An idle run costs one look at an index."""
    return remind_due(today())
