"""Units and what ties them: set up, renamed, moved, merged, closed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.journal.action import VERBS, NotAllowed, Refused
from bihuan.journal.timesource import today
from bihuan.organizations import actions
from bihuan.organizations.models import (
    Stewardship,
    Unit,
    UnitLine,
)
from bihuan.organizations.verbs import LABELS
from tests.organizations.rows import again, last_event, new_unit

pytestmark = pytest.mark.django_db


def test_every_verb_has_its_words():
    assert {verb for verb in VERBS if verb.startswith("organizations.")} == set(LABELS)


class TestUnits:
    def test_a_unit_hangs_below_its_parent(self, cast):
        unit = new_unit(cast)
        assert again(unit).path == f"{cast.city.path}.{unit.pk.hex}"

    def test_only_the_system_administrator_sets_one_up(self, cast):
        with pytest.raises(NotAllowed):
            actions.create_unit(
                name="局", code="X", kind="department", level=3, actor=cast.security_administrator.actor
            )

    def test_a_code_is_used_once(self, cast):
        with pytest.raises(Refused) as caught:
            new_unit(cast, code="WATER")
        assert caught.value.field == "code"

    def test_a_blank_name_is_refused(self, cast):
        with pytest.raises(Refused) as caught:
            new_unit(cast, name="  ")
        assert caught.value.field == "name"

    def test_a_child_does_not_stand_higher_than_its_parent(self, cast):
        with pytest.raises(Refused):
            new_unit(cast, parent=cast.county, level=3)

    def test_nothing_is_set_up_below_a_closed_unit(self, cast):
        unit = new_unit(cast)
        actions.close_unit(unit, actor=cast.system)
        with pytest.raises(Refused):
            new_unit(cast, code="BELOW", parent=unit)

    def test_history_keeps_the_name_of_its_day(self, cast):
        actions.rename_unit(cast.water, name="市水利局", actor=cast.system_administrator.actor)
        change = last_event(cast.water).body["changes"][cast.water.row_key]["name"]
        assert change == ["市水务局", "市水利局"]

    def test_all_below_moves_along(self, cast):
        actions.move_unit(cast.water, parent=cast.county, actor=cast.system)
        assert again(cast.station).path == f"{cast.county.path}.{cast.water.pk.hex}.{cast.station.pk.hex}"

    def test_moving_writes_into_the_moved_unit_only(self, cast):
        before = last_event(cast.station).seq
        actions.move_unit(cast.water, parent=cast.county, actor=cast.system)
        assert last_event(cast.station).seq == before

    def test_a_unit_does_not_move_below_itself(self, cast):
        with pytest.raises(Refused):
            actions.move_unit(cast.water, parent=cast.station, actor=cast.system)

    def test_a_unit_with_posts_is_not_closed(self, cast):
        with pytest.raises(Refused) as caught:
            actions.close_unit(cast.station, successor=cast.water, actor=cast.system)
        assert caught.value.data["open_posts"] == 2

    def test_a_unit_with_units_below_is_not_closed(self, cast):
        upper = new_unit(cast)
        new_unit(cast, code="LOWER", parent=upper)
        with pytest.raises(Refused) as caught:
            actions.close_unit(upper, actor=cast.system)
        assert caught.value.data["open_children"] == 1

    def test_a_closed_unit_names_its_successor(self, cast):
        unit = new_unit(cast)
        actions.close_unit(unit, successor=cast.water, actor=cast.system)
        assert (again(unit).successor, again(unit).closed_on) == (cast.water, today())

    def test_a_unit_is_not_its_own_successor(self, cast):
        unit = new_unit(cast)
        with pytest.raises(Refused):
            actions.close_unit(unit, successor=unit, actor=cast.system)

    def test_a_successor_may_be_named_afterwards_and_once(self, cast, client_as):
        unit, admin = new_unit(cast), cast.system_administrator
        page = reverse("organizations:unit", args=[unit.pk])
        name = reverse("organizations:name_successor", args=[unit.pk])
        with pytest.raises(Refused, match="没有撤销"):
            actions.name_successor(unit, successor=cast.water, actor=admin.actor)
        actions.close_unit(unit, actor=admin.actor)
        assert name in client_as(admin).get(page).content.decode()
        with pytest.raises(Refused, match=r"已于 .* 撤销"):
            actions.name_successor(again(unit), successor=again(unit), actor=admin.actor)
        with pytest.raises(NotAllowed):
            actions.name_successor(again(unit), successor=cast.water, actor=cast.coordinator.actor)
        sent = client_as(admin).post(name, {"successor": cast.water.pk, "reason": "三定规定"})
        assert sent.status_code == 302
        assert again(unit).successor == cast.water
        with pytest.raises(Refused, match="已由“市水务局”承接"):
            actions.name_successor(again(unit), successor=cast.ecology, actor=admin.actor)
        assert name not in client_as(admin).get(page).content.decode()


class TestMerger:
    @pytest.fixture
    def merged(self, cast):
        actions.end_tenure(cast.station_principal.post, actor=cast.system)
        actions.merge_units([cast.station], into=cast.ecology, reason="机构改革", actor=cast.system)
        return again(cast.station)

    def test_it_closes_the_unit(self, cast, merged):
        assert (merged.closed_on, merged.successor) == (today(), cast.ecology)

    def test_posts_go_over(self, cast, merged):
        assert again(cast.subordinate.post).unit == cast.ecology

    def test_the_vacant_principals_post_is_closed(self, cast, merged):
        assert again(cast.station_principal.post).closed_on == today()

    def test_a_principal_in_office_prevents_it(self, cast):
        with pytest.raises(Refused):
            actions.merge_units([cast.station], into=cast.ecology, actor=cast.system)

    def test_units_below_go_over(self, cast):
        lower = new_unit(cast, code="LOWER", parent=cast.station)
        actions.end_tenure(cast.station_principal.post, actor=cast.system)
        actions.merge_units([again(cast.station)], into=cast.ecology, actor=cast.system)
        assert again(lower).path == f"{cast.ecology.path}.{lower.pk.hex}"

    def test_lines_and_stewardships_go_over(self, cast):
        unit = new_unit(cast)
        actions.set_line(unit, superior=cast.water, actor=cast.system)
        actions.steward(unit, kind="sector", code="risk.fire", territory=cast.city, actor=cast.system)
        actions.merge_units([unit], into=cast.ecology, actor=cast.system)
        assert UnitLine.objects.filter(unit=cast.ecology, superior=cast.water, until=None).exists()
        assert Stewardship.objects.filter(unit=cast.ecology, code="risk.fire", until=None).exists()

    def test_a_unit_is_not_merged_into_what_is_below_it(self, cast):
        with pytest.raises(Refused):
            actions.merge_units([cast.water], into=cast.station, actor=cast.system)


class TestTies:
    def test_the_parent_is_no_line(self, cast):
        with pytest.raises(Refused):
            actions.set_line(cast.station, superior=cast.water, actor=cast.system)

    def test_a_line_is_set_once(self, cast):
        with pytest.raises(Refused):
            actions.set_line(cast.county_water, superior=cast.water, actor=cast.system)

    def test_a_line_that_is_not_there_does_not_end(self, cast):
        with pytest.raises(Refused):
            actions.end_line(cast.water, superior=cast.ecology, actor=cast.system)

    def test_a_stewardship_is_given_once(self, cast):
        with pytest.raises(Refused):
            actions.steward(
                cast.ecology, kind="sector", code="risk.ecology", territory=cast.city, actor=cast.system
            )


def test_the_path_is_recomputed_from_the_parent(cast):
    from bihuan.organizations.tree import path_of

    assert all(path_of(unit) == unit.path for unit in Unit.objects.all())
