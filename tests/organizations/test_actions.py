"""The verbs: units, posts, people, bodies, stand-ins; what they do and what they refuse."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal import timesource
from bihuan.journal.action import VERBS, NotAllowed, Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.timesource import today
from bihuan.journal.vault import open_personal
from bihuan.organizations import actions, queries, registry
from bihuan.organizations.models import (
    BodyMember,
    Handover,
    Person,
    PostKind,
    StandIn,
    Stewardship,
    Tenure,
    Unit,
    UnitLine,
)
from bihuan.organizations.verbs import LABELS

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def again(row):
    return type(row).objects.get(pk=row.pk)


def last_event(row):
    return JournalEvent.objects.filter(stream=row.pk).order_by("-seq").first()


def new_unit(cast, **facts):
    given = {"name": "新设局", "code": "NEW", "kind": "department", "level": 3, "parent": cast.city} | facts
    return actions.create_unit(**given, actor=cast.system_administrator.actor)


def newcomer(cast, name="新来"):
    return actions.create_person(name=name, actor=cast.system_administrator.actor)


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


class TestPosts:
    def test_a_unit_has_one_principal(self, cast):
        with pytest.raises(Refused) as caught:
            actions.create_post(unit=cast.water, kind=PostKind.PRINCIPAL, name="二局长", actor=cast.system)
        assert caught.value.field == "kind"

    def test_a_secretary_serves_somebody(self, cast):
        with pytest.raises(Refused):
            actions.create_post(unit=cast.water, kind=PostKind.SECRETARY, name="秘书", actor=cast.system)

    def test_a_held_post_is_not_taken(self, cast):
        with pytest.raises(Refused):
            actions.appoint(cast.handler.post, person=newcomer(cast), actor=cast.system)

    def test_nobody_appoints_themselves(self, cast):
        post = actions.create_post(unit=cast.data, kind=PostKind.STAFF, name="机动岗", actor=cast.system)
        with pytest.raises(Refused):
            actions.appoint(
                post, person=cast.system_administrator.person, actor=cast.system_administrator.actor
            )

    def test_one_person_may_hold_several_posts(self, cast):
        post = actions.create_post(unit=cast.station, kind=PostKind.LIAISON, name="联络岗", actor=cast.system)
        actions.appoint(post, person=cast.liaison.person, actor=cast.system)
        assert Tenure.objects.filter(person=cast.liaison.person, until=None).count() == 2

    def test_the_next_holder_does_not_begin_before_the_last_one_left(self, cast):
        actions.end_tenure(cast.handler.post, actor=cast.system)
        with pytest.raises(Refused) as caught:
            actions.appoint(cast.handler.post, person=newcomer(cast), since=today() - DAY, actor=cast.system)
        assert caught.value.field == "since"

    def test_who_left_holds_nothing(self, cast):
        person = newcomer(cast)
        actions.depart(person, actor=cast.system)
        actions.end_tenure(cast.handler.post, actor=cast.system)
        with pytest.raises(Refused):
            actions.appoint(cast.handler.post, person=person, actor=cast.system)

    def test_a_held_post_is_not_closed(self, cast):
        with pytest.raises(Refused):
            actions.close_post(cast.handler.post, actor=cast.system)

    def test_a_vacant_post_has_nobody_to_leave_it(self, cast):
        actions.end_tenure(cast.handler.post, actor=cast.system)
        with pytest.raises(Refused):
            actions.end_tenure(cast.handler.post, actor=cast.system)


class TestHandover:
    @pytest.fixture
    def waiting(self, cast, monkeypatch):
        item = registry.OpenItem("problem", cast.city.pk, "ZG-2026-0001", "签收")
        monkeypatch.setattr(
            registry, "_listings", {"test": lambda post: [item] * (post == cast.handler.post)}
        )

    def test_the_post_passes_on_the_same_day(self, cast):
        person = newcomer(cast)
        actions.hand_over(cast.handler.post, incoming=person, actor=cast.system)
        assert queries.holder_of(cast.handler.post) == person

    def test_all_that_waits_is_listed(self, cast, waiting):
        handover = actions.hand_over(cast.handler.post, incoming=newcomer(cast), actor=cast.system)
        assert [item["number"] for item in again(handover).items] == ["ZG-2026-0001"]

    def test_both_persons_are_named(self, cast):
        person = newcomer(cast)
        handover = actions.hand_over(cast.handler.post, incoming=person, actor=cast.system)
        assert (handover.outgoing, handover.incoming) == (cast.handler.person, person)

    def test_a_vacant_post_is_taken_over_too(self, cast):
        actions.end_tenure(cast.handler.post, actor=cast.system)
        handover = actions.hand_over(cast.handler.post, incoming=newcomer(cast), actor=cast.system)
        assert handover.outgoing is None

    def test_the_holder_does_not_take_over_from_themselves(self, cast):
        with pytest.raises(Refused):
            actions.hand_over(cast.handler.post, incoming=cast.handler.person, actor=cast.system)

    def test_stand_ins_end_with_it(self, cast):
        stand_in = actions.appoint_stand_in(
            cast.handler.post,
            person=cast.liaison.person,
            since=today(),
            last_day=today() + 9 * DAY,
            reason="休假",
            actor=cast.system,
        )
        actions.hand_over(cast.handler.post, incoming=newcomer(cast), actor=cast.system)
        assert again(stand_in).until == today()

    def test_a_refused_handover_leaves_everything(self, cast):
        person = newcomer(cast)
        actions.depart(person, actor=cast.system)
        with pytest.raises(Refused):
            actions.hand_over(cast.handler.post, incoming=person, actor=cast.system)
        assert (queries.holder_of(cast.handler.post), Handover.objects.count()) == (cast.handler.person, 0)

    def test_a_post_with_open_items_is_not_closed(self, cast, waiting):
        actions.end_tenure(cast.handler.post, actor=cast.system)
        with pytest.raises(Refused) as caught:
            actions.close_post(cast.handler.post, actor=cast.system)
        assert caught.value.data["open_items"] == 1


class TestPeople:
    def test_a_mobile_number_is_sealed(self, cast):
        actions.set_mobile(cast.handler.person, mobile="138 1234 5678", actor=cast.handler.actor)
        assert open_personal(again(cast.handler.person).mobile) == "13812345678"

    def test_no_event_holds_it(self, cast):
        actions.set_mobile(cast.handler.person, mobile="13812345678", actor=cast.handler.actor)
        assert "13812345678" not in str(last_event(cast.handler.person).body)

    def test_two_people_do_not_share_a_number(self, cast):
        actions.set_mobile(cast.handler.person, mobile="13812345678", actor=cast.system)
        with pytest.raises(Refused):
            actions.set_mobile(cast.liaison.person, mobile="+86 13812345678", actor=cast.system)

    def test_a_number_given_up_is_free_again(self, cast):
        actions.set_mobile(cast.handler.person, mobile="13812345678", actor=cast.system)
        actions.set_mobile(cast.handler.person, mobile="", actor=cast.system)
        actions.set_mobile(cast.liaison.person, mobile="13812345678", actor=cast.system)
        assert again(cast.liaison.person).mobile is not None

    def test_others_do_not_change_it(self, cast):
        with pytest.raises(NotAllowed):
            actions.set_mobile(cast.handler.person, mobile="13812345678", actor=cast.liaison.actor)

    def test_who_holds_a_post_does_not_leave(self, cast):
        with pytest.raises(Refused):
            actions.depart(cast.handler.person, actor=cast.system)

    def test_an_identity_belongs_to_one(self, cast):
        with pytest.raises(Refused):
            actions.create_person(name="许诺", external_id="handler", actor=cast.system)

    def test_the_account_of_who_left_is_shut(self, cast, open_account):
        account = open_account(cast.handler)
        actions.end_tenure(cast.handler.post, actor=cast.system)
        actions.depart(Person.objects.get(pk=cast.handler.person.pk), actor=cast.system)
        account.refresh_from_db()
        assert not account.is_active

    def test_a_weak_password_is_refused(self, cast):
        with pytest.raises(Refused) as caught:
            actions.set_account(cast.handler.person, user_name="xunuo", password="12345", actor=cast.system)
        assert caught.value.field == "password"

    def test_a_password_leaves_no_trace_in_the_journal(self, cast, open_account):
        open_account(cast.handler)
        assert "password" not in str(last_event(cast.handler.person).body)

    def test_a_user_name_is_used_once(self, cast, open_account):
        open_account(cast.handler)
        with pytest.raises(Refused) as caught:
            actions.set_account(
                cast.liaison.person, user_name="HANDLER", password="Reeds-by-the-river-8", actor=cast.system
            )
        assert caught.value.field == "user_name"

    def test_the_system_administrator_opens_no_accounts(self, cast):
        with pytest.raises(NotAllowed):
            actions.set_account(
                cast.handler.person,
                user_name="xunuo",
                password="Reeds-by-the-river-8",
                actor=cast.system_administrator.actor,
            )


class TestBodies:
    def test_a_body_has_one_chair(self, cast):
        with pytest.raises(Refused):
            actions.add_member(
                cast.leading_group,
                post=cast.principal.post,
                role=BodyMember.Role.CHAIR,
                actor=cast.coordinator.actor,
            )

    def test_a_post_joins_once(self, cast):
        with pytest.raises(Refused):
            actions.add_member(cast.leading_group, post=cast.mayor.post, actor=cast.coordinator.actor)

    def test_a_handler_changes_no_body(self, cast):
        with pytest.raises(NotAllowed):
            actions.end_body(cast.leading_group, actor=cast.handler.actor)

    def test_nobody_joins_a_body_that_was_dissolved(self, cast):
        actions.end_body(cast.leading_group, actor=cast.coordinator.actor)
        with pytest.raises(Refused):
            actions.add_member(cast.leading_group, post=cast.handler.post, actor=cast.coordinator.actor)


class TestStandIns:
    def entrust(self, cast, actor, post=None, person=None, **days):
        since = days.get("since", today())
        return actions.appoint_stand_in(
            post or cast.handler.post,
            person=person or cast.liaison.person,
            since=since,
            last_day=days.get("last_day", since),
            reason="出差",
            actor=actor,
        )

    def test_the_holder_entrusts(self, cast):
        assert self.entrust(cast, cast.handler.actor).principal == cast.handler.person

    def test_the_principal_of_the_unit_entrusts(self, cast):
        assert self.entrust(cast, cast.principal.actor).person == cast.liaison.person

    def test_others_do_not(self, cast):
        with pytest.raises(NotAllowed):
            self.entrust(cast, cast.deputy.actor)

    def test_a_stand_in_does_not_pass_it_on(self, cast):
        from bihuan.organizations.acting import actor_for

        self.entrust(cast, cast.handler.actor)
        actor = actor_for(cast.liaison.person, cast.handler.post)
        with pytest.raises(NotAllowed):
            self.entrust(cast, actor, person=cast.deputy.person, since=today() + DAY)

    def test_not_to_oneself(self, cast):
        with pytest.raises(Refused):
            self.entrust(cast, cast.handler.actor, person=cast.handler.person)

    def test_not_for_the_past(self, cast):
        with pytest.raises(Refused):
            self.entrust(cast, cast.handler.actor, since=today() - DAY)

    def test_not_two_at_a_time(self, cast):
        self.entrust(cast, cast.handler.actor, last_day=today() + 3 * DAY)
        with pytest.raises(Refused):
            self.entrust(cast, cast.handler.actor, person=cast.deputy.person, since=today() + 3 * DAY)

    def test_one_after_the_other(self, cast):
        self.entrust(cast, cast.handler.actor, last_day=today() + 3 * DAY)
        self.entrust(cast, cast.handler.actor, person=cast.deputy.person, since=today() + 4 * DAY)
        assert StandIn.objects.count() == 2

    def test_the_holder_ends_it(self, cast):
        stand_in = self.entrust(cast, cast.handler.actor)
        actions.end_stand_in(stand_in, actor=cast.handler.actor)
        assert again(stand_in).until == today()

    def test_an_ended_one_does_not_end_again(self, cast):
        stand_in = self.entrust(cast, cast.handler.actor)
        with (
            timesource.at(dt.datetime.combine(today() + 2 * DAY, dt.time(4), dt.UTC)),
            pytest.raises(Refused),
        ):
            actions.end_stand_in(stand_in, actor=cast.system)

    def test_the_event_names_whom_an_act_was_done_for(self, cast):
        from bihuan.organizations.acting import actor_for

        self.entrust(
            cast, cast.coordinator.actor, post=cast.coordinator.post, person=cast.channel_keeper.person
        )
        actor = actor_for(cast.channel_keeper.person, cast.coordinator.post)
        actions.end_membership(cast.leading_group, post=cast.mayor.post, actor=actor)
        who = last_event(cast.leading_group).body["who"]
        assert who["on_behalf_of"] == str(cast.coordinator.person.pk)


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


def test_the_path_is_recomputed_from_the_parent(cast):
    from bihuan.organizations.tree import path_of

    assert all(path_of(unit) == unit.path for unit in Unit.objects.all())
