"""What the city's leaders do beside deciding: key problems are listed, the mayor writes, leaders go and see.

A few problems only, and not all in time: what is missing is to be seen as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bihuan.demo.clock import Clock
from bihuan.demo.courses import Course
from bihuan.demo.founding import City
from bihuan.demo.pictures import photograph
from bihuan.journal.action import Actor
from bihuan.ledger.models import Problem
from bihuan.organizations.models import PostKind
from bihuan.rectification import actions as do

BEGIN_BEFORE: Final = 40
WORKING: Final = ("assigned", "planning", "rectifying", "accepting")
LISTED: Final = 6
REASON: Final = "群众反映集中，涉及面广，须市级领导牵头推动。"
WORDS: Final = (
    "请牵头单位一周内拿出具体办法，明确到人到天，办理情况专报。",
    "此事拖延已久，属地和部门要形成合力，不得再以程序为由推诿。",
)
PLACES: Final = ("项目现场", "石堰镇便民服务中心", "城南泵站")
FOUND: Final = (
    "现场仍有两处没有动工，当场明确月底前开工，由牵头单位每周通报。",
    "资料齐全，工程量完成过半；缺一份第三方检测报告，十日内补齐。",
    "群众代表反映夜间仍有异味，要求加密监测，结果上墙公开。",
)


class Leaders:
    """The acts as one course on the city's clock, about whatever is under way when it begins."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.city, self.clock = city, clock

    def courses(self, until: date) -> Iterator[tuple[date, Course]]:
        """One, some weeks before the end."""
        yield until - timedelta(days=BEGIN_BEFORE), self.run()

    def run(self) -> Course:
        """The office puts problems on the list, an instruction comes, leaders go there; one instruction waits."""
        problems = self._working()
        with self.clock.now():
            do.put_on_focus(
                problems, sponsor=self.city.posts["hansz"], reason=REASON, actor=self.city.actor("linzy")
            )
        yield 2
        for problem, words in zip(problems, WORDS, strict=False):
            self._instruct(problem, words)
        yield 5
        for number, problem in enumerate(problems[: len(FOUND)]):
            self._visit(problem, number, self.city.actor("shenyan"))
        self._answer(problems[0])
        yield 20
        self._visit(problems[1], 1, self.city.actor("hansz"))
        self._by_principals(problems)

    def _working(self) -> list[Problem]:
        """The problems with the nearest deadlines whose lead unit is the city's own."""
        rows = Problem.objects.filter(
            state__in=WORKING,
            lead_unit__parent=self.city.units["YC"],
            channel=None,
            jurisdiction=self.city.units["YC"],
        )
        return list(rows.order_by("external_deadline", "id")[:LISTED])

    def _instruct(self, problem: Problem, words: str) -> None:
        with self.clock.now():
            day = self.clock.day
            do.record_instruction(
                self._now(problem), post=self.city.posts["luocy"], on=day - timedelta(days=1), words=words,
                document_no=f"云府批〔{day.year}〕{day.timetuple().tm_yday}号",
                answer_by=day + timedelta(days=7), actor=self.city.actor("shenyan"),
            )  # fmt: skip

    def _visit(self, problem: Problem, number: int, actor: Actor) -> None:
        with self.clock.now():
            do.record_visit(
                self._now(problem), post=self.city.posts["hansz"], on=self.clock.day, place=PLACES[number],
                found=FOUND[number], companions="市整改办、牵头单位有关负责同志",
                files=[photograph(f"督导现场{number + 1}.jpg", seed=700 + number, clean=False)], actor=actor,
            )  # fmt: skip

    def _answer(self, problem: Problem) -> None:
        """The lead unit's principal reports what came of the first instruction; the second one stays open."""
        actor = self._principal_of(problem)
        waiting = problem.leader_instructions.filter(answered_on=None).first()
        if actor is None or waiting is None:
            return
        with self.clock.now():
            do.answer_instruction(
                self._now(problem), instruction=waiting.pk,
                answer="已印发责任清单，逐项明确责任人和完成时间；两处难点已会同属地开工。", actor=actor,
            )  # fmt: skip

    def _by_principals(self, problems: list[Problem]) -> None:
        """A principal goes and sees as well, and enters it two days late."""
        for problem in problems[:2]:
            actor, unit = self._principal_of(problem), problem.lead_unit
            if actor is not None and unit is not None:
                with self.clock.now():
                    post = unit.posts.get(kind=PostKind.PRINCIPAL, closed_on=None)
                    do.record_visit(
                        self._now(problem), post=post, on=self.clock.day - timedelta(days=2),
                        place=PLACES[0], found=FOUND[0], actor=actor,
                    )  # fmt: skip

    def _principal_of(self, problem: Problem) -> Actor | None:
        posts = {post.pk: name for name, post in self.city.posts.items()}
        unit = problem.lead_unit
        post = unit.posts.filter(kind=PostKind.PRINCIPAL, closed_on=None).first() if unit else None
        name = posts.get(post.pk) if post else None
        return self.city.actor(name) if name else None

    def _now(self, problem: Problem) -> Problem:
        found: Problem = Problem.objects.get(pk=problem.pk)
        return found
