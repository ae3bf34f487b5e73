"""A small city with everybody the loop needs, for the tests of every room.

    def test_outsiders_see_nothing(cast): ...            cast.handler.actor, cast.water, cast.outsider.person
    def test_page(cast, client_as): client_as(cast.coordinator).get("/")

Who may and who may not is arranged so that each rule has its counter-example: `station` stands under `water`,
`county_water` is only guided by it (条块), `outsider` sits in another county, acceptor and inspector in oversight
bodies of their own, the three administrators in three posts of three people. Everything holds since 2025-01-01.
"""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from bihuan.journal import timesource
from bihuan.journal.action import Actor
from bihuan.ledger.actions import seed_taxonomy
from bihuan.organizations import actions
from bihuan.organizations.acting import Seat, actor_in
from bihuan.organizations.models import Body, BodyMember, Person, Post, Role, Stewardship, Unit
from bihuan.organizations.structure import PersonRow, PostRow, Structure, UnitRow
from bihuan.policies.actions import seed_policies
from tests.kept_rows import Rows, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

SINCE = dt.datetime(2025, 1, 1, 1, tzinfo=dt.UTC)
PASSWORD = "Reeds-by-the-river-7"
THE_SYSTEM = Actor.the_system("tests.cast")

UNITS = (
    # field name, code, name, kind, level, parent, jurisdiction
    ("city", "CITY", "云川市", "government", 3, "", True),
    ("office", "OFFICE", "市整改办", "party", 3, "CITY", False),
    ("water", "WATER", "市水务局", "department", 3, "CITY", False),
    ("station", "STATION", "市供水管理站", "institution", 3, "WATER", False),
    ("ecology", "ECOLOGY", "市生态环境局", "department", 3, "CITY", False),
    ("inspection", "INSPECTION", "市督查室", "oversight", 3, "CITY", False),
    ("audit", "AUDIT", "市审计局", "oversight", 3, "CITY", False),
    ("data", "DATA", "市数据局", "department", 3, "CITY", False),
    ("county", "COUNTY", "青石县", "territory", 4, "CITY", False),
    ("county_water", "COUNTY-WATER", "青石县水务局", "department", 4, "COUNTY", False),
    ("other_county", "OTHER", "白河县", "territory", 4, "CITY", True),
    ("other_housing", "OTHER-HOUSING", "白河县住建局", "department", 4, "OTHER", False),
)
PLAYERS = (
    # field name, person, unit, post, kind, roles
    ("mayor", "陈启明", "CITY", "市长", "principal", ()),
    ("decider", "何清源", "CITY", "副市长", "deputy_in_charge", (Role.DECIDER,)),
    ("coordinator", "林晓", "OFFICE", "整改办经办", "handler", (Role.COORDINATOR,)),
    ("reviewer", "周正", "OFFICE", "整改办审核", "section_head", (Role.REVIEWER,)),
    ("channel_keeper", "苏谨", "OFFICE", "专线保管", "staff", (Role.CHANNEL_KEEPER,)),
    ("principal", "高建国", "WATER", "市水务局局长", "principal", ()),
    ("deputy", "罗岚", "WATER", "市水务局副局长", "deputy_in_charge", ()),
    ("handler", "许诺", "WATER", "市水务局经办人", "handler", ()),
    ("liaison", "唐敏", "WATER", "市水务局联络员", "liaison", ()),
    ("station_principal", "马骏", "STATION", "供水管理站站长", "principal", ()),
    ("subordinate", "石磊", "STATION", "供水管理站经办人", "handler", ()),
    ("sector_handler", "方晴", "ECOLOGY", "市生态环境局经办人", "handler", ()),
    ("acceptor", "严峻", "INSPECTION", "督查室验收岗", "staff", (Role.ACCEPTOR,)),
    ("inspector", "温故", "AUDIT", "审计局回头看岗", "staff", (Role.INSPECTOR,)),
    ("source_authority", "钱审", "AUDIT", "审计局认定岗", "staff", (Role.SOURCE_AUTHORITY,)),
    ("county_handler", "田野", "COUNTY-WATER", "青石县水务局经办人", "handler", ()),
    ("outsider", "白露", "OTHER-HOUSING", "白河县住建局经办人", "handler", ()),
    ("system_administrator", "管一", "DATA", "系统管理岗", "staff", (Role.SYSTEM_ADMINISTRATOR,)),
    ("security_administrator", "管二", "DATA", "安全管理岗", "staff", (Role.SECURITY_ADMINISTRATOR,)),
    ("log_auditor", "管三", "DATA", "安全审计岗", "staff", (Role.LOG_AUDITOR,)),
)
PORTFOLIOS = {"市水务局副局长": ("risk.ecology.water",)}


@dataclass(frozen=True)
class Player:
    """Somebody of the cast, in their post."""

    person: Person
    post: Post
    actor: Actor

    @property
    def unit(self) -> Unit:
        return self.post.unit


@dataclass(frozen=True)
class Cast:
    """The city. Units first, then players; `leading_group` is a body the decider and the mayor sit in."""

    city: Unit
    office: Unit
    water: Unit
    station: Unit
    ecology: Unit
    inspection: Unit
    audit: Unit
    data: Unit
    county: Unit
    county_water: Unit
    other_county: Unit
    other_housing: Unit
    mayor: Player
    decider: Player
    coordinator: Player
    reviewer: Player
    channel_keeper: Player
    principal: Player
    deputy: Player
    handler: Player
    liaison: Player
    station_principal: Player
    subordinate: Player
    sector_handler: Player
    acceptor: Player
    inspector: Player
    source_authority: Player
    county_handler: Player
    outsider: Player
    system_administrator: Player
    security_administrator: Player
    log_auditor: Player
    leading_group: Body
    system: Actor = THE_SYSTEM

    @property
    def players(self) -> dict[str, Player]:
        """Everybody by field name."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if isinstance(value, Player)}


def structure() -> Structure:
    """The city as rows for the import, which is also the quickest way to set it up."""
    day = SINCE.date()
    return Structure(
        units=tuple(
            UnitRow(
                line=line,
                code=code,
                name=name,
                kind=kind,
                level=level,
                parent=parent,
                is_jurisdiction=jurisdiction,
                party_committee="市水务局党组" if code == "WATER" else "",
                opened_on=day,
            )
            for line, (_, code, name, kind, level, parent, jurisdiction) in enumerate(UNITS, start=2)
        ),
        posts=tuple(
            PostRow(line=line, unit=unit, name=post, kind=kind, portfolio=PORTFOLIOS.get(post, ()))
            for line, (_, _, unit, post, kind, _) in enumerate(PLAYERS, start=2)
        ),
        people=tuple(
            PersonRow(line=line, name=person, unit=unit, post=post, external_id=field, since=day)
            for line, (field, person, unit, post, _, _) in enumerate(PLAYERS, start=2)
        ),
    )


def build_cast() -> Cast:
    """Set the city up by real actions, as of 2025-01-01."""
    with timesource.at(SINCE):
        actions.import_structure(structure=structure(), actor=THE_SYSTEM)
        by_code = {unit.code: unit for unit in Unit.objects.all()}
        units = {field: by_code[code] for field, code, *_ in UNITS}
        by_name = {post.name: post for post in Post.objects.select_related("unit")}
        for _, _, _, post, _, roles in PLAYERS:
            for role in roles:
                actions.grant_role(by_name[post], role=role, actor=THE_SYSTEM)
        actions.set_line(units["county_water"], superior=units["water"], actor=THE_SYSTEM)
        for unit, kind, code in (
            ("ecology", Stewardship.Kind.SECTOR, "risk.ecology"),
            ("audit", Stewardship.Kind.SOURCE, "audit"),
        ):
            actions.steward(units[unit], kind=kind, code=code, territory=units["city"], actor=THE_SYSTEM)
        group = actions.create_body(
            name="市整改工作领导小组",
            kind=Body.Kind.LEADING_GROUP,
            jurisdiction=units["city"],
            actor=THE_SYSTEM,
        )
        for post, role in (("市长", BodyMember.Role.CHAIR), ("副市长", BodyMember.Role.DEPUTY)):
            actions.add_member(group, post=by_name[post], role=role, actor=THE_SYSTEM)
    people = {person.external_id: person for person in Person.objects.all()}
    players = {
        field: Player(
            people[field], by_name[post], actor_in(people[field], Seat(by_name[post], frozenset(roles)))
        )
        for field, _, _, post, _, roles in PLAYERS
    }
    return Cast(**units, **players, leading_group=group)


def seed_lists(cast: Cast) -> None:
    """Sectors, sources and policies by real actions, as of 2025-01-01."""
    with timesource.at(SINCE):
        seed_taxonomy(valid_from=SINCE.date(), actor=THE_SYSTEM)
        seed_policies(jurisdiction=cast.city, valid_from=SINCE.date(), actor=THE_SYSTEM)


@pytest.fixture(scope="session")
def kept() -> dict[Any, tuple[Rows, Any]]:
    """What this worker's tests begin with, as the first of them made it by real actions."""
    return {}


@pytest.fixture
def shelf(db: None, kept: dict[Any, tuple[Rows, Any]]) -> Shelf:
    """Where a test takes its beginning from."""
    found = Shelf(kept)
    found.begin()
    return found


@pytest.fixture
def cast(shelf: Shelf) -> Cast:
    """The small city, fresh for each test; unpickled, because a deep copy takes longer than most tests do."""
    city: Cast = pickle.loads(shelf.stage("city", lambda: pickle.dumps(build_cast())))
    return city


@pytest.fixture
def lists(cast: Cast, shelf: Shelf) -> None:
    """The office's lists and policies, as old as the city."""

    shelf.stage("lists", lambda: seed_lists(cast))


@pytest.fixture
def open_account(cast: Cast) -> Callable[[Player], object]:
    """Give a player an account (user name: their field name in the cast; password: `PASSWORD`)."""

    def open_for(player: Player) -> object:
        person = Person.objects.get(pk=player.person.pk)
        if person.account is None:
            name = person.external_id or f"player-{person.pk.hex[-8:]}"
            actions.set_account(person, user_name=name, password=PASSWORD, actor=THE_SYSTEM)
        return person.account

    return open_for


@pytest.fixture
def client_as(open_account: Callable[[Player], object]) -> Callable[[Player], Client]:
    """A browser signed in as a player."""

    def sign_in(player: Player) -> Client:
        client = Client()
        client.force_login(open_account(player), backend="bihuan.organizations.sign_in.NameOrMobileBackend")
        return client

    return sign_in
