"""A drive in the browser: called by two of the office, answered by one unit, declared none by another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.drives.models import Drive, DriveLine
from bihuan.journal.timesource import today
from bihuan.organizations import actions
from tests.browsing import overflow_of
from tests.journeys.people import Visitor
from tests.organizations.cast import PASSWORD, THE_SYSTEM, Cast, build_cast, seed_lists

pytestmark = pytest.mark.journey
PEOPLE = ("coordinator", "reviewer", "handler", "principal")
DAY = dt.date(2025, 1, 1)


@pytest.fixture
def city(committed: str) -> Cast:
    cast = build_cast()
    seed_lists(cast)
    for name in PEOPLE:
        person = getattr(cast, name).person
        actions.set_account(person, user_name=name, password=PASSWORD, actor=THE_SYSTEM)
    return cast


def test_a_drive_is_called_answered_and_seen_on_a_phone(browser, city):
    office, second, clerk, head = (Visitor(name, browser.signed_in(name, PASSWORD)) for name in PEOPLE)
    office.go(reverse("drives:new")).send(
        title="用电安全自查",
        sectors=["risk.safety", "risk.fire"],
        kinds=["department"],
        requirement="逐室排查。",
        due_on=(today() + dt.timedelta(days=10)).isoformat(),
    )
    drive = Drive.objects.get()
    board = reverse("drives:drive", args=[drive.pk])
    second.go(board).press("/issue/").send()

    line = reverse("drives:line", args=[DriveLine.objects.get(drive=drive, unit=city.water).pk])
    clerk.go(line).press("/acknowledge/").send()
    clerk.press("/nil/").send(statement="没有发现问题。")
    head.go(reverse("desk:home")).page.click(f"a.btn[href='{line}']")
    # Before the head signs, the clerk has found something after all: the nil return falls.
    clerk.press("/rows/").send(text_1="值守房插座发热变形。", sector_1="risk.fire", fixed_1=True)
    assert "已报问题" in clerk.page.inner_text(".sub")
    clerk.open(clerk.page.locator("#cells a[href*='/explain/']").first).send(reason="没有这类场所。")
    assert not head.go(line).is_offered("/sign/")

    page = office.page
    page.set_viewport_size({"width": 390, "height": 800})
    office.go(board)
    assert overflow_of(page) == 0
    row = page.locator(".cover tbody tr", has_text=city.water.name)
    assert row.locator(".is-said").inner_text().endswith("1")
    assert row.locator(".is-explained").count() == 1
    assert not row.locator(".is-blank").count()
