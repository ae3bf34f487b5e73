"""The pages people come to: what they show, what they cost, and what they never show."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bihuan.ledger import actions
from bihuan.ledger.models import Problem, Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.ledger.sight import can_see, visible
from tests.documents.opening import sound
from tests.organizations.cast import THE_SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
PLAYERS = (
    "mayor", "coordinator", "reviewer", "channel_keeper", "principal", "handler", "subordinate", "sector_handler",
    "acceptor", "county_handler", "outsider", "system_administrator", "log_auditor",
)  # fmt: skip
SECRET = "隐名线路事项"


@pytest.fixture
def town(cast, lists):
    return cast


def register(cast, title="漏损严重", by=None, **more) -> Problem:
    new = NewProblem(
        title=title, text=f"{title}，群众反映强烈。", sector=Sector.objects.get(code="risk.ecology.water"),
        source=Source.objects.get(code="hotline_12345"), nature="duty", impact="local", urgency="urgent",
        rectification_kind="by_date", external_deadline=dt.date(2027, 6, 30), **more,
    )  # fmt: skip
    return actions.register(jurisdiction=cast.city, new=new, actor=by or cast.coordinator.actor)


def restricted(cast) -> Problem:
    channel = actions.create_channel(
        jurisdiction=cast.city, code="zx1", name="专线一", number_pattern="ZX-{year}-{serial:03}",
        keeper=cast.channel_keeper.post, actor=cast.channel_keeper.actor,
    )  # fmt: skip
    return register(cast, SECRET, channel=channel, by=THE_SYSTEM)


def test_the_ledger_lists_what_one_sees(town, client_as):
    problem = register(town)
    page = client_as(town.coordinator).get(reverse("desk:ledger")).content.decode()
    assert problem.problem_no in page
    assert problem.title in page


@pytest.mark.parametrize("player", ["outsider", "system_administrator", "log_auditor"])
def test_for_others_a_problem_does_not_exist(town, client_as, player):
    problem = register(town)
    client = client_as(getattr(town, player))
    assert client.get(reverse("desk:problem", args=[problem.pk])).status_code == 404
    assert problem.problem_no not in client.get(reverse("desk:ledger")).content.decode()


@pytest.mark.parametrize("player", ["coordinator", "reviewer", "mayor", "handler", "outsider", "log_auditor"])
def test_a_restricted_problem_leaves_no_trace(town, client_as, player):
    problem = restricted(town)
    client = client_as(getattr(town, player))
    assert client.get(reverse("desk:problem", args=[problem.pk])).status_code == 404
    for address in (
        reverse("desk:home"), reverse("desk:ledger"), reverse("desk:ledger") + f"?q={SECRET}", "/api/problems",
        reverse("organizations:units"), reverse("organizations:journal"),
    ):  # fmt: skip
        said = client.get(address).content.decode()
        assert problem.problem_no not in said, address
        assert f"{SECRET}，" not in said, address
    sheet = b"".join(client.get(reverse("desk:export")).streaming_content)
    assert (
        len(CalamineWorkbook.from_filelike(io.BytesIO(sound(sheet))).get_sheet_by_index(0).to_python()) == 1
    )


def test_the_channels_keeper_sees_it_with_a_number_of_its_own_series(town, client_as):
    open_one, hidden = register(town), restricted(town)
    assert hidden.problem_no.startswith("ZX-")
    assert register(town, "又一件").problem_no[:-4] == open_one.problem_no[:-4]
    page = client_as(town.channel_keeper).get(reverse("desk:problem", args=[hidden.pk]))
    assert page.status_code == 200
    assert can_see(town.channel_keeper.actor, hidden)


def test_sight_as_a_query_and_as_a_rule_agree(town):
    problems = [register(town, f"问题{number}") for number in range(3)]
    actions.propose(
        problems[:2], handling="牵头办理", lead_unit=town.water, supporting_units=[town.county_water],
        actor=town.coordinator.actor,
    )  # fmt: skip
    problems.append(restricted(town))
    problems.append(register(town, "内部事项", readership="work_secret"))
    for name in PLAYERS:
        actor = getattr(town, name).actor
        seen = set(visible(actor, Problem.objects.all()).values_list("pk", flat=True))
        assert seen == {problem.pk for problem in problems if can_see(actor, problem)}, name


def test_pages_follow_one_another_and_lose_nothing(town, client_as, monkeypatch):
    from bihuan.ledger import listing

    monkeypatch.setattr(listing, "PAGE", 2)
    numbers = {register(town, f"第{number}件").problem_no for number in range(5)}
    filters, seen, cursor = listing.Filters(), [], ""
    while True:
        page = listing.page_of(listing.slice_of(town.coordinator.actor, filters), filters, cursor=cursor)
        seen += [row.problem_no for row in page.rows]
        if not page.next:
            break
        cursor = page.next
    assert (len(seen), set(seen)) == (5, numbers)
    back = listing.page_of(listing.slice_of(town.coordinator.actor, filters), filters, cursor=page.previous)
    assert [row.problem_no for row in back.rows] == seen[2:4]


def test_the_export_holds_what_the_list_holds(town, client_as):
    problem = register(town)
    sheet = b"".join(client_as(town.coordinator).get(reverse("desk:export")).streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sound(sheet))).get_sheet_by_index(0).to_python()
    assert (rows[1][0], rows[1][1]) == (problem.problem_no, problem.title)
