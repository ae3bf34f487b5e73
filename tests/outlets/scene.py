"""Outlets and messages for the tests of this room, all by real actions."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bihuan.journal import timesource
from bihuan.journal.action import Actor, action, system_only
from bihuan.messages.kinds import Matter, register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations import actions as organizations
from bihuan.outlets import actions
from bihuan.outlets.models import Outlet
from bihuan.policies.actions import enact
from bihuan.policies.messaging_shapes import STARTING_MESSAGING
from tests.organizations.cast import SINCE, THE_SYSTEM

ZONE = ZoneInfo("Asia/Shanghai")
SITE = "https://bihuan.example"
PLAIN, PRESSING, FORCED = "tests.plain", "tests.pressing", "tests.forced"
register_kind(PLAIN, "有 %(count)s 件事等您审批。", Matter.APPROVAL)
register_kind(PRESSING, "有 %(count)s 项督办。", Matter.SUPERVISION)
register_kind(FORCED, "有 %(count)s 项逾期。", Matter.OVERDUE)
# A Thursday at ten in the morning, a working day.
NOON = dt.datetime(2026, 11, 26, 10, tzinfo=ZONE)
NIGHT = NOON.replace(hour=22)
GATEWAY = {
    "url": "",
    "method": "POST",
    "format": "json",
    "body": '{"to": "{mobile}", "content": "{text}", "id": "{marker}"}',
    "header": "Authorization: Bearer {secret}",
    "success_field": "errcode",
    "success_value": "0",
}
SECRET = "very-secret-token"


@action("tests.outlets_tell", may=system_only)
def tell(*, to: list[str], kind: str, number: str, count: int, actor: Actor) -> None:
    for person in to:
        queue_message(to_person=person, kind=kind, link=f"/{kind}/", number=number, count=count)


def told(*players, kind=PLAIN, number="", count=1) -> None:
    tell(to=[player.person.pk for player in players], kind=kind, number=number, count=count, actor=THE_SYSTEM)


def ruled(cast, **changes) -> None:
    """The policy of the city, since its first day."""
    body = STARTING_MESSAGING | {"gather_minutes": 0, "supervision": "urgent"} | changes
    with timesource.at(SINCE):
        enact(
            code="messaging",
            jurisdiction=cast.city,
            body=body,
            valid_from=SINCE.date(),
            actor=cast.coordinator.actor,
        )


def outlet_in(cast, way, url, *, unit=None, on=True, **changes) -> Outlet:
    """An outlet of the city set up by its administrator, on since the city's first day."""
    settings = GATEWAY | {"url": url} if way == "sms" else {}
    given = {
        "unit": unit or cast.city,
        "way": way,
        "name": f"渠道 {way}",
        "site": SITE,
        "settings": settings,
        "secrets": {"secret": SECRET} if way == "sms" else {"url": url},
        "matters": [],
        "intranet": True,
    } | changes
    with timesource.at(SINCE):
        outlet = actions.set_up(**given, actor=cast.system_administrator.actor)
        if on:
            actions.switch(outlet, on=True, actor=cast.system_administrator.actor)
    return Outlet.objects.select_related("unit").get(pk=outlet.pk)


def reachable(*players) -> None:
    """Numbers and addresses of their own."""
    for place, player in enumerate(players, start=1):
        organizations.set_mobile(player.person, mobile=f"1380000{place:04}", actor=THE_SYSTEM)
        organizations.set_email(player.person, email=f"p{place}@city.example", actor=THE_SYSTEM)
