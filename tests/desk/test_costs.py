"""What the pages cost in statements: pinned, and the same for three problems as for sixty."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.journal.action import Actor, action, system_only
from bihuan.ledger.models import InvolvementRole, Problem, Sector, Source
from bihuan.ledger.registering import NewProblem, register_problem_row
from bihuan.ledger.steps import involve
from bihuan.organizations.models import Unit
from tests.organizations.cast import THE_SYSTEM
from tests.web.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
FEW, MANY = 3, 60


@action("tests.register_many", may=system_only)
def register_many(*, place: Unit, lead: Unit, start: int, end: int, actor: Actor) -> None:
    """Problems led by a unit, in one action."""
    for number in range(start, end):
        new = NewProblem(
            title=f"第{number}件漏损", text="群众反映强烈。", sector=Sector.objects.get(code="risk.ecology.water"),
            source=Source.objects.get(code="hotline_12345"), nature="duty", impact="local", urgency="urgent",
            rectification_kind="by_date", external_deadline=dt.date(2027, 6, 30), lead_unit=lead,
        )  # fmt: skip
        problem = register_problem_row(new, jurisdiction=place)
        involve(problem, InvolvementRole.LEAD, unit=lead)


@pytest.fixture
def town(cast, lists):
    register_many(place=cast.city, lead=cast.water, start=0, end=FEW, actor=THE_SYSTEM)
    return cast


def cost(client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def addresses() -> dict[str, str]:
    ledger = reverse("desk:ledger")
    return {
        "ledger": ledger,
        "filtered": f"{ledger}?state=open&q=漏损&sector=risk.ecology",
        "problem": reverse("desk:problem", args=[Problem.objects.earliest("id").pk]),
        "desk": reverse("desk:home"),
    }


# The desk asks the office, and principals, for vacant posts; principals for the units they answer for as well.
# A principal is told what is missing of their own duties; a problem shows its leaders' acts and its place on the focus list.
# One of them, where labels are shown, asks by which names the reader's place knows the lists.
PINNED = {
    "coordinator": {"ledger": 22, "filtered": 23, "problem": 42, "desk": 24},
    "handler": {"ledger": 21, "filtered": 21, "problem": 40, "desk": 18},
    "mayor": {"ledger": 19, "filtered": 20, "problem": 39, "desk": 23},
}


def test_a_page_costs_as_much_for_three_problems_as_for_sixty(town, client_as):
    clients = {player: client_as(getattr(town, player)) for player in PINNED}

    def all_costs() -> dict[str, dict[str, int]]:
        return {
            player: {page: cost(client, address) for page, address in addresses().items()}
            for player, client in clients.items()
        }

    few = all_costs()
    register_many(place=town.city, lead=town.water, start=FEW, end=MANY, actor=THE_SYSTEM)
    assert all_costs() == few == PINNED


def test_the_columns_of_a_list_are_those_in_the_address(town, client_as):
    client, ledger = client_as(town.coordinator), reverse("desk:ledger")
    first = read(client.get(ledger).content.decode())
    assert [cell.words for cell in first.all("th") if cell.get("scope") == "col" and cell.words] == [
        "阶段", "编号", "问题", "灯", "来源", "领域", "牵头单位", "期限 ↑", "督办",
    ]  # fmt: skip
    chosen = read(client.get(f"{ledger}?state=open&column=grade&column=unit").content.decode())
    heads = [cell.words for cell in chosen.all("th") if cell.get("scope") == "col" and cell.words]
    assert heads == ["编号", "问题", "牵头单位", "等级"]
    ticked = {
        box.get("value")
        for box in chosen.all("input")
        if box.get("name") == "column" and "checked" in box.attributes
    }
    assert ticked == {"unit", "grade"}


def test_the_choice_of_columns_goes_with_every_link_of_the_list(town, client_as):
    page = read(
        client_as(town.coordinator).get(reverse("desk:ledger") + "?state=open&column=grade").content.decode()
    )
    (sorting,) = [link.get("href") for link in page.all("a") if "sort=registered" in (link.get("href") or "")]
    assert parse_qs(urlsplit(sorting).query) == {
        "state": ["open"],
        "column": ["no", "title", "grade"],
        "sort": ["registered"],
    }
    saved = next(link.get("href") for link in page.all("a") if "views/save" in (link.get("href") or ""))
    assert parse_qs(urlsplit(saved).query)["query"] == ["state=open&column=no&column=title&column=grade"]


def test_a_condition_that_is_set_stays_set_when_another_is_added(town, client_as):
    page = read(client_as(town.coordinator).get(reverse("desk:ledger") + "?state=open").content.decode())
    chosen = [one.get("value") for one in page.all("option") if "selected" in one.attributes]
    assert chosen == ["open"]


@pytest.mark.parametrize("column", ["", "nonsense", "<script>"])
def test_unknown_columns_are_none(town, client_as, column):
    page = client_as(town.coordinator).get(reverse("desk:ledger"), {"column": column})
    assert "督办" in page.content.decode()


def test_how_often_a_unit_declined_and_was_sent_back_may_be_a_column(town, client_as):
    problem = Problem.objects.earliest("id")

    @action("tests.counted", may=system_only)
    def counted(found: Problem, *, actor: Actor) -> None:
        found.declines, found.returns = 2, 3
        found.save()

    counted(problem, actor=THE_SYSTEM)
    address = reverse("desk:ledger") + "?state=open&column=declines&column=returns"
    page = read(client_as(town.coordinator).get(address).content.decode()).words
    for words in ("交办异议", "验收退回", "2 次", "3 次"):
        assert words in page, words
