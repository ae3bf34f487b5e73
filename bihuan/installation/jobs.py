"""Looks after the job queue itself: what a killed worker held is taken up again."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

# A worker sends a sign of life every ten seconds; after this long without one it is dead, not slow.
SILENT_SECONDS = 45


@app.periodic(cron="* * * * *")
@app.task(
    name="installation.take_up_stalled_jobs",
    queueing_lock="installation.take_up_stalled_jobs",
    retry=RetryStrategy(max_attempts=3, wait=5),
    pass_context=True,
)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> int:
    """Put jobs whose worker died back into the queue; they are written so that doing them twice is harmless."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in stalled:
        await manager.retry_job(job)
    return len(stalled)
