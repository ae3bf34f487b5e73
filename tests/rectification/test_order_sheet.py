"""The order's sheet: one act for all rows, errors in their cells, everything typed kept; a plain form without a script."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.journal.models import JournalEvent
from bihuan.rectification import actions as do
from bihuan.rectification.models import OrderItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def drafted(story, count=2):
    problems = story.proposed(count)
    return do.draft_order(problems, title="督查反馈问题交办单", actor=story.cast.coordinator.actor)


def address(order):
    return reverse("rectification:order_sheet", args=[order.pk])


def sent(*items, **cells):
    """What a browser sends of these rows as they stand, with other words in some cells of the first."""
    data = {}
    for place, item in enumerate(items):
        row = {
            "task": item.task,
            "measure": item.measure.replace("\n", "\r\n"),
            "lead_unit": str(item.lead_unit.name),
            "supporting_units": "",
            "deputy_in_charge": "",
            "external_deadline": item.external_deadline.isoformat(),
            "internal_deadline": item.internal_deadline.isoformat(),
            "requirement": item.requirement,
        } | (cells if place == 0 else {})
        data |= {f"{item.pk.hex}-{name}": value for name, value in row.items()}
    return data


def items_of(order):
    return list(
        OrderItem.objects.filter(order=order).select_related("lead_unit").order_by("problem__problem_no")
    )


def test_a_row_is_saved_with_names_for_units_and_posts_and_the_rest_left_alone(story, client_as):
    order = drafted(story)
    first, second = items_of(order)
    client = client_as(story.cast.coordinator)
    page = client.get(address(order)).content.decode()
    assert "data-sheet-row" in page
    # Both dates of both rows tell what day they fall on.
    assert page.count('hx-get="/calendars/about/"') == page.count("data-about-day aria-live") == 4
    answer = client.post(
        address(order),
        sent(
            first,
            second,
            task="漏损率降到百分之十以下",
            measure="更换老旧管网\r\n加装计量",
            supporting_units="市数据局、市生态环境局",
            deputy_in_charge="市水务局 市水务局副局长",
        ),
    )
    assert answer.status_code == 302, answer.content.decode()
    first, second = items_of(order)
    assert (first.task, first.measure) == ("漏损率降到百分之十以下", "更换老旧管网\n加装计量")
    assert [one["unit"] for one in first.supporting_units] == [
        str(story.cast.data.pk),
        str(story.cast.ecology.pk),
    ]
    assert first.deputy_in_charge == story.cast.deputy.post
    assert second.task == ""
    events = JournalEvent.objects.filter(stream=order.pk, verb="rectification.edit_order")
    assert events.count() == 1
    # Sent again as it stands, nothing is written.
    again = sent(
        first, second, supporting_units="市数据局、市生态环境局", deputy_in_charge="市水务局 市水务局副局长"
    )
    assert client.post(address(order), again).status_code == 302
    assert events.count() == 1


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"lead_unit": "没有这个局"}, "没有叫“没有这个局”的单位"),
        ({"internal_deadline": "2027-01-01"}, "不晚于外部期限"),
        ({"external_deadline": "不是日期"}, "有 1 行没有填对"),
        ({"external_deadline": "2026-02-02", "internal_deadline": "2026-02-02"}, "整改期限已经过去"),
        ({"supporting_units": "市水务局"}, "同一单位列了两次"),
        ({"deputy_in_charge": "云川市 市长"}, "责任领导不在牵头单位"),
    ],
)
def test_what_is_wrong_stands_in_its_cell_and_nothing_is_saved(story, client_as, cells, words):
    order = drafted(story)
    first, second = items_of(order)
    answer = client_as(story.cast.coordinator).post(
        address(order), sent(second, first, task="不应保存的任务") | sent(first, **cells)
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'class="error small"' in page
    assert "不应保存的任务" in page
    assert not OrderItem.objects.exclude(task="").exists()


def test_who_may_not(story, client_as):
    order = drafted(story)
    assert client_as(story.cast.outsider).get(address(order)).status_code == 404
    # Before it is issued the lead unit knows nothing of it; the sector's steward knows and has no say.
    assert client_as(story.cast.handler).get(address(order)).status_code == 404
    assert client_as(story.cast.sector_handler).get(address(order)).status_code == 403
    do.submit_order(order, actor=story.cast.coordinator.actor)
    assert client_as(story.cast.coordinator).get(address(order)).status_code == 302


def test_a_longer_sheet_costs_no_more_statements(story, client_as, django_assert_max_num_queries):
    order = drafted(story, 6)
    client = client_as(story.cast.coordinator)
    client.get(address(order))
    with django_assert_max_num_queries(24):
        assert client.get(address(order)).content.decode().count("data-sheet-row") == 6
