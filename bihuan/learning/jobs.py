"""Background work of this room: a training, and the schedule that asks for one."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from bihuan.learning import schedule, training


@app.task(name="learning.train", queue="learning", lock="learning.train", retry=2)
def train(model: str) -> str:
    """Learn, measure, and take the model into use if it is better; one at a time on the whole installation."""
    return training.train(uuid.UUID(model))


@app.periodic(cron="20 18 * * *", periodic_id="learning.ask_when_due")
@app.task(name="learning.ask_when_due", queue="learning", queueing_lock="learning.ask_when_due")
def ask_when_due(timestamp: int = 0) -> int:
    """Ask for a training wherever the policy's days are over and labels were confirmed since. Night in China."""
    return schedule.ask_where_due()
