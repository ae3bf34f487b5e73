"""A monthly review in the browser: called by two of the office, answered on the page by one unit and in Excel by another,
an obstacle asked of a third and removed, the lights table and the circular out.
"""

from __future__ import annotations

from io import BytesIO

import docx
import openpyxl
import pytest
from django.urls import reverse

from bihuan.files.queries import content_of
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.organizations import actions
from bihuan.papers.models import Paper
from bihuan.rectification import actions as do
from bihuan.reviews.models import CoordinationRequest, MonthlyReview, ReviewSheet
from bihuan.reviews.returned_sheet import AT, KEY
from bihuan.reviews.rules import Cell
from tests.browsing import overflow_of
from tests.journeys.people import Visitor
from tests.organizations.cast import PASSWORD, THE_SYSTEM, Cast, build_cast, seed_lists
from tests.rectification.conftest import Clock, Story

pytestmark = pytest.mark.journey
PEOPLE = ("coordinator", "reviewer", "liaison", "sector_handler")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Now(Clock):
    """The clock of the server itself: the browser's story does not move it."""

    @property
    def today(self):
        return today()


@pytest.fixture
def city(committed: str) -> Cast:
    cast = build_cast()
    seed_lists(cast)
    for name in PEOPLE:
        person = getattr(cast, name).person
        actions.set_account(person, user_name=name, password=PASSWORD, actor=THE_SYSTEM)
    story = Story(cast, Now())
    story.rectifying(grade="minor")
    (other,) = story.assigned(grade="minor")
    assert other.lead_unit == cast.water
    problem = story.register(grade="minor", title="污水处理设施停运")
    story.propose(problem, lead_unit=cast.ecology, handling="由市生态环境局牵头整改。")
    story.issue([problem])
    do.acknowledge([Problem.objects.get(pk=problem.pk)], actor=cast.sector_handler.actor)
    return cast


def paste(cell, text: str) -> None:
    """What a spreadsheet puts on the clipboard, pasted into a cell."""
    cell.evaluate(
        """(cell, text) => { const data = new DataTransfer(); data.setData("text/plain", text);
        cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }""",
        text,
    )


def answered_in_excel(visitor: Visitor, sheet: ReviewSheet, percent: int, facts: str) -> None:
    """Down, the first line filled in, up again."""
    got = visitor.page.request.get(reverse("reviews:download", args=[sheet.pk]))
    book = openpyxl.load_workbook(BytesIO(got.body()))
    rows = list(book.active.iter_rows())
    line = rows[next(at for at, row in enumerate(rows) if row[0].value == KEY) + 1]
    line[AT[Cell.PERCENT] + 1].value, line[AT[Cell.FACTS] + 1].value = percent, facts
    content = BytesIO()
    book.save(content)
    visitor.go(reverse("reviews:upload", args=[sheet.pk]))
    file = {"name": "调度表.xlsx", "mimeType": XLSX, "buffer": content.getvalue()}
    visitor.page.set_input_files("input[type=file]", file)
    visitor.page.click(".action-form button[type=submit]")
    visitor.page.wait_for_url(f"**{reverse('reviews:sheet', args=[sheet.pk])}")


def answered_on_the_page(visitor: Visitor, sheet: ReviewSheet) -> None:
    """A number typed, a row of a spreadsheet pasted, sent."""
    page = visitor.go(reverse("reviews:sheet", args=[sheet.pk])).page
    page.locator("input[name^=percent_]").fill("40")
    paste(
        page.locator("textarea[name^=facts_]"),
        "已更换管网六公里。\t铺设剩余路段\t占道许可未批\t有风险",
    )
    assert page.locator("[data-review-count]").inner_text().startswith("改了 5 格")
    page.locator(".review-foot button[type=submit]").click()
    page.wait_for_selector("tbody .tag-ok")


def circular_of(visitor: Visitor, review: MonthlyReview) -> str:
    """The words of the circular, made from the page of the review."""
    visitor.go(reverse("reviews:circular", args=[review.pk])).send(demand="各单位要逐件核实，按期报送。")
    paper = Paper.objects.get(kind="review_circular")
    assert visitor.page.url.endswith(reverse("papers:paper", args=[paper.pk]))
    return "\n".join(one.text for one in docx.Document(BytesIO(content_of(paper.draft))).paragraphs)


def test_two_units_answer_and_an_obstacle_is_removed(browser, city):
    office, second, water, ecology = (Visitor(name, browser.signed_in(name, PASSWORD)) for name in PEOPLE)
    office.go(reverse("reviews:new")).send(title="十一月调度")
    review = MonthlyReview.objects.get()
    board = reverse("reviews:review", args=[review.pk])
    second.go(board).press("/issue/").send()

    answered_on_the_page(water, ReviewSheet.objects.get(unit=city.water))
    assert sorted(Problem.objects.filter(lead_unit=city.water).values_list("progress", flat=True)) == [0, 40]
    answered_in_excel(ecology, ReviewSheet.objects.get(unit=city.ecology), 55, "设施已恢复运行。")
    assert Problem.objects.get(lead_unit=city.ecology).progress == 55

    # An obstacle, asked from its line; the asked unit finds it on its desk, and only who asked ends it.
    water.open(water.page.locator(".r-marks a[href*='/ask/']").first)
    water.send(matter="占道许可两个月未批。", asked_unit=str(city.ecology.pk))
    request = CoordinationRequest.objects.get()
    asked = reverse("reviews:request", args=[request.pk])
    ecology.go(reverse("desk:home")).page.click(f"a.btn[href='{asked}']")
    ecology.press("/answer/").send(answer="已协调批复。")
    assert not ecology.is_offered("/settle/")
    water.go(asked).press("/settle/").send()
    assert CoordinationRequest.objects.get().state == "settled"

    page = office.page
    page.set_viewport_size({"width": 390, "height": 800})
    office.go(board)
    assert overflow_of(page) == 0
    assert page.locator("#lights tbody tr").count() == 3
    office.press("/conclude/").send()
    words = circular_of(office, review)
    assert "应报2个单位，已报2个" in words
    assert "提请协调1件：已解决1件" in words
    assert "各单位要逐件核实，按期报送。" in words
