"""The sweep, every ten minutes: at midnight it lets the lights change, after a stop it makes up for what was missed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.deadlines.actions import recount_all, sweep_all


@app.periodic(cron="*/10 * * * *", periodic_id="deadlines.sweep")
@app.task(name="deadlines.sweep", queue="deadlines", queueing_lock="deadlines.sweep", lock="deadlines.sweep")
def sweep(timestamp: int = 0) -> int:
    """Let the lights change whose day has come. An idle run costs one look at an index."""
    return sweep_all()


@app.task(name="deadlines.recount", queue="deadlines", lock="deadlines.sweep", retry=3)
def recount(year: int) -> int:
    """Count again what was counted before the holidays of a year were known. Doing it twice changes nothing twice."""
    return recount_all(year)
