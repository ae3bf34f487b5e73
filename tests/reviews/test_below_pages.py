"""The pages of those below: filled in on the page and in Excel, shown above, and nobody else's."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.desk.feed import _reviews
from bihuan.rectification import actions as do
from bihuan.reviews.models import MonthlyReview
from bihuan.reviews.returned_sheet import AT, KEY
from bihuan.reviews.rules import Cell
from tests.reviews.calls import draft_of, issue, line_about, row_of, sheet_of
from tests.reviews.shared import divided, leaf_of, shared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
__all__ = ["shared"]
FACTS = "已更换四公里。"


def at(name: str, row) -> str:
    return reverse(f"reviews:{name}", args=[row.pk])


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def county(shared, story):
    return sheet_of(shared.review, story.cast.county_water)


def filled(county, shared, story, **cells) -> dict[str, list[str] | str]:
    line = line_about(county, shared.whole, story.cast.county_handler)
    return {"key": [line.key]} | {f"{name}_0": text for name, text in cells.items()}


def test_who_may_open_the_sheet_of_a_unit_below(county, story, client_as):
    cast = story.cast
    for player, status in (
        (cast.county_handler, 200), (cast.subordinate, 200), (cast.handler, 200), (cast.sector_handler, 200),
        (cast.coordinator, 200), (cast.outsider, 404), (cast.acceptor, 404), (cast.log_auditor, 404),
    ):  # fmt: skip
        assert client_as(player).get(at("sheet", county)).status_code == status
    assert client_as(cast.outsider).get(at("remind_below", county)).status_code == 404
    assert client_as(cast.handler).get(at("download", county)).status_code == 404
    assert client_as(cast.handler).post(at("sheet", county), {}).status_code == 403


def test_the_unit_below_reads_who_asks_by_when_and_only_what_it_can_say(county, shared, story, client_as):
    page = words(client_as(story.cast.county_handler).get(at("sheet", county)))
    assert "由市供水管理站交办" in page
    assert "2026-03-03</time>前报" in page
    assert 'name="percent_0"' in page
    assert "能否按期" not in page
    assert "下级报送" not in page


def test_each_measure_says_how_far_it_should_be_by_today(county, story, client_as):
    story.clock.go_on(45)
    page = words(client_as(story.cast.county_handler).get(at("sheet", county)))
    assert '<span class="scheduled late">序时应达 50%</span>' in page


def test_an_answer_below_stands_on_the_page_above(county, shared, story, client_as):
    cast = story.cast
    lead = sheet_of(shared.review, cast.ecology)
    before = words(client_as(cast.sector_handler).get(at("sheet", lead)))
    assert "下级报送 0/2" in before
    assert at("remind_below", lead) in before
    sent = filled(county, shared, story, percent="60", facts=FACTS)
    assert client_as(cast.county_handler).post(at("sheet", county), sent).status_code == 302
    after = words(client_as(cast.sector_handler).get(at("sheet", lead)))
    assert "下级报送 1/2" in after
    assert FACTS in after
    assert "本次已报" in after
    assert row_of(county, shared.whole).state == "changed"


def test_whoever_answers_above_is_told_who_below_has_not(shared, story, client_as):
    cast = story.cast
    lead = sheet_of(shared.review, cast.ecology)
    answer = client_as(cast.sector_handler).post(at("sheet", lead), {}, follow=True)
    assert "下级还有 2 个单位没有报" in words(answer)
    assert sheet_of(shared.review, cast.ecology).state == "answered"


def test_those_below_are_reminded_from_the_page(shared, story, client_as):
    handler = client_as(story.cast.handler)
    water = sheet_of(shared.review, story.cast.water)
    assert handler.post(at("remind_below", water)).status_code == 302
    assert handler.post(at("remind_below", water)).status_code == 422
    assert "近日都已催过" in words(handler.get(at("sheet", water)))


def test_who_handed_everything_on_has_nothing_to_send(shared, story, client_as):
    station = sheet_of(shared.review, story.cast.station)
    page = words(client_as(story.cast.subordinate).get(at("sheet", station)))
    assert "由下级报送" in page
    assert "review-foot" not in page
    assert "青石县水务局" in page


def test_the_office_sees_both_levels(shared, story, client_as):
    office = client_as(story.cast.coordinator)
    page = words(office.get(at("review", shared.review)))
    assert ">0/2<" in page
    assert "下级报送情况" in page
    assert "每往下一层早 2 个工作日" in page
    book = openpyxl.load_workbook(
        BytesIO(b"".join(office.get(at("workbook", shared.review)).streaming_content))
    )
    assert book.sheetnames == ["亮灯表", "报送情况", "下级报送情况", "提请协调事项"]
    below = [row[0].value for row in book["下级报送情况"].iter_rows()]
    assert {"市水务局", "青石县水务局"} <= set(below)


def test_where_the_time_is_short_the_page_says_so(shared, story, client_as):
    story.clock.go_on(25)
    review = draft_of(story, due_on=story.clock.today)
    assert "早不了这么多天" in words(client_as(story.cast.coordinator).get(at("review", review)))


def test_a_unit_below_answers_in_excel(county, shared, story, client_as):
    handler = client_as(story.cast.county_handler)
    book = openpyxl.load_workbook(BytesIO(b"".join(handler.get(at("download", county)).streaming_content)))
    rows = list(book.active.iter_rows())
    mine = rows[next(at for at, row in enumerate(rows) if row[0].value == KEY) + 1]
    locked = [mine[AT[cell] + 1].protection.locked for cell in Cell]
    assert locked == [False, False, True, True, True]
    mine[AT[Cell.PERCENT] + 1].value, mine[AT[Cell.FACTS] + 1].value = 45, FACTS
    content = BytesIO()
    book.save(content)
    sent = {"file": SimpleUploadedFile("调度表.xlsx", content.getvalue())}
    assert handler.post(at("upload", county), sent).status_code == 302
    leaf = leaf_of(story, shared.whole, story.cast.county_water)
    assert (leaf.progress, leaf.progress_reports.get().facts) == (45, FACTS)


def test_the_feed_of_the_portal_has_the_day_of_the_unit_itself(shared, story):
    [item] = _reviews(story.cast.county_handler.actor).items
    assert item.due == row_of(sheet_of(shared.review, story.cast.county_water), shared.whole).due_on


def cost(client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_what_the_pages_cost_does_not_grow_with_those_below(shared, story, client_as):
    """One more problem divided down three levels, and two more tasks of the first."""
    cast = story.cast
    clients = {"lead": client_as(cast.sector_handler), "office": client_as(cast.coordinator)}

    def costs(review: MonthlyReview) -> dict[str, int]:
        lead = sheet_of(review, cast.ecology)
        return {
            "lead": cost(clients["lead"], at("sheet", lead)),
            "office": cost(clients["office"], at("review", review)),
        }

    few = costs(shared.review)
    divided(story)
    water = leaf_of(story, shared.whole, cast.water)
    for unit in (cast.station, cast.county_water):
        do.hand_down(
            water,
            unit=unit,
            text="巡查",
            deadline=water.deadline,
            deliverable="巡查记录",
            actor=cast.handler.actor,
        )
    story.clock.go_on(25)
    later = issue(draft_of(story), story)
    assert later.sheets.count() == 4
    many = costs(later)
    assert many["lead"] <= few["lead"] + 1
    assert many["office"] <= few["office"] + 2
