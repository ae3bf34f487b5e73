"""Eighteen months of the city, every case begun on its day and all of them going on side by side."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.actions import sweep_all
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.demo.cases import CASES, Case
from bihuan.demo.clock import Clock
from bihuan.demo.courses import HELD_BACK, Course, Telling
from bihuan.demo.feedback import Feedback
from bihuan.demo.founding import City
from bihuan.demo.leaders import Leaders
from bihuan.demo.letters import Letters
from bihuan.demo.monthly_reviews import MonthlyReviews
from bihuan.demo.pressing import Pressing
from bihuan.demo.saying import Say
from bihuan.demo.self_inspection import SelfInspection
from bihuan.demo.sittings import Sittings
from bihuan.drives.actions import remind_due
from bihuan.ledger.models import Problem

MONTHS_AGO = timedelta(days=540)
BEGIN_BEFORE = {
    "reviewing": timedelta(days=75),
    "amended": timedelta(days=48),
    "owing": timedelta(days=58),
}
"""So long before the last day those begin that are to stand before the sitting, or to have come far enough to show."""
SWEEP_EVERY = timedelta(days=7)


def tell_history(
    city: City,
    clock: Clock,
    until: date,
    *,
    cases: Sequence[Case] = CASES,
    say: Say,
) -> None:
    """Run all cases up to `until`; once a week lights change and units are reminded, as the jobs would have done it."""
    agenda: list[tuple[date, int, Course]] = []
    for number, case in enumerate(cases, start=1):
        begins = _beginning(clock.day, until, number, len(cases), case)
        agenda.append((begins, number, Telling(city, clock, case, number).run()))
    others = [
        *Feedback(city, clock).courses(until),
        *SelfInspection(city, clock).courses(until),
        *Letters(city, clock).courses(until),
        *MonthlyReviews(city, clock).courses(until),
        *Sittings(city, clock).courses(until),
        *Leaders(city, clock).courses(until),
        *Pressing(city, clock).courses(until),
    ]
    for number, (begins, course) in enumerate(others, start=len(cases) + 1):
        agenda.append((begins, number, course))
    run_side_by_side(agenda, clock, until)
    clock.go_to(until)
    with clock.now():
        sweep_all()
        climb_all()
    say(
        _("演示历史：%(count)s 个问题，自 %(since)s 至 %(until)s。"),
        count=Problem.objects.count(),
        since=until - MONTHS_AGO,
        until=until,
    )


def run_side_by_side(agenda: list[tuple[date, int, Course]], clock: Clock, until: date) -> None:
    """Every course from its day on, one act after the other on one clock; lights and ladder looked at once a week."""
    heapq.heapify(agenda)
    swept = clock.day
    while agenda:
        day, number, course = heapq.heappop(agenda)
        if day > until:
            continue
        clock.go_to(day)
        if clock.day - swept >= SWEEP_EVERY:
            with clock.now():
                sweep_all()
                climb_all()
                remind_due(clock.day)
            swept = clock.day
        wait = next(course, None)
        if wait is not None:
            heapq.heappush(agenda, (clock.day + timedelta(days=wait), number, course))


def _beginning(first: date, until: date, number: int, count: int, case: Case) -> date:
    """Cases that are to be seen under way begin late, those that run to their end early."""
    span = (until - first).days
    if case.course in BEGIN_BEFORE:
        return until - BEGIN_BEFORE[case.course]
    if case.course in HELD_BACK | {"noticed"}:
        return until - timedelta(days=60 - (number * 7) % 40)
    return first + timedelta(days=2 + (number * span // (count + 1)) * 2 // 3)
