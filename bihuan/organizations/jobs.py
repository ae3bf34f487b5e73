"""Background work of this room: keeping the alarms of vacant posts."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.journal.action import Actor
from bihuan.organizations.actions.vacancies import keep_vacancies


@app.periodic(cron="*/10 * * * *", periodic_id="organizations.keep_alarms")
@app.task(
    name="organizations.keep_alarms",
    queue="organizations",
    queueing_lock="organizations.keep_alarms",
    lock="organizations.keep_alarms",
)
def keep_alarms(timestamp: int = 0) -> int:
    """A tenure that began or ended with the day, and what has come to wait meanwhile."""
    return keep_vacancies(actor=Actor.the_system("organizations.keep_alarms"))


@app.task(
    name="organizations.keep_alarms_now", queue="organizations", lock="organizations.keep_alarms", retry=3
)
def keep_alarms_now() -> int:
    """The same, after somebody left or took a post, or something was addressed to a vacant one."""
    return keep_alarms()
