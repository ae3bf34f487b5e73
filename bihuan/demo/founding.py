"""Setting the city up on its first day: calendars, lists, rules, units, people, accounts, roles, bodies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bihuan.calendars.actions import seed_missing_years
from bihuan.demo import city
from bihuan.journal import timesource
from bihuan.journal.action import Actor
from bihuan.ledger.actions import seed_taxonomy
from bihuan.organizations import actions
from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Body, BodyMember, Person, Post, Stewardship, Unit
from bihuan.policies.actions import seed_policies

SYSTEM = Actor.the_system("demo.founding")
FIRST_CALENDAR, LAST_CALENDAR = 2024, 2027


@dataclass
class City:
    """The city as it stands: units by code, people by sign-in name."""

    units: dict[str, Unit]
    posts: dict[str, Post]
    people: dict[str, Person]

    @classmethod
    def found(cls) -> City:
        """Read the founded city."""
        names = {name: (person, post) for name, person, _, post, _, _ in city.PEOPLE}
        posts = {post.name: post for post in Post.objects.select_related("unit")}
        people = {person.name: person for person in Person.objects.all()}
        return cls(
            units={unit.code: unit for unit in Unit.objects.all()},
            posts={name: posts[post] for name, (_, post) in names.items()},
            people={name: people[person] for name, (person, _) in names.items()},
        )

    def actor(self, name: str) -> Actor:
        """Somebody in their post, today."""
        return actor_for(self.people[name], self.posts[name])

    @cached_property
    def yunchuan(self) -> Unit:
        """The city itself."""
        return self.units["YC"]


def found_city() -> City:
    """Found the city at the present (moved) day; does nothing twice."""
    if Unit.objects.filter(code="YC").exists():
        return City.found()
    day = timesource.today()
    seed_missing_years(FIRST_CALENDAR, LAST_CALENDAR, actor=SYSTEM)
    seed_taxonomy(valid_from=day, actor=SYSTEM)
    actions.import_structure(structure=city.structure(), file_name="demo", actor=SYSTEM)
    founded = City.found()
    for code in ("YC", "PQ"):
        seed_policies(jurisdiction=founded.units[code], valid_from=day, actor=SYSTEM)
    _accounts(founded)
    _roles(founded)
    _bodies(founded, day)
    _ties(founded, day)
    return founded


def _accounts(founded: City) -> None:
    for name, person in founded.people.items():
        actions.set_account(person, user_name=name, password=city.PASSWORD, actor=SYSTEM)


def _roles(founded: City) -> None:
    for name, *_, roles in city.PEOPLE:
        for role in roles:
            actions.grant_role(founded.posts[name], role=role, reason="建立演示市", actor=SYSTEM)


def _bodies(founded: City, day: date) -> None:
    group = actions.create_body(
        name="云川市问题整改工作领导小组",
        kind=Body.Kind.LEADING_GROUP,
        jurisdiction=founded.yunchuan,
        since=day,
        actor=SYSTEM,
    )
    roles = {"luocy": BodyMember.Role.CHAIR, "hansz": BodyMember.Role.DEPUTY, "linzy": BodyMember.Role.MEMBER}
    for name, role in roles.items():
        actions.add_member(group, post=founded.posts[name], role=role, actor=SYSTEM)
    force = actions.create_body(
        name="漱玉河流域治理专班",
        kind=Body.Kind.TASK_FORCE,
        jurisdiction=founded.yunchuan,
        since=day,
        actor=SYSTEM,
    )
    for name in ("hexy", "wenzy", "xianan"):
        actions.add_member(force, post=founded.posts[name], actor=SYSTEM)


def _ties(founded: City, day: date) -> None:
    for unit, kind, code, territory in city.STEWARDSHIPS:
        actions.steward(
            founded.units[unit],
            kind=Stewardship.Kind(kind),
            code=code,
            territory=founded.units[territory],
            actor=SYSTEM,
        )
    for unit, superior in city.LINES:
        actions.set_line(founded.units[unit], superior=founded.units[superior], actor=SYSTEM)
