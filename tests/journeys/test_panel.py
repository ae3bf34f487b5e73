"""A panel in the browser: a corrected photograph, three who sign from their own desks, one of them against, a conclusion."""

from __future__ import annotations

import pytest
from django.urls import reverse
from PIL import ImageEnhance

from bihuan.ledger.models import Problem
from bihuan.organizations import actions
from bihuan.rectification import actions as do
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.models import AcceptancePanel, Evidence
from tests.authenticity.pictures import jpeg, scene
from tests.browsing import overflow_of
from tests.journeys.people import Visitor
from tests.journeys.test_monthly_review import Now
from tests.organizations.cast import PASSWORD, THE_SYSTEM, Cast, build_cast, seed_lists
from tests.rectification.conftest import Story, fresh

pytestmark = pytest.mark.journey
MEMBERS = ("acceptor", "inspector", "sector_handler")
PASSED = {f"gate_{name}": "passed" for name in GATES}


@pytest.fixture
def story(committed: str) -> Story:
    cast: Cast = build_cast()
    seed_lists(cast)
    for name in (*MEMBERS, "handler"):
        person = getattr(cast, name).person
        actions.set_account(person, user_name=name, password=PASSWORD, actor=THE_SYSTEM)
    return Story(cast, Now())


def signed(visitor: Visitor, opinion: str, **gates: str) -> None:
    """From the desk to the form, each gate answered, sent."""
    visitor.go(reverse("desk:home")).page.click("a.btn[href*='/sign/']")
    visitor.page.wait_for_selector(".action-form form")
    for name, answer in (PASSED | gates).items():
        visitor.page.check(f"input[name={name}][value={answer}]")
    visitor.page.fill("textarea[name=opinion]", opinion)
    with visitor.page.expect_navigation():
        visitor.page.click(".form-foot button[type=submit]")


def corrected(clerk: Visitor, problem: Problem) -> None:
    """A better photograph in the place of the first; both stand side by side afterwards."""
    brighter = jpeg(ImageEnhance.Brightness(scene(7)).enhance(1.2), "整改后（重拍）.jpg")
    clerk.go(reverse("desk:problem", args=[problem.pk])).press("/replace-evidence/")
    proof = Evidence.objects.get()
    form = clerk.page.locator(".action-form form").last
    form.locator("input[type=file]").set_input_files(
        {"name": brighter.name, "mimeType": "image/jpeg", "buffer": brighter.read()}
    )
    clerk.send(evidence=str(proof.pk), reason="原照片逆光，看不清编号。")
    page = clerk.go(reverse("rectification:evidence", args=[proof.pk])).page
    assert "原照片逆光，看不清编号。" in page.inner_text("main")


def test_three_sign_and_the_chair_concludes(browser, story):
    problem = story.rectifying(grade="minor")
    story.report(problem)
    story.prove(problem, upload=jpeg(scene(7), "整改后.jpg"), kind="after", caption="整改后")
    clerk, chair, auditor, ecologist = (
        Visitor(name, browser.signed_in(name, PASSWORD)) for name in ("handler", *MEMBERS)
    )
    corrected(clerk, problem)

    story.apply(problem)
    address = reverse("desk:problem", args=[problem.pk])
    posts = [str(getattr(story.cast, name).post.pk) for name in MEMBERS]
    chair.go(address).press("/set-up-panel/")
    chair.send(chair=posts[0], members=posts[1:])
    signed(auditor, "台账缺三个月，长效机制不算建立。", gate_lasting="failed")
    signed(ecologist, "现场与资料一致，同意通过。")
    signed(chair, "逐项核查，措施落实，同意通过。")
    page = chair.go(address).page
    assert "与结论不同" in page.inner_text("#panel")
    assert overflow_of(page) == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow_of(page) == 0

    do.accept(
        fresh([problem])[0],
        opinion="现场核查，整改到位。",
        gates=dict.fromkeys(GATES, "passed"),
        on_site=True,
        actor=story.cast.acceptor.actor,
    )
    assert AcceptancePanel.objects.get().state == "concluded"
    assert Problem.objects.get(pk=problem.pk).state == "noticed"
