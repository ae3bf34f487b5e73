"""Down two levels and up again, through the pages: late, refused more time, pressed by letter, returned, closed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

from bihuan.deadlines.models import Clock, LadderRequest, LadderStep
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.organizations.models import Account
from bihuan.rectification.models import Measure
from tests.demo.walking import Ledger, said
from tests.journeys.three_levels import DEADLINE, ThreeLevels
from tests.web.pages import read

if TYPE_CHECKING:
    from tests.browsing import Visitors
    from tests.journeys.stepping import Scene

pytestmark = pytest.mark.journey
BACKEND = "bihuan.organizations.sign_in.NameOrMobileBackend"


@pytest.fixture
def site(scene: Scene) -> str:
    return scene.address


def test_a_problem_goes_down_two_levels_and_comes_up_again(browser: Visitors, scene: Scene) -> None:
    story = ThreeLevels(scene, browser)
    story.register()
    story.assign()
    story.plan()
    story.hand_down()
    story.work_slowly()
    story.ask_for_more_time()
    story.be_pressed()
    story.send_the_letter()
    story.finish()
    story.be_returned()
    story.be_accepted()
    story.close()
    nothing_was_loosened(story)
    each_rung_came_once(story)
    nobody_judged_himself(story)
    reads_in_english(story)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def values_of(label: str, column: str) -> dict[str, list[object]]:
    """What the journal says one column of the rows of a kind became, row by row, in order."""
    found: dict[str, list[object]] = {}
    for event in JournalEvent.objects.order_by("stream", "seq"):
        for row, columns in event.body["changes"].items():
            if row.startswith(f"{label}:") and column in columns:
                found.setdefault(row, []).append(columns[column])
    return found


def nothing_was_loosened(story: ThreeLevels) -> None:
    """The first deadline is the only one there ever was; every part is due before the whole and owes what it owes."""
    clock = story.rectification()
    assert (clock.due, clock.first_due, clock.state) == (DEADLINE, DEADLINE, "stopped")
    assert (story.now().external_deadline, story.now().extensions) == (DEADLINE, 0)
    dues = values_of(Clock._meta.label_lower, "due")
    assert dues
    assert all(len(days) == 1 for days in dues.values()), dues
    deadlines = values_of(Measure._meta.label_lower, "deadline")
    assert len(deadlines) == 4
    assert all(len(days) == 1 for days in deadlines.values()), deadlines
    for part, whole in ((story.down, story.own), (story.below, story.down)):
        assert part.deadline <= whole.deadline <= DEADLINE
        assert whole.deliverable in part.deliverable


def each_rung_came_once(story: ThreeLevels) -> None:
    """Swept every night for three months: reminders once a step, the letter once, nothing above it without conduct."""
    steps = [(step.clock_id, step.due, step.rung, step.number) for step in LadderStep.objects.all()]
    assert len(steps) == len(set(steps))
    upper = LadderStep.objects.exclude(rung="reminder")
    assert [(step.rung, step.clock_id) for step in upper] == [
        ("supervision_letter", story.rectification().pk)
    ]
    mine = LadderStep.objects.filter(clock=story.rectification(), rung="reminder").order_by("proposed_on")
    assert [step.number for step in mine] == [-10, -3, 1], "none after the letter was proposed"
    assert all(one.proposed_on < other.proposed_on for one, other in pairwise(mine))


def nobody_judged_himself(story: ThreeLevels) -> None:
    """By the journal: who asked did not decide, and who accepted had no hand in the work."""
    by: dict[str, set[str]] = {}
    for event in JournalEvent.objects.filter(stream=story.problem.pk):
        by.setdefault(event.verb, set()).add(event.body["who"]["person_name"])
    assert by["rectification.accept"] == by["rectification.return_acceptance"] == {"严峻"}
    hands = {"夏安", "柏一宁", "石磊"}
    assert by["rectification.report_progress"] | by["rectification.hand_down"] == hands
    assert by["rectification.close"] == {"韩述舟"}
    request = LadderRequest.objects.select_related("approval").get()
    deciders = set(request.approval.steps.values_list("decided_by", flat=True))
    assert deciders == {story.city.people["linzy"].pk}
    assert request.asked_by == story.city.people["shenyan"].pk


def reads_in_english(story: ThreeLevels) -> None:
    """On the story's pages, office and town find no Chinese but the ledger's own."""
    own = Ledger()
    looked_at = 0
    for name in ("shenyan", "xianan", "shilei"):
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(Account.objects.get(username=name), backend=BACKEND)
        for address in story.addresses():
            answer = client.get(address, follow=True)
            if answer.status_code in {403, 404}:
                continue
            assert answer.status_code == 200, address
            foreign = [piece for piece in said(read(answer.content)) if own.does_not_hold(piece)]
            assert (name, address, foreign) == (name, address, [])
            looked_at += 1
    assert looked_at > len(story.addresses())
