from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bihuan.demo.apart import keep_apart
from bihuan.demo.city import PEOPLE, UNITS
from bihuan.demo.clock import Clock
from bihuan.demo.founding import found_city
from bihuan.journal import timesource
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Clue, Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.models import Person, Unit
from bihuan.organizations.queries import first_responsible_person

FIRST_DAY = datetime(2025, 5, 6, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_the_city_is_founded_once_and_verifies() -> None:
    with timesource.at(FIRST_DAY):
        found_city()
        city = found_city()
    assert Unit.objects.count() == len(UNITS) >= 60
    assert Person.objects.count() == len(PEOPLE) >= 25
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    assert tally.wrong == []
    with timesource.at(FIRST_DAY):
        assert first_responsible_person(city.units["YC-SL"]).person == city.people["hejin"]


@pytest.mark.django_db
def test_what_the_city_keeps_apart_is_there_for_those_named() -> None:
    with timesource.at(FIRST_DAY):
        city = found_city()
    clock = Clock(FIRST_DAY.date())
    keep_apart(city, clock)
    with clock.now():
        numbers = {
            name: set(visible(city.actor(name), Problem.objects.all()).values_list("problem_no", flat=True))
            for name in ("sujin", "shenyan", "linzy")
        }
    restricted = {"ZX-2025-001", "ZX-2025-002"}
    assert (numbers["sujin"], numbers["linzy"] & restricted) == (restricted, set())
    assert restricted < numbers["shenyan"]
    assert sorted(Clue.objects.values_list("state", flat=True)) == ["handed_over", "held"]
    assert Problem.objects.filter(placeholder=True).count() == 1
