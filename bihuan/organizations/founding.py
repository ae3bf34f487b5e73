"""The first people of an installation: a jurisdiction and its three administrators, made by the program itself.

Everybody else comes in through them. Running it again completes what is missing and touches nothing that is there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused
from bihuan.journal.timesource import today
from bihuan.organizations import actions
from bihuan.organizations.models import Person, Post, PostKind, Role, RoleGrant, Unit, UnitKind, UnitLevel
from bihuan.organizations.spans import in_force
from bihuan.organizations.structure import PersonRow, PostRow, Structure, UnitRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER_NAMES = {
    Role.SYSTEM_ADMINISTRATOR: "system",
    Role.SECURITY_ADMINISTRATOR: "security",
    Role.LOG_AUDITOR: "log",
}
_further_steps: list[Callable[[Unit, Actor], None]] = []


def also_found(step: Callable[[Unit, Actor], None]) -> None:
    """A room above seeds what a new installation needs (lists, policies, calendars); must do no harm twice."""
    if step not in _further_steps:
        _further_steps.append(step)


@dataclass(frozen=True)
class FirstAccount:
    """An account that was just opened; the password is shown once and kept nowhere."""

    role: str
    user_name: str
    password: str


def found(name: str, code: str, *, level: int = UnitLevel.CITY) -> list[FirstAccount]:
    """Set up the root jurisdiction and the three administrators; returns the accounts opened now."""
    actor = Actor.the_system("organizations.found")
    if not Unit.objects.filter(code=code).exists():
        if Unit.objects.exists():
            raise Refused(_("这里已经有别的单位了。"), accepted=_("请由系统管理员在“管理”里设立单位。"))
        actions.import_structure(structure=_structure(name, code, level), actor=actor)
    accounts = list(_open_accounts(code, actor))
    for step in _further_steps:
        step(Unit.objects.get(code=code), actor)
    return accounts


def _structure(name: str, code: str, level: int) -> Structure:
    """One unit, three staff posts, three people to be renamed to who they are."""
    labels = [str(Role(role).label) for role in USER_NAMES]
    return Structure(
        units=(UnitRow(1, code, name, UnitKind.GOVERNMENT, level, is_jurisdiction=True),),
        posts=tuple(PostRow(line, code, label, PostKind.STAFF) for line, label in enumerate(labels)),
        people=tuple(
            PersonRow(line, label, code, label, external_id=f"{code}-{user_name}")
            for line, (label, user_name) in enumerate(zip(labels, USER_NAMES.values(), strict=True))
        ),
    )


def _open_accounts(code: str, actor: Actor) -> Iterator[FirstAccount]:
    for role, user_name in USER_NAMES.items():
        person = Person.objects.filter(external_id=f"{code}-{user_name}").first()
        if person is None or person.account_id is not None:
            continue
        post = Post.objects.get(tenures__person=person, closed_on__isnull=True)
        if not RoleGrant.objects.filter(in_force(today()), post=post, role=role).exists():
            actions.grant_role(post, role=role, actor=actor)
        password = secrets.token_urlsafe(12)
        actions.set_account(person, user_name=user_name, password=password, actor=actor)
        yield FirstAccount(str(Role(role).label), user_name, password)
