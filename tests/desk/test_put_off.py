"""A deadline that was put off is shown everywhere with the first one and how often: nobody reads a later date for the first."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bihuan.desk.focus_export import write
from bihuan.desk.marks import dated_words
from bihuan.exchange.api import as_out
from bihuan.ledger.models import Problem
from bihuan.papers.facts import deadline_words
from bihuan.rectification import actions as do
from bihuan.rectification.moving import Left
from bihuan.web.marks import due
from tests.rectification.conftest import fresh
from tests.web.pages import read

if TYPE_CHECKING:
    from tests.rectification.conftest import Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
LATER = dt.timedelta(days=20)


@pytest.fixture
def put_off(story: Story) -> Problem:
    """A case on the focus list whose deadline was put off once."""
    problem = story.rectifying()
    do.put_on_focus(
        [problem], sponsor=story.cast.decider.post, reason="久拖不决。", actor=story.cast.coordinator.actor
    )
    extension = do.ask_extension(
        fresh([problem])[0],
        reason="雨季。",
        new_deadline=problem.external_deadline + LATER,
        new_plan="顺延。",
        actor=story.cast.handler.actor,
    )
    story.decide(extension.approval)
    return fresh([problem])[0]


def test_programs_are_told_the_first_date_and_how_often(put_off):
    out = as_out(put_off)
    assert out.first_deadline == (put_off.external_deadline - LATER).isoformat()
    assert (out.external_deadline, out.extensions) == (put_off.external_deadline.isoformat(), 1)


def test_letters_forms_and_circulars_name_the_first_date(put_off):
    assert deadline_words(put_off) == "2026年7月20日（首次期限2026年6月30日，延期1次）"


def test_a_date_nobody_put_off_stands_alone(story):
    (problem,) = story.assigned()
    assert (deadline_words(problem), dated_words(problem)) == ("2026年6月30日", "2026-06-30")


def test_the_cover_of_a_case_file_names_it(put_off):
    assert dated_words(put_off) == "2026-07-20（首次 2026-06-30，延期×1）"


def test_the_sheet_of_a_closed_unit_strikes_it_through(put_off):
    drawn = str(due(Left(problem=put_off, roles=(), tasks=0).due))
    assert "<s>" in drawn
    assert "延期×1" in drawn


def test_the_focus_list_in_excel_has_columns_for_it(put_off):
    file = BytesIO()
    write(file, Problem.objects.select_related("lead_unit", "sponsor__unit"))
    rows = CalamineWorkbook.from_object(BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    (row,) = [dict(zip(rows[0], one, strict=True)) for one in rows[1:]]
    assert row["首次期限"] == put_off.external_deadline - LATER
    assert row["延期次数"] == 1
    assert row["期限"] == put_off.external_deadline


def test_the_desk_marks_what_is_due_again(put_off, story, client_as):
    story.clock.go_on((put_off.external_deadline - story.clock.today).days - 2)
    page = read(client_as(story.cast.coordinator).get(reverse("desk:home")).content.decode())
    (row,) = [row for row in page.all("tr") if put_off.problem_no in row.words and "余 2 天" in row.words]
    assert "延期×1" in row.words
