"""重点问题清单, its page: gaps lit, scope kept, filters of the ledger, the Excel, and what it costs."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bihuan.rectification import actions as do
from tests.documents.opening import sound
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def listed(story, count=1, **more):
    problems = story.assigned(count, **more)
    do.put_on_focus(
        problems, sponsor=story.cast.decider.post, reason="久拖不决。", actor=story.cast.coordinator.actor
    )
    return fresh(problems)


def instruct(story, problem, **more):
    facts = {"on": story.clock.today, "words": "抓紧整改。", "post": story.cast.mayor.post}
    do.record_instruction(problem, **(facts | more), actor=story.cast.coordinator.actor)


def test_a_row_says_who_when_and_what_is_expected_next_with_the_gaps_lit(story, clock, client_as):
    (problem,) = listed(story)
    instruct(story, problem, answer_by=clock.today + dt.timedelta(days=7))
    client = client_as(story.cast.coordinator)
    page = client.get(reverse("desk:focus")).content.decode()
    assert f"{(clock.today + dt.timedelta(days=7)).isoformat()} 前报告批示办理情况" in page
    assert "何清源" in page
    assert "没有报过" in page
    assert "前再去" not in page
    clock.go_on(91)
    later = client.get(reverse("desk:focus")).content.decode()
    assert "前再去" in later
    do.record_visit(
        fresh([problem])[0],
        post=story.cast.decider.post,
        on=clock.today,
        place="水厂",
        found="在施工。",
        actor=story.cast.coordinator.actor,
    )
    assert "前再去" not in client.get(reverse("desk:focus")).content.decode()


def test_it_is_read_by_those_who_follow_it_and_holds_what_they_see(story, client_as):
    (problem,) = listed(story)
    address = reverse("desk:focus")
    assert client_as(story.cast.handler).get(address).status_code == 404
    assert client_as(story.cast.outsider).get(address).status_code == 404
    assert client_as(story.cast.coordinator).post(address).status_code == 405
    assert problem.problem_no in client_as(story.cast.principal).get(address).content.decode()
    assert problem.problem_no not in client_as(story.cast.station_principal).get(address).content.decode()


def test_the_conditions_of_the_ledger_narrow_it_and_it_is_exported(story, client_as):
    problems = listed(story, 2)
    client = client_as(story.cast.coordinator)
    page = client.get(reverse("desk:focus") + "?grade=severe").content.decode()
    assert problems[0].problem_no not in page
    sent = client.get(reverse("desk:export_focus") + "?grade=major")
    book = CalamineWorkbook.from_filelike(io.BytesIO(sound(b"".join(sent.streaming_content))))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [one.problem_no for one in problems]
    assert rows[1][3] == "何清源 云川市 副市长"
    assert client_as(story.cast.handler).get(reverse("desk:export_focus")).status_code == 404


def test_the_form_from_the_page_takes_off_what_is_ticked(story, client_as):
    problems = listed(story, 2)
    client = client_as(story.cast.coordinator)
    address = reverse("rectification:take_off_focus") + f"?pick={problems[0].pk}"
    sent = client.post(address, {"reason": "已解决。"})
    assert sent.url == reverse("desk:focus")
    page = client.get(reverse("desk:focus")).content.decode()
    assert problems[0].problem_no not in page
    assert problems[1].problem_no in page


def test_more_rows_cost_no_more_statements(story, client_as):
    client = client_as(story.cast.coordinator)

    def cost() -> int:
        assert client.get(reverse("desk:focus")).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("desk:focus"))
        return len(captured)

    first = listed(story, 2)
    instruct(story, first[0])
    few = cost()
    more = listed(story, 6)
    for problem in more:
        instruct(story, problem)
    assert cost() == few <= 32
