"""What stands on whose desk, and who has a line in the navigation."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.drives import actions
from bihuan.drives.models import Drive
from bihuan.journal import timesource
from tests.drives.calls import draft_of, issue, line_of
from tests.web.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def pile(client) -> list[str]:
    """The sentences of the desk's pile of drives."""
    page = read(client.get(reverse("desk:home")).content.decode())
    return [
        link.words
        for link in page.all("a")
        if "/drives/" in (link.get("href") or "") and "btn" not in (link.get("class") or "")
        and link.get("href") != reverse("drives:list")
    ]  # fmt: skip


def entry(client) -> str:
    """The words of the navigation's line, or nothing."""
    page = read(client.get(reverse("drives:list")).content.decode())
    return next(
        (
            link.words
            for link in page.all("a")
            if link.get("href") == reverse("drives:list") and link.words.startswith("自查")
        ),
        "",
    )


def test_a_call_stands_on_every_desk_of_its_unit_and_on_no_other(issued, cast, client_as):
    for player in (cast.handler, cast.liaison, cast.principal):
        assert any("安全生产自查" in one for one in pile(client_as(player)))
    for player in (cast.county_handler, cast.coordinator, cast.acceptor):
        assert pile(client_as(player)) == []


def test_a_nil_return_waits_for_a_head_who_did_not_write_it(issued, cast, client_as):
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    actions.prepare_nil_return(line_of(issued, cast.water), statement="没有发现。", actor=cast.deputy.actor)
    assert pile(client_as(cast.handler)) == pile(client_as(cast.deputy)) == []
    assert any("零报告待签署" in one for one in pile(client_as(cast.principal)))
    actions.sign_nil_return(line_of(issued, cast.water), actor=cast.principal.actor)
    assert pile(client_as(cast.principal)) == []


@pytest.mark.usefixtures("lists")
def test_the_office_is_asked_to_issue_to_press_and_to_conclude(cast, client_as):
    drive = draft_of(cast, units=[cast.water])
    assert pile(client_as(cast.coordinator)) == []
    assert any("待下发" in one for one in pile(client_as(cast.reviewer)))
    drive = issue(drive, cast)
    assert pile(client_as(cast.reviewer)) == []
    over = dt.datetime.combine(drive.due_on + dt.timedelta(days=2), dt.time(9), tzinfo=dt.UTC)
    with timesource.at(over):
        assert any("过期还有 1 个单位" in one for one in pile(client_as(cast.coordinator)))
    actions.excuse_line(line_of(drive, cast.water), reason="重组中", actor=cast.coordinator.actor)
    assert any("待审核办结" in one for one in pile(client_as(cast.coordinator)))
    actions.conclude_drive(Drive.objects.get(), actor=cast.reviewer.actor)
    assert pile(client_as(cast.coordinator)) == []


def test_the_navigation_has_it_for_those_who_have_a_part(issued, cast, client_as):
    assert entry(client_as(cast.handler)).split() == ["自查", "1"]
    assert entry(client_as(cast.coordinator)) == "自查"
    assert entry(client_as(cast.acceptor)) == ""
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    actions.prepare_nil_return(line_of(issued, cast.water), statement="没有发现。", actor=cast.handler.actor)
    actions.sign_nil_return(line_of(issued, cast.water), actor=cast.principal.actor)
    assert entry(client_as(cast.handler)) == "自查"
