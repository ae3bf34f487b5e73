"""Who may: roles, units and the ways to combine them."""

from __future__ import annotations

import pytest

from bihuan.journal.action import NotAllowed
from bihuan.organizations import actions, authority
from bihuan.organizations.models import Role

pytestmark = pytest.mark.django_db


def passes(one, actor, *subjects, **arguments):
    try:
        one(actor, subjects, arguments)
    except NotAllowed:
        return False
    return True


def test_a_role_belongs_to_the_post(cast):
    assert authority.has_role(cast.coordinator.actor, Role.COORDINATOR)


def test_without_the_role_it_is_refused(cast):
    assert not passes(authority.requires_role(Role.COORDINATOR), cast.handler.actor)


def test_a_refusal_says_which_role_would_do(cast):
    with pytest.raises(NotAllowed) as caught:
        authority.requires_role(Role.COORDINATOR)(cast.handler.actor, (), {})
    assert "整改办经办岗" in str(caught.value.accepted)


def test_a_role_that_was_withdrawn_is_gone(cast):
    actions.withdraw_role(cast.coordinator.post, role=Role.COORDINATOR, actor=cast.system)
    assert not authority.has_role(cast.coordinator.actor, Role.COORDINATOR)


def test_who_sits_in_the_unit_is_in_it(cast):
    assert authority.in_unit(cast.handler.actor, cast.water)


def test_a_subordinate_organ_is_not_in_its_superior(cast):
    assert not authority.in_unit(cast.subordinate.actor, cast.water)


def test_a_superior_is_not_in_its_subordinate(cast):
    assert not authority.in_unit(cast.handler.actor, cast.station)


def test_a_section_is_in_the_organ_it_belongs_to(cast):
    section = actions.create_unit(
        name="水资源科", code="WATER-S1", kind="section", level=3, parent=cast.water, actor=cast.system
    )
    post = actions.create_post(unit=section, kind="section_head", name="水资源科科长", actor=cast.system)
    person = actions.create_person(name="江流", actor=cast.system)
    actions.appoint(post, person=person, actor=cast.system)
    from bihuan.organizations.acting import actor_for

    assert authority.in_unit(actor_for(person), cast.water)


def test_the_actors_subtree_holds_what_is_below(cast):
    assert set(authority.unit_subtree_of(cast.handler.actor)) == {cast.water, cast.station}


def test_the_coordinator_coordinates_the_city(cast):
    assert authority.is_coordinator(cast.coordinator.actor, cast.city)


def test_the_coordinator_coordinates_for_every_unit_of_the_city(cast):
    assert authority.is_coordinator(cast.coordinator.actor, cast.county_water)


def test_a_county_with_its_own_office_is_not_the_citys(cast):
    assert not authority.is_coordinator(cast.coordinator.actor, cast.other_housing)


def test_the_reviewer_is_not_the_coordinator(cast):
    assert not authority.is_coordinator(cast.reviewer.actor, cast.city)


def test_the_principal_leads_the_unit(cast):
    assert authority.is_principal_of(cast.principal.actor, cast.water)


def test_the_deputy_does_not(cast):
    assert not authority.is_principal_of(cast.deputy.actor, cast.water)


def test_the_principal_of_a_subordinate_does_not_lead_its_superior(cast):
    assert not authority.is_principal_of(cast.station_principal.actor, cast.water)


def test_requires_unit_asks_the_unit_it_is_told(cast):
    mine = authority.requires_unit(lambda subjects, arguments: arguments["unit"])
    assert passes(mine, cast.handler.actor, unit=cast.water)
    assert not passes(mine, cast.handler.actor, unit=cast.station)


def test_requires_unit_refuses_where_there_is_no_unit(cast):
    assert not passes(authority.requires_unit(lambda subjects, arguments: None), cast.handler.actor)


def test_one_of_several_is_enough(cast):
    either = authority.any_of(
        authority.requires_role(Role.REVIEWER), authority.requires_role(Role.COORDINATOR)
    )
    assert passes(either, cast.coordinator.actor)
    assert not passes(either, cast.handler.actor)


def test_all_of_several_are_needed(cast):
    both = authority.all_of(authority.requires_role(Role.REVIEWER), authority.requires_role(Role.COORDINATOR))
    assert not passes(both, cast.coordinator.actor)


def test_only_two_of_the_administrators_may_expunge(cast):
    able = {name for name, player in cast.players.items() if authority.may_expunge(player.actor)}
    assert able == {"system_administrator", "security_administrator"}
