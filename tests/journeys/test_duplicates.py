"""A letter beside the ledger, in the browser: one candidate is merged, one recurs, one is kept apart, and it is remembered.

What is merged keeps two findings on one problem; each is answered to its own source in its own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from bihuan.intake import actions as intake
from bihuan.intake.models import Candidate
from bihuan.ledger.actions import create_batch, register, seed_taxonomy
from bihuan.ledger.models import Comparison, Finding, Problem, Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.organizations import actions
from bihuan.policies.actions import seed_policies
from tests.browsing import overflow_of
from tests.intake.conftest import DAY, open_batch, take_in_letter
from tests.journeys.people import Visitor
from tests.ledger.conftest import SORTED, TODAY, register_numbered_findings, walk
from tests.organizations.cast import PASSWORD, THE_SYSTEM, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from bihuan.intake.models import IntakeDocument
    from tests.browsing import Visitors

pytestmark = pytest.mark.journey

STANDING = {
    "leak": ("青石县供水管网漏损", "青石县供水管网巡检不到位，管网漏损率超过百分之二十，群众多次反映。"),
    "farms": ("石堰镇水源地养殖场", "石堰镇水源地保护区内三家养殖场未搬迁，粪污直排沟渠，饮水安全有隐患。"),
    "drill": ("防汛应急预案", "防汛应急预案未及时修订，应急演练流于形式，未开展实战演练。"),
}


@pytest.fixture
def cast(committed: str) -> Cast:
    made = build_cast()
    seed_taxonomy(valid_from=DAY, actor=THE_SYSTEM)
    seed_policies(jurisdiction=made.city, valid_from=DAY, actor=THE_SYSTEM)
    actions.set_account(made.coordinator.person, user_name="coordinator", password=PASSWORD, actor=THE_SYSTEM)
    return made


@pytest.fixture
def letter(cast: Cast) -> IntakeDocument:
    """Taken in, and whose its problems are has been said."""
    made = take_in_letter(open_batch(cast), cast)
    for k in (2, 3):
        facts = {"lead_unit": str(cast.ecology.pk)}
        intake.edit_candidate(made, candidate=k, facts=facts, actor=cast.coordinator.actor)
    return made


@pytest.fixture
def standing(cast: Cast, letter: IntakeDocument) -> dict[str, Problem]:
    """What the ledger knows already: a leak an inspection raised, an ended matter, and one that only sounds alike."""
    batch = create_batch(
        jurisdiction=cast.city, code="XC-2025", title="市委巡察反馈意见", received_on=TODAY,
        source=Source.objects.get(code="city_party_inspection"), source_authority="市委巡察办",
        actor=cast.coordinator.actor,
    )  # fmt: skip
    findings = register_numbered_findings(batch=batch, numbers=["XC-2025-07"], actor=THE_SYSTEM)
    made = {}
    for name, (title, text) in STANDING.items():
        own = {"batch": batch, "findings": findings} if name == "leak" else {}
        new = NewProblem(
            title=title, text=text, sector=Sector.objects.get(code="risk.ecology.water"), lead_unit=cast.water,
            source=None if own else Source.objects.get(code="self_inspection"), **SORTED,
        )  # fmt: skip
        made[name] = register(jurisdiction=cast.city, new=new, actor=cast.coordinator.actor, **own)
    walk(made["farms"], state="closed", actor=THE_SYSTEM)
    return made


def card_of(page: Page, k: int) -> Locator:
    return page.locator(f"#cards > li[data-candidate='{k}']")


def pair_on(card: Locator, problem: Problem) -> Locator:
    """What the card says of a problem it may repeat; it is loaded when the card comes into view."""
    card.scroll_into_view_if_needed()
    pair = card.locator(".pairs > li", has_text=problem.problem_no)
    pair.wait_for()
    return pair


def decide(page: Page, k: int, problem: Problem, outcome: str) -> str:
    """Press a decision on a card; gives back the reasons that stood beside it."""
    pair = pair_on(card_of(page, k), problem)
    reasons = pair.locator(".why").inner_text()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        pair.get_by_role("button", name=outcome).click()
    card_of(page, k).locator(".compared", has_text=problem.problem_no).wait_for()
    return reasons


def answer(office: Visitor, finding: Finding, words: str) -> None:
    office.go(reverse("ledger:finding", args=[finding.pk])).press("/answer/").send(answer=words)


def confirm_all(page: Page, letter: IntakeDocument) -> None:
    for _candidate in range(3):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator("[data-confirm-candidate]").first.click()
        page.wait_for_selector(".htmx-request", state="detached")
    assert set(Candidate.objects.filter(document=letter).values_list("state", flat=True)) == {"confirmed"}


def see_what_was_remembered(office: Visitor, standing: dict[str, Problem]) -> None:
    """The two problems that were made know what was decided of them."""
    page, (_leak, farms, drill) = office.page, standing.values()
    again, apart = Problem.objects.exclude(pk__in=[one.pk for one in standing.values()]).order_by(
        "problem_no"
    )
    assert {
        (pair.outcome, pair.beside(new).pk)
        for new in (again, apart)
        for pair in Comparison.objects.filter(one__in=[new, farms, drill], other__in=[new, farms, drill])
    } == {("recurrence", farms.pk), ("apart", drill.pk)}

    office.go(reverse("ledger:alike", args=[again.pk]))
    assert "同一事项出现 2 次" in page.inner_text("#alike")
    assert "除已认定的以外" in page.inner_text("#alike")
    office.go(reverse("ledger:alike", args=[drill.pk]))
    assert page.locator("#alike > .pairs > li", has_text=apart.problem_no).count() == 0
    page.click("#alike summary")
    assert f"{apart.problem_no} {apart.title}" in page.inner_text("#alike details")


def answer_both(office: Visitor, leak: Problem) -> None:
    """What the merged problem ended with is told to each source in its own words."""
    walk(Problem.objects.get(pk=leak.pk), state="closed", actor=THE_SYSTEM)
    first, second = Finding.objects.filter(problem_links__problem=leak).order_by("pk")
    answer(office, first, "漏损管网已更换。")
    answer(office, second, "已建立巡检台账，漏损率降到百分之九。")
    for finding, own, other in ((first, "已更换", "巡检台账"), (second, "巡检台账", "已更换")):
        said = office.go(reverse("ledger:finding", args=[finding.pk])).page.inner_text("main")
        assert (own in said, other in said) == (True, False)


def test_a_letter_is_laid_beside_the_ledger_and_what_was_decided_is_remembered(
    browser: Visitors, cast: Cast, letter: IntakeDocument, standing: dict[str, Problem]
) -> None:
    office = Visitor("coordinator", browser.signed_in("coordinator", PASSWORD))
    page = office.page
    review = reverse("intake:review", args=[letter.pk])
    office.go(review)
    reasons = decide(page, 1, standing["leak"], "并入")
    assert ("漏损率" in reasons, "同一牵头单位" in reasons) == (True, True)
    decide(page, 2, standing["farms"], "反复")
    decide(page, 3, standing["drill"], "不是同一问题")

    page.set_viewport_size({"width": 390, "height": 800})
    office.go(review)
    assert overflow_of(page) == 0
    # At the next look the decision stands there, and is not asked again.
    for k, name in enumerate(STANDING, start=1):
        assert standing[name].problem_no in card_of(page, k).locator(".compared").inner_text()
        assert card_of(page, k).locator(".pairs > li", has_text=standing[name].problem_no).count() == 0
    page.set_viewport_size({"width": 1440, "height": 900})
    confirm_all(page, letter)
    see_what_was_remembered(office, standing)
    answer_both(office, standing["leak"])
