"""The three administrators kept apart, whichever verb would bring them together."""

from __future__ import annotations

import pytest

from bihuan.journal.action import NotAllowed, Refused
from bihuan.journal.timesource import today
from bihuan.organizations import actions
from bihuan.organizations.models import PostKind, Role, RoleGrant

pytestmark = pytest.mark.django_db


def staff_post(cast, name="机动岗"):
    return actions.create_post(unit=cast.data, kind=PostKind.STAFF, name=name, actor=cast.system)


def grant(cast, post, role):
    actions.grant_role(post, role=role, actor=cast.system)


def clash(caught):
    return caught.value.data["clash"]


@pytest.mark.parametrize("role", [Role.SECURITY_ADMINISTRATOR, Role.LOG_AUDITOR])
def test_an_administrators_post_gets_no_second_administration(cast, role):
    with pytest.raises(Refused) as caught:
        grant(cast, cast.system_administrator.post, role)
    assert clash(caught) == "two_administrators"


def test_nor_by_a_second_post(cast):
    post = staff_post(cast)
    actions.appoint(post, person=cast.system_administrator.person, actor=cast.system)
    with pytest.raises(Refused) as caught:
        grant(cast, post, Role.LOG_AUDITOR)
    assert clash(caught) == "two_administrators"


def test_nor_by_being_appointed_to_one(cast):
    post = staff_post(cast)
    grant(cast, post, Role.LOG_AUDITOR)
    with pytest.raises(Refused) as caught:
        actions.appoint(post, person=cast.system_administrator.person, actor=cast.system)
    assert clash(caught) == "two_administrators"


def test_nor_by_taking_over_the_post(cast):
    with pytest.raises(Refused) as caught:
        actions.hand_over(
            cast.log_auditor.post, incoming=cast.security_administrator.person, actor=cast.system
        )
    assert clash(caught) == "two_administrators"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}))
def test_no_business_role_for_an_administrator(cast, role):
    with pytest.raises(Refused):
        grant(cast, cast.system_administrator.post, role)


def test_no_administration_for_who_has_a_business_role(cast):
    with pytest.raises(Refused) as caught:
        grant(cast, cast.acceptor.post, Role.LOG_AUDITOR)
    assert clash(caught) == "business_role"


def test_no_administration_for_who_sits_in_a_business_post(cast):
    with pytest.raises(Refused) as caught:
        grant(cast, cast.handler.post, Role.SYSTEM_ADMINISTRATOR)
    assert clash(caught) == "business_post"


def test_an_administrator_takes_no_business_post(cast):
    post = actions.create_post(unit=cast.ecology, kind=PostKind.HANDLER, name="经办", actor=cast.system)
    with pytest.raises(Refused) as caught:
        actions.appoint(post, person=cast.log_auditor.person, actor=cast.system)
    assert clash(caught) == "business_post"


def test_an_administrator_stands_in_for_nobody_in_business(cast):
    with pytest.raises(Refused) as caught:
        actions.appoint_stand_in(
            cast.coordinator.post,
            person=cast.log_auditor.person,
            since=today(),
            last_day=today(),
            reason="休假",
            actor=cast.coordinator.actor,
        )
    assert clash(caught) == "business_role"


def test_nobody_stands_in_for_an_administrator(cast):
    with pytest.raises(Refused) as caught:
        actions.appoint_stand_in(
            cast.log_auditor.post,
            person=cast.handler.person,
            since=today(),
            last_day=today(),
            reason="休假",
            actor=cast.log_auditor.actor,
        )
    assert clash(caught) == "stand_in"


def test_a_post_somebody_stands_in_for_becomes_no_administrators(cast):
    post = staff_post(cast)
    person = actions.create_person(name="甲", actor=cast.system)
    actions.appoint(post, person=person, actor=cast.system)
    actions.appoint_stand_in(
        post,
        person=actions.create_person(name="乙", actor=cast.system),
        since=today(),
        last_day=today(),
        reason="休假",
        actor=cast.system,
    )
    with pytest.raises(Refused) as caught:
        grant(cast, post, Role.LOG_AUDITOR)
    assert clash(caught) == "stand_in"


def test_the_security_administrator_grants(cast):
    actions.grant_role(
        cast.handler.post, role=Role.ACCEPTOR, reason="交叉验收", actor=cast.security_administrator.actor
    )
    assert RoleGrant.objects.filter(post=cast.handler.post, role=Role.ACCEPTOR, until=None).exists()


@pytest.mark.parametrize("player", ["system_administrator", "log_auditor", "coordinator", "mayor"])
def test_nobody_else_does(cast, player):
    with pytest.raises(NotAllowed):
        actions.grant_role(cast.handler.post, role=Role.ACCEPTOR, actor=getattr(cast, player).actor)


def test_not_to_oneself(cast):
    post = staff_post(cast)
    actions.appoint(post, person=cast.security_administrator.person, actor=cast.system)
    with pytest.raises(Refused) as caught:
        actions.grant_role(post, role=Role.ACCEPTOR, actor=cast.security_administrator.actor)
    assert clash(caught) == "oneself"


def test_an_unknown_role_is_refused(cast):
    with pytest.raises(Refused):
        grant(cast, cast.handler.post, "emperor")


def test_a_role_is_granted_once(cast):
    with pytest.raises(Refused):
        grant(cast, cast.acceptor.post, Role.ACCEPTOR)


def test_the_last_of_the_administrators_stays(cast):
    with pytest.raises(Refused):
        actions.withdraw_role(
            cast.log_auditor.post, role=Role.LOG_AUDITOR, actor=cast.security_administrator.actor
        )


def test_a_role_that_is_not_there_is_not_withdrawn(cast):
    with pytest.raises(Refused):
        actions.withdraw_role(cast.handler.post, role=Role.ACCEPTOR, actor=cast.security_administrator.actor)


def test_a_role_may_be_granted_again(cast):
    actions.withdraw_role(cast.acceptor.post, role=Role.ACCEPTOR, actor=cast.security_administrator.actor)
    actions.grant_role(cast.acceptor.post, role=Role.ACCEPTOR, actor=cast.security_administrator.actor)
    assert RoleGrant.objects.filter(post=cast.acceptor.post, role=Role.ACCEPTOR).count() == 2
