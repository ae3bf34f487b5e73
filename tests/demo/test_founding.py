from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bihuan.demo.city import PEOPLE, UNITS
from bihuan.demo.founding import found_city
from bihuan.journal import timesource
from bihuan.journal.verify.whole import verify_journal
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
