"""What each of the cast sees, as a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.organizations import actions
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import BodyMember
from bihuan.organizations.sight import Sight, outermost, sight_of

paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(".".join)


@given(st.lists(paths, max_size=8))
def test_outermost_paths_cover_all_of_them(given_paths):
    kept = outermost(tuple(given_paths))
    assert all(any(is_under(path, top) for top in kept) for path in given_paths)


@given(st.lists(paths, max_size=8))
def test_outermost_paths_do_not_cover_each_other(given_paths):
    kept = outermost(tuple(given_paths))
    assert not any(is_under(one, other) for one in kept for other in kept if one != other)


@pytest.mark.django_db
class TestSightOf:
    def test_a_unit_sees_what_is_under_it(self, cast):
        assert sight_of(cast.handler.actor).sees_unit(cast.station.path)

    def test_a_subordinate_does_not_see_its_superior(self, cast):
        assert not sight_of(cast.subordinate.actor).sees_unit(cast.water.path)

    def test_guidance_by_trade_gives_sight(self, cast):
        assert sight_of(cast.handler.actor).sees_unit(cast.county_water.path)

    def test_guidance_gives_no_sight_upwards(self, cast):
        assert not sight_of(cast.county_handler.actor).sees_unit(cast.water.path)

    def test_guidance_that_ended_gives_no_sight(self, cast):
        actions.end_line(cast.county_water, superior=cast.water, actor=cast.system)
        assert not sight_of(cast.handler.actor).sees_unit(cast.county_water.path)

    def test_another_county_sees_nothing_of_this_one(self, cast):
        sight = sight_of(cast.outsider.actor)
        assert not any(sight.sees_unit(unit.path) for unit in (cast.city, cast.water, cast.county_water))

    def test_the_office_sees_its_jurisdiction(self, cast):
        assert sight_of(cast.coordinator.actor).jurisdictions == (cast.city.path,)

    def test_without_a_role_the_office_is_a_unit_like_others(self, cast):
        assert sight_of(cast.channel_keeper.actor).subtrees == (cast.office.path,)

    def test_a_sector_authority_sees_its_sector_in_the_territory(self, cast):
        assert sight_of(cast.sector_handler.actor).sectors == (("risk.ecology", cast.city.path),)

    def test_a_source_steward_sees_its_source(self, cast):
        assert sight_of(cast.source_authority.actor).sources == (("audit", cast.city.path),)

    def test_a_member_sees_what_its_body_does(self, cast):
        assert sight_of(cast.decider.actor).bodies == (cast.leading_group.pk,)

    def test_a_member_who_left_does_not(self, cast):
        actions.end_membership(cast.leading_group, post=cast.decider.post, actor=cast.system)
        assert sight_of(cast.decider.actor).bodies == ()

    def test_nobody_sees_by_a_body_that_was_dissolved(self, cast):
        actions.end_body(cast.leading_group, actor=cast.system)
        assert sight_of(cast.decider.actor).bodies == ()

    def test_joining_a_body_gives_sight(self, cast):
        actions.add_member(
            cast.leading_group,
            post=cast.handler.post,
            role=BodyMember.Role.MEMBER,
            actor=cast.coordinator.actor,
        )
        assert sight_of(cast.handler.actor).bodies == (cast.leading_group.pk,)

    @pytest.mark.parametrize("field", ["system_administrator", "security_administrator", "log_auditor"])
    def test_administrators_see_no_business(self, cast, field):
        sight = sight_of(getattr(cast, field).actor)
        assert sight.nothing
        assert not sight.sees_unit(cast.data.path)

    def test_nobody_sees_nothing(self):
        assert sight_of(None) == Sight()

    def test_the_program_sees_everything(self, cast):
        assert sight_of(cast.system).sees_unit(cast.other_housing.path)

    def test_a_stand_in_sees_what_the_post_sees(self, cast):
        from bihuan.journal.timesource import today
        from bihuan.organizations.acting import actor_for

        actions.appoint_stand_in(
            cast.coordinator.post,
            person=cast.channel_keeper.person,
            since=today(),
            last_day=today(),
            reason="休假",
            actor=cast.system,
        )
        actor = actor_for(cast.channel_keeper.person, cast.coordinator.post)
        assert sight_of(actor).jurisdictions == (cast.city.path,)

    def test_it_costs_four_queries(self, cast, django_assert_num_queries):
        with django_assert_num_queries(4):
            sight_of(cast.coordinator.actor)
