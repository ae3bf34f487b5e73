"""Posts, people, bodies and stand-ins: what the verbs do and what they refuse."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, Refused
from bihuan.journal.timesource import today
from bihuan.journal.vault import open_personal
from bihuan.organizations import actions, queries, registry
from bihuan.organizations.models import (
    BodyMember,
    Handover,
    Person,
    PostKind,
    StandIn,
    Tenure,
)
from tests.organizations.rows import again, last_event, newcomer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


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
