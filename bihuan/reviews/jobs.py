"""What goes by the calendar, every hour: the next call of a series, and those who have not answered are reminded."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.journal.timesource import today
from bihuan.reviews.actions import call_due, remind_due


@app.periodic(cron="11 * * * *", periodic_id="reviews.call")
@app.task(name="reviews.call", queue="reviews", queueing_lock="reviews.call", lock="reviews.call", retry=3)
def call(timestamp: int = 0) -> int:
    """Make the calls that are due. An idle run costs one look at an index."""
    return call_due(today())


@app.periodic(cron="41 * * * *", periodic_id="reviews.remind")
@app.task(
    name="reviews.remind", queue="reviews", queueing_lock="reviews.remind", lock="reviews.remind", retry=3
)
def remind(timestamp: int = 0) -> int:
    """Remind those whose day has come; whoever was reminded today is not again."""
    return remind_due(today())
