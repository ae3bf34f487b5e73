"""Every minute: what is queued finds its ways out, and what is due leaves."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.outlets.carrying import carry
from bihuan.outlets.clearing import clear_old
from bihuan.outlets.routing import route


@app.periodic(cron="* * * * *", periodic_id="outlets.carry")
@app.task(name="outlets.carry", queue="messages", queueing_lock="outlets.carry", lock="outlets.carry")
def carry_messages(timestamp: int = 0) -> int:
    """Route and send. Without an outlet: one look at an index, and no connection is tried."""
    route()
    return carry()


@app.periodic(cron="10 4 * * *", periodic_id="outlets.clear")
@app.task(name="outlets.clear", queue="messages", queueing_lock="outlets.clear")
def clear(timestamp: int = 0) -> int:
    """Forget what was delivered long ago; what failed stays as long."""
    return clear_old()
