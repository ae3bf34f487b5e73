"""A closure sitting of the city: two cases closed, one returned, one put off; its papers as the program drafts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bihuan.demo.clock import Clock
from bihuan.demo.courses import Course
from bihuan.demo.founding import City
from bihuan.demo.pictures import paper
from bihuan.ledger.models import Problem
from bihuan.papers.following import draft_once
from bihuan.papers.verbs import Verb as PaperVerb
from bihuan.rectification import actions as do
from bihuan.rectification.actions.sittings import CaseMark
from bihuan.rectification.models import Outcome

BEFORE: Final = 9
LASTS: Final = 2
Mark = tuple[str, str, tuple[str, ...]]
RETURNED: Final[Mark] = (
    "return",
    "只清理了被投诉的两处通道，同一小区另外三个单元没有排查。",
    ("similar_cases",),
)
DEFERRED: Final[Mark] = ("defer", "新修订的预案正在省厅备案，待备案回执到后再审。", ())
APPROVED: Final[Mark] = (Outcome.APPROVE.value, "", ())


class Sittings:
    """The sitting as a course on the city's clock, about whatever waits for closure review when it is prepared."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.city, self.clock = city, clock

    def courses(self, until: date) -> Iterator[tuple[date, Course]]:
        """With the day it is prepared."""
        yield until - timedelta(days=BEFORE), self.held()

    def held(self) -> Course:
        """Prepared and marked by the office, decided by the deputy mayor when it has been held."""
        waiting = Problem.objects.filter(
            state="closure_review", channel=None, jurisdiction=self.city.yunchuan
        )
        problems = list(waiting.select_related("jurisdiction").order_by("problem_no"))
        if not problems:
            return
        day = self.clock.day + timedelta(days=LASTS)
        clerk = self.city.actor("shenyan")
        with self.clock.now():
            sitting = do.prepare_sitting(
                problems, title=f"{day.year}年第{(day.month + 2) // 3}次销号会审", held_on=day, place="市政府第三会议室",
                members=[self.city.posts[name] for name in ("hansz", "linzy", "yanjun")],
                other_members=["市纪委监委 党风政风监督室"], actor=clerk,
            )  # fmt: skip
        marks = [APPROVED] * len(problems)
        marks[-1:] = [DEFERRED]
        marks[-2:-1] = [RETURNED] if len(problems) > 1 else []
        with self.clock.now():
            do.mark_cases(
                sitting,
                marks=[CaseMark(problem.pk, *mark) for problem, mark in zip(problems, marks, strict=True)],
                actor=clerk,
            )
        yield LASTS
        with self.clock.now():
            do.decide_sitting(
                sitting, minutes_no=f"市整改领导小组会议纪要〔{day.year}〕18号", opinion="会议同意整改办的审核意见，逐件办理。",
                file=paper("会议纪要.docx", "销号会审会议纪要", ["会议逐件审定。"]), actor=self.city.actor("hansz"),
            )  # fmt: skip
        with self.clock.now():
            # The job would do so a moment later; it knows by its key that it is done.
            draft_once(PaperVerb.DRAFT_SITTING, sitting.pk)
