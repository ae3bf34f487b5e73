"""签收墙: who has acknowledged what, when and by whom, who is most late; and what it costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.desk.wall import wall_of_office, wall_of_order
from bihuan.policies.actions import enact
from bihuan.rectification import actions as do
from bihuan.rectification.models import AssignmentOrder
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def issued_to_two(story, *, water=2, ecology=1):
    problems = [story.register() for _ in range(water + ecology)]
    story.propose(*problems[:water])
    story.propose(*problems[water:], lead_unit=story.cast.ecology, handling="由市生态环境局牵头整改。")
    return story.issue(problems), fresh(problems)


def test_units_are_all_some_or_none_with_the_most_late_first(story, clock):
    order, (one, _two, three) = issued_to_two(story)
    do.acknowledge([three], actor=story.cast.sector_handler.actor)
    do.acknowledge([one], actor=story.cast.liaison.actor)
    water, ecology = wall_of_order(story.cast.coordinator.actor, order)
    assert (water.unit, water.assigned, water.taken, water.waiting) == (story.cast.water, 2, 1, 1)
    assert (ecology.unit, ecology.taken, ecology.waiting, ecology.left) == (story.cast.ecology, 1, 0, None)
    assert (water.last.who, ecology.last.who) == ("唐敏", "方晴")
    assert water.left is not None
    assert not water.left.late
    clock.go_on(30)
    assert wall_of_order(story.cast.coordinator.actor, order)[0].left.late


def test_what_was_declined_is_neither_waiting_nor_acknowledged_and_its_next_order_waits(story):
    first, (one, _two, _three) = issued_to_two(story)
    do.decline(one, reason="不是我局职责。", proposed_unit=story.cast.ecology, actor=story.cast.liaison.actor)
    story.propose(fresh([one])[0], lead_unit=story.cast.ecology, handling="改由市生态环境局牵头。")
    second = story.issue(fresh([one]))
    lines = {line.unit: line for line in wall_of_order(story.cast.coordinator.actor, first)}
    assert (lines[story.cast.water].declined, lines[story.cast.water].waiting) == (1, 1)
    (again,) = wall_of_order(story.cast.coordinator.actor, second)
    assert (again.unit, again.waiting, again.declined) == (story.cast.ecology, 1, 0)


def test_the_office_sees_all_orders_on_one_wall_and_the_reader_only_what_they_see(story):
    order, _problems = issued_to_two(story)
    lines = wall_of_office(story.cast.coordinator.actor, story.cast.city)
    assert sum(line.waiting for line in lines) == 3
    (own,) = wall_of_order(story.cast.handler.actor, order)
    assert own.unit == story.cast.water


def test_the_page_says_it_and_presses(story, client_as):
    order, _problems = issued_to_two(story)
    client = client_as(story.cast.coordinator)
    page = client.get(reverse("desk:order_wall", args=[order.pk])).content.decode()
    assert "催签 2 个单位" in page
    assert "24:00" in page or "小时" in page
    press = reverse("rectification:press_order", args=[order.pk])
    assert client.post(press, {}).url == reverse("desk:order_wall", args=[order.pk])
    after = client.get(reverse("desk:order_wall", args=[order.pk])).content.decode()
    assert "没有签收的今天都催过了" in after
    assert "催签 2 个单位" not in after
    assert client.get(reverse("desk:wall")).status_code == 200


def test_only_who_can_be_pressed_has_a_box(story, client_as):
    order, (_one, _two, three) = issued_to_two(story)
    do.acknowledge([three], actor=story.cast.sector_handler.actor)
    client = client_as(story.cast.coordinator)
    page = reverse("desk:order_wall", args=[order.pk])
    shown = client.get(page).content.decode()
    boxes = {
        unit: f'name="pick" value="{unit.pk}"' in shown for unit in (story.cast.water, story.cast.ecology)
    }
    assert boxes == {story.cast.water: True, story.cast.ecology: False}
    client.post(reverse("rectification:press_order", args=[order.pk]), {})
    assert 'name="pick"' not in client.get(page).content.decode()


def test_who_may_not(story, client_as):
    order, _problems = issued_to_two(story)
    draft = story.order(story.proposed())
    wall = reverse("desk:order_wall", args=[order.pk])
    assert client_as(story.cast.outsider).get(wall).status_code == 404
    assert (
        client_as(story.cast.coordinator).get(reverse("desk:order_wall", args=[draft.pk])).status_code == 404
    )
    assert client_as(story.cast.coordinator).post(wall).status_code == 405
    handler = client_as(story.cast.handler)
    assert handler.get(reverse("desk:wall")).status_code == 403
    seen = handler.get(wall)
    assert seen.status_code == 200
    assert reverse("rectification:press_order", args=[order.pk]) not in seen.content.decode()


def test_a_longer_wall_costs_no_more_statements(story, client_as):
    client = client_as(story.cast.coordinator)

    def cost() -> int:
        assert client.get(reverse("desk:wall")).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("desk:wall"))
        return len(captured)

    def some(count: int) -> None:
        _order, problems = issued_to_two(story, water=count, ecology=count)
        do.acknowledge(problems[:1], actor=story.cast.liaison.actor)

    some(2)
    few = cost()
    some(6)
    assert cost() == few <= 23
    assert AssignmentOrder.objects.count() == 2


def test_hours_are_said_where_the_policy_counts_hours(story):
    enact(
        jurisdiction=story.cast.city,
        code="deadline.acknowledge",
        body={"unit": "hours", "count": 24, "starts_on": "assigned"},
        valid_from=story.clock.today,
        reason="改为按小时签收。",
        actor=story.cast.coordinator.actor,
    )
    order, _problems = issued_to_two(story)
    (line, _other) = wall_of_order(story.cast.coordinator.actor, order)
    assert line.left.working_days is None
    assert 0 <= line.left.hours <= 24
    assert line.left.passes_at <= story.clock.now + dt.timedelta(hours=24)
