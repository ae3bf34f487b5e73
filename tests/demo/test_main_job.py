from __future__ import annotations

from datetime import date, timedelta

import pytest

from bihuan.demo.bench.fill import fill, templates
from bihuan.demo.clock import Clock
from bihuan.demo.founding import found_city
from bihuan.demo.main_job import MainJob
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_derived, verify_journal
from bihuan.ledger.lifecycle import MOVED_BY

FIRST_DAY = date(2026, 3, 2)


def moved(event: JournalEvent) -> bool:
    """Whether the event put a problem into another state."""
    return any(
        stream.startswith("ledger.problem:") and "state" in columns
        for stream, columns in event.body["changes"].items()
    )


@pytest.mark.django_db
def test_the_main_job_runs_and_the_ledger_verifies() -> None:
    clock, said = Clock(FIRST_DAY), []
    with clock.now():
        city = found_city()
    clock.on(1)
    problem = MainJob(city, clock, said.append).run()
    problem.refresh_from_db()
    assert (problem.state, problem.round) == ("rectifying", 2)
    assert len(said) >= 10
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    tally.add(verify_derived())
    assert tally.wrong == []
    assert {event.verb for event in JournalEvent.objects.filter(kind="problem") if moved(event)} <= MOVED_BY
    assert FIRST_DAY + timedelta(days=1) < clock.day
    # What the benchmark fills a ledger with must be as true as what people wrote.
    before = tally.events
    loaded = fill(list(templates(3)), 7, lambda words: None)
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    tally.add(verify_derived())
    assert (tally.wrong, tally.events) == ([], before + loaded)
