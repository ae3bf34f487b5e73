"""A letter reviewed with the keyboard alone, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bihuan.intake import actions
from bihuan.intake.models import Candidate, IntakeDocument, Passage
from bihuan.ledger.models import Problem
from bihuan.organizations import actions as organizations
from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Person, Post
from tests.browsing import served
from tests.intake.conftest import open_batch, take_in_letter
from tests.organizations.cast import PASSWORD, THE_SYSTEM, build_cast, seed_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from bihuan.journal.action import Actor
    from tests.browsing import Visitors


pytestmark = pytest.mark.journey


@pytest.fixture
def site(committed: str, uncollected_static: None) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def document(site: str) -> IntakeDocument:
    """The letter in a city of its own, in a database where what the browser does is really committed."""
    cast = build_cast()
    seed_lists(cast)
    organizations.set_account(
        cast.coordinator.person, user_name="coordinator", password=PASSWORD, actor=THE_SYSTEM
    )
    return take_in_letter(open_batch(cast), cast)


@pytest.fixture
def page(browser: Visitors, document: IntakeDocument) -> Page:
    opened = browser.signed_in("coordinator", PASSWORD, f"/intake/documents/{document.pk}/")
    opened.wait_for_selector("li.is-now")
    return opened


def press(page: Page, key: str) -> None:
    """A key that sends something, and the answer put in place."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press(key)
    page.wait_for_selector(".htmx-request", state="detached")


def current(page: Page) -> int:
    page.wait_for_selector("li.is-now[data-passage]")
    return int(page.get_attribute("li.is-now[data-passage]", "data-passage") or 0)


def unaccounted(page: Page) -> str:
    return page.inner_text("#meter .big b")


def disposition(document: IntakeDocument, n: int) -> str:
    return str(Passage.objects.get(document=document, n=n).disposition)


def the_reviewer() -> Actor:
    """Somebody else at the other desk."""
    person = Person.objects.get(name="周正")
    return actor_for(person, Post.objects.get(name="整改办审核"))


def test_j_and_k_walk_and_the_text_is_lit(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert current(page) == 2
    assert page.get_attribute("#m-2", "class") == "now"


def test_a_digit_says_what_it_is_and_goes_on(page: Page, document: IntakeDocument) -> None:
    press(page, "2")
    assert disposition(document, 1) == "context"
    assert current(page) == 2
    assert unaccounted(page) == "还有 10 段未交代"


def test_enter_takes_the_proposal(page: Page, document: IntakeDocument) -> None:
    press(page, "Enter")
    assert disposition(document, 1) == "heading"


def test_a_reason_is_asked_for_where_one_is_needed(page: Page, document: IntakeDocument) -> None:
    page.keyboard.press("8")
    page.keyboard.type("标题而已")
    press(page, "Enter")
    held = Passage.objects.get(document=document, n=1)
    assert (held.disposition, held.reason) == ("not_a_problem", "标题而已")


def test_a_settles_the_whole_section(page: Page, document: IntakeDocument) -> None:
    page.click("#p-8")
    press(page, "a")
    assert {disposition(document, n) for n in (7, 8, 9)} == {"problem"}


def test_u_takes_back_and_leads_back(page: Page, document: IntakeDocument) -> None:
    press(page, "2")
    press(page, "u")
    assert disposition(document, 1) == ""
    assert current(page) == 1


def test_enter_confirms_a_complete_candidate(page: Page, document: IntakeDocument) -> None:
    page.click("#p-7")
    press(page, "Enter")
    assert Problem.objects.get().problem_no in page.inner_text("#c-1")


def test_enter_on_an_incomplete_candidate_asks_for_what_is_missing(page: Page) -> None:
    page.click("#p-8")
    page.keyboard.press("Enter")
    page.wait_for_selector("#dialog[open] #id_lead_unit")


def test_m_joins_with_the_candidate_above(page: Page, document: IntakeDocument) -> None:
    page.click("#p-9")
    press(page, "m")
    merged = Candidate.objects.get(document=document, k=4)
    assert merged.passages == [8, 9]
    page.wait_for_selector("#c-4")


def test_a_clue_is_sealed_only_when_asked_twice(page: Page, document: IntakeDocument) -> None:
    page.click("#p-5")
    page.keyboard.press("5")
    page.wait_for_selector("#confirm[open]")
    assert disposition(document, 5) == ""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("#confirm [data-confirm-yes]")
    page.wait_for_selector("#p-5[data-held]")
    assert "已封存" in page.inner_text("#m-5")


def test_who_comes_second_is_told_and_keeps_the_words_they_typed(
    page: Page, document: IntakeDocument
) -> None:
    actions.dispose(document, passages=[1], disposition="context", actor=the_reviewer())
    page.keyboard.press("8")
    page.keyboard.type("标题而已")
    press(page, "Enter")
    assert "刚才已被周正改为“背景”" in page.inner_text("#toasts")
    assert (disposition(document, 1), current(page)) == ("context", 1)
    assert page.input_value("#why-1") == "标题而已"
    press(page, "8")  # Knowing it, one may insist.
    assert disposition(document, 1) == "not_a_problem"


def test_whoever_leaves_comes_back_to_the_same_passage(page: Page, document: IntakeDocument) -> None:
    for _step in range(5):
        page.keyboard.press("j")
    page.goto("/intake/")
    page.goto(f"/intake/documents/{document.pk}/")
    page.wait_for_selector("#p-6.is-now")


def test_p_adds_a_problem_from_the_passage_one_is_at(page: Page, document: IntakeDocument) -> None:
    page.click("#p-5")
    page.keyboard.press("p")
    page.wait_for_selector("#dialog[open] #id_passages")
    assert page.input_value("#id_passages") == "5"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Candidate.objects.get(document=document, k=4).passages == [5]


def test_s_cuts_a_candidate_in_two_without_the_pointer(page: Page, document: IntakeDocument) -> None:
    page.click("#p-7")
    page.keyboard.press("s")
    page.wait_for_selector("#dialog[open] #id_first_title:focus")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Candidate.objects.filter(document=document, state="proposed", origins=[1]).count() == 2


def test_n_goes_to_what_is_left_and_the_help_names_every_key(page: Page) -> None:
    press(page, "a")
    page.keyboard.press("n")
    assert current(page) > 1
    page.keyboard.press("?")
    assert page.locator("#keys-help[open] kbd").count() >= 17
