"""The ladder of the demonstration, climbed by the program's own days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from bihuan.deadlines.models import Conduct, Delisting, LadderRequest, LadderStep
from bihuan.demo.clock import Clock
from bihuan.demo.founding import found_city
from bihuan.demo.history import run_side_by_side
from bihuan.demo.pressing import BEFORE, BEGINS, BEGUN_BEFORE, MOVES, STAYS, Pressing
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Problem
from bihuan.papers.models import Paper

LAST_DAY = date(2026, 11, 26)


def pressed(before: int, *numbers: int) -> None:
    """Run the courses of these numbers, up to the last day."""
    clock = Clock(LAST_DAY - timedelta(days=before + 2))
    with clock.now():
        city = found_city()
    courses = enumerate(Pressing(city, clock).courses(LAST_DAY))
    agenda = [(day, number, course) for number, (day, course) in courses if number in numbers]
    run_side_by_side(agenda, clock, LAST_DAY)


@pytest.mark.django_db
def test_a_unit_is_told_what_it_is_said_to_have_done_and_may_still_answer() -> None:
    pressed(BEGUN_BEFORE, 2, 4)
    assert Problem.objects.get().supervision_level == "priority"
    conduct = Conduct.objects.get()
    assert (conduct.state, conduct.reply_until >= LAST_DAY) == ("opened", True)
    assert list(Paper.objects.values_list("kind", "state")) == [("supervision_letter", "issued")]


@pytest.mark.long
@pytest.mark.django_db
def test_one_case_comes_down_again_and_the_other_waits_for_accountability() -> None:
    pressed(BEFORE, 0, 1, 2, 3, 4)
    levels = {problem.title: problem.supervision_level for problem in Problem.objects.all()}
    assert levels == {MOVES.title: "priority", STAYS.title: "listed", BEGINS.title: "priority"}
    assert sorted(Conduct.objects.values_list("problem__title", "state", "reply")) == sorted(
        [(MOVES.title, "determined", Conduct.objects.get(problem__title=MOVES.title).reply),
         (STAYS.title, "determined", ""), (BEGINS.title, "opened", "")],
    )  # fmt: skip
    assert Conduct.objects.get(problem__title=MOVES.title).reply
    assert Delisting.objects.get().state == "granted"
    waiting = LadderRequest.objects.get(state="asked")
    assert (waiting.rung, waiting.steps.get().problem.title) == ("accountability", STAYS.title)
    assert Counter(Paper.objects.values_list("kind", "state")) == {
        ("supervision_letter", "issued"): 3, ("circular", "issued"): 1, ("talk_notice", "issued"): 2,
        ("talk_record", "issued"): 2, ("listing_notice", "issued"): 2, ("delisting_notice", "issued"): 1,
    }  # fmt: skip
    proposed = LadderStep.objects.filter(state="proposed")
    assert list(proposed.values_list("problem__title", "rung")) == [(MOVES.title, "accountability")]
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []
