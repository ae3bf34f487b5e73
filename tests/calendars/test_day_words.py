"""Whoever sets a deadline is told what day it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.template.loader import render_to_string

from bihuan.calendars.day_words import about_day
from bihuan.calendars.deadline_field import DeadlineField
from bihuan.calendars.rules import WorkingCalendar
from bihuan.web.fields import field_context

TODAY = dt.date(2026, 9, 24)
HOLIDAYS = WorkingCalendar(
    {dt.date(2026, 10, day): False for day in range(1, 8)}, announced=frozenset({2026})
)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-09-23", "2026-09-23（星期三）已经过去。"),
        ("2026-09-30", "2026-09-30 是星期三，工作日，距今天 4 个工作日。"),
        ("2026-10-03", "2026-10-03 是星期六，休息日；前一个工作日是 2026-09-30。距今天 4 个工作日。"),
        ("2026-10-05", "2026-10-05 是星期一，休息日；前一个工作日是 2026-09-30。距今天 4 个工作日。"),
    ],
)
def test_a_day_is_told_with_what_it_means(day, said):
    assert about_day(dt.date.fromisoformat(day), TODAY, HOLIDAYS) == said


def test_across_a_year_that_is_not_announced_the_count_is_called_provisional():
    assert about_day(dt.date(2027, 1, 4), TODAY, HOLIDAYS).endswith("尚未公布，暂按已知的计算。")


def test_the_field_asks_when_it_changes_and_leaves_room_for_the_answer():
    class Form(forms.Form):
        deadline = DeadlineField()

    drawn = render_to_string("web/parts/field.html", field_context(Form()["deadline"]))
    assert 'hx-get="/calendars/about/"' in drawn
    assert 'hx-swap="innerHTML"' in drawn
    assert '<p class="hint" data-about-day aria-live="polite"></p>' in drawn
