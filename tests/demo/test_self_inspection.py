"""The city's own drives: one brought to its end, its successor and the large one under way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.demo.clock import Clock
from bihuan.demo.founding import found_city
from bihuan.demo.self_inspection import PLAN_BEFORE, SelfInspection
from bihuan.drives.models import Drive, DriveLine
from bihuan.journal import timesource
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Problem

UNTIL = date(2026, 11, 26)


@pytest.mark.django_db
def test_the_city_looks_for_its_own_problems() -> None:
    with timesource.at(datetime(2026, 1, 5, 1, tzinfo=UTC)):
        city = found_city()
    clock = Clock(UNTIL - timedelta(days=PLAN_BEFORE))
    for begins, course in SelfInspection(city, clock).courses(UNTIL):
        clock.go_to(begins)
        for wait in course:
            clock.on(wait)
    states = {drive.batch.title: drive.state for drive in Drive.objects.select_related("batch")}
    assert states == {
        "安全生产常态自查（2026年第3季度）": "concluded",
        "安全生产常态自查（2026年第4季度）": "issued",
        "岁末年初安全稳定大排查大起底": "issued",
    }
    found = Problem.objects.filter(self_reported=True)
    assert (found.count(), found.filter(fixed_on_entry=True).count()) == (5, 2)
    assert set(DriveLine.objects.values_list("state", flat=True)) == set(DriveLine.State.values)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []
