"""The sweep, every ten minutes: at midnight it lets the lights change, after a stop it makes up for what was missed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.deadlines.actions import sweep_all


@app.periodic(cron="*/10 * * * *", periodic_id="deadlines.sweep")
@app.task(name="deadlines.sweep", queue="deadlines", queueing_lock="deadlines.sweep", lock="deadlines.sweep")
def sweep(timestamp: int = 0) -> int:
    """Let the lights change whose day has come. An idle run costs one look at an index."""
    return sweep_all()
