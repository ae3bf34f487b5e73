"""The first people of an installation."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from bihuan.journal.action import Refused
from bihuan.organizations.acting import actor_for
from bihuan.organizations.authority import roles_of
from bihuan.organizations.founding import found
from bihuan.organizations.models import Account, Person, Role, Unit

pytestmark = pytest.mark.django_db


def test_three_administrators_can_sign_in():
    request = RequestFactory().post("/")
    accounts = found("云川市", "YC")
    signed_in = [authenticate(request, username=one.user_name, password=one.password) for one in accounts]
    assert [roles_of(actor_for(account)) for account in signed_in] == [
        {Role.SYSTEM_ADMINISTRATOR},
        {Role.SECURITY_ADMINISTRATOR},
        {Role.LOG_AUDITOR},
    ]


def test_the_jurisdiction_stands():
    found("云川市", "YC")
    assert Unit.objects.get().is_jurisdiction


def test_a_second_time_opens_nothing_more():
    found("云川市", "YC")
    assert (found("云川市", "YC"), Account.objects.count()) == ([], 3)


def test_what_was_cut_off_is_completed():
    from bihuan.organizations import founding
    from bihuan.organizations.actions import import_structure
    from tests.organizations.cast import THE_SYSTEM

    import_structure(structure=founding._structure("云川市", "YC", 3), actor=THE_SYSTEM)
    assert len(found("云川市", "YC")) == 3


def test_an_installation_that_has_units_is_not_founded_again(cast):
    with pytest.raises(Refused):
        found("云川市", "YC")


def test_the_command_prints_the_accounts_once():
    out, err = io.StringIO(), io.StringIO()
    call_command("found", "--name", "云川市", "--code", "YC", stdout=out, stderr=err)
    assert len(out.getvalue().splitlines()) == 3
    assert Person.objects.count() == 3


def test_the_command_says_why_not(cast):
    with pytest.raises(CommandError):
        call_command("found", "--name", "云川市", "--code", "YC")


def test_rooms_above_seed_what_they_need(monkeypatch):
    from bihuan.organizations import founding

    seeded = []
    monkeypatch.setattr(founding, "_further_steps", [])
    founding.also_found(lambda unit, actor: seeded.append((unit.code, actor.system)))
    found("云川市", "YC")
    assert seeded == [("YC", True)]
