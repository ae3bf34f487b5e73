"""Who answers, who stands where, in which order."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.timesource import today
from bihuan.organizations import actions, queries
from bihuan.organizations.models import (
    PostKind,
)
from tests.organizations.rows import new_unit, newcomer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


class TestAnswering:
    def test_the_principal_is_the_first_responsible_person(self, cast):
        first = queries.first_responsible_person(cast.water)
        assert (first.person, first.from_above) == (cast.principal.person, False)

    def test_a_vacant_seat_passes_the_duty_up(self, cast):
        actions.end_tenure(cast.station_principal.post, actor=cast.system)
        first = queries.first_responsible_person(cast.station)
        assert (first.person, first.unit, first.from_above) == (cast.principal.person, cast.water, True)

    def test_a_unit_without_a_principals_post_looks_up_too(self, cast):
        assert queries.first_responsible_person(cast.ecology).person == cast.mayor.person

    def test_it_answers_for_the_day_asked(self, cast):
        actions.hand_over(cast.principal.post, incoming=newcomer(cast), actor=cast.system)
        before = queries.first_responsible_person(cast.water, today() - DAY)
        assert before.person == cast.principal.person

    def test_with_no_principal_anywhere_nobody_is_invented(self, cast):
        for player in (cast.mayor, cast.principal):
            actions.end_tenure(player.post, actor=cast.system)
        first = queries.first_responsible_person(cast.water)
        assert (first.post, first.person) == (cast.principal.post, None)

    def test_the_committee_is_the_units_own(self, cast):
        assert queries.party_committee_of(cast.water) == "市水务局党组"

    def test_a_unit_without_one_is_led_by_that_above(self, cast):
        assert queries.party_committee_of(cast.station) == "市水务局党组"

    def test_the_deputy_is_found_by_sector(self, cast):
        assert queries.deputy_in_charge(cast.water, "risk.ecology.water") == (
            cast.deputy.post,
            cast.deputy.person,
        )

    def test_no_deputy_has_that_sector(self, cast):
        assert queries.deputy_in_charge(cast.water, "risk.fire") is None

    def test_the_closest_portfolio_wins(self, cast):
        post = actions.create_post(
            unit=cast.water,
            kind=PostKind.DEPUTY_IN_CHARGE,
            name="副局长二",
            portfolio=["risk"],
            actor=cast.system,
        )
        assert queries.deputy_in_charge(cast.water, "risk.ecology.water")[0] != post

    def test_oversight_bodies_of_the_city(self, cast):
        assert set(queries.oversight_units(cast.city)) == {cast.inspection, cast.audit}

    def test_coordinators_of_a_place(self, cast):
        assert queries.coordinators_of(cast.county_water, ["coordinator"]) == [cast.coordinator.post]

    def test_a_county_with_its_own_office_has_its_own_coordinators(self, cast):
        assert queries.coordinators_of(cast.other_housing, ["coordinator"]) == []

    def test_choices_stand_in_the_order_of_the_tree(self, cast):
        names = [name.strip("\u3000") for _, name in queries.units_as_choices()]
        assert names.index("市供水管理站") == names.index("市水务局") + 1

    def test_closed_units_are_not_offered(self, cast):
        unit = new_unit(cast)
        actions.close_unit(unit, actor=cast.system)
        assert str(unit.pk) not in dict(queries.units_as_choices())

    def test_the_tree_costs_three_queries(self, cast, django_assert_num_queries):
        with django_assert_num_queries(3):
            queries.branches()
