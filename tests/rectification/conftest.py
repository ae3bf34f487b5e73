"""A problem on its way through the middle of its life, for the tests of this room."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from bihuan.approvals import actions as approvals
from bihuan.files import store
from bihuan.files.models import Blob
from bihuan.journal import timesource
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Problem, Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.rectification import actions as do
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.deliberating import DeliberationDraft, standing, wanted
from bihuan.rectification.evidence_needs import leaves_of
from bihuan.rectification.models import Deliberation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from bihuan.approvals.models import Approval
    from bihuan.ledger.models import Finding
    from bihuan.rectification.models import AssignmentOrder, Evidence, Measure, Plan
    from tests.kept_rows import Shelf
    from tests.organizations.cast import Cast, Player

FIRST_DAY = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
MINUTES = "党组会议纪要"
PASSED = dict.fromkeys(GATES, "passed")


@dataclass
class Clock:
    """The moved clock: a story goes on by days."""

    now: dt.datetime = FIRST_DAY
    token: Any = None

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def go_on(self, days: int = 1) -> None:
        self.now += dt.timedelta(days=days)
        timesource._moved.set(self.now)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with timesource.at(FIRST_DAY):
        yield Clock()


# Its words would be those of the whole city, and hide what a property test has to say.
@dataclass(repr=False)
class Story:
    """One city, its rules, and the steps of the loop, each by the person whose step it is."""

    cast: Cast
    clock: Clock
    shelf: Shelf | None = None
    serial: int = 0
    problems: list[Problem] = field(default_factory=list)

    def begun(self, name: str, make: Callable[[], list[Problem]], **how: Any) -> list[Problem]:
        """Problems brought so far by a story's first steps: those steps are the same in very many tests."""
        plain = all(isinstance(value, str | int) for value in how.values())
        if self.shelf is None or self.serial or self.clock.now != FIRST_DAY or not plain:
            return make()

        def made() -> tuple[list[UUID], int]:
            return [problem.pk for problem in make()], self.serial

        ids, self.serial = self.shelf.stage((name, *sorted(how.items())), made)
        return [Problem.objects.get(pk=pk) for pk in ids]

    def register(
        self,
        *,
        source: str = "city_party_inspection",
        grade: str = "major",
        findings: Sequence[Finding] = (),
        **more: Any,
    ) -> Problem:
        self.serial += 1
        problem = ledger.register(
            jurisdiction=self.cast.city,
            findings=findings,
            new=NewProblem(
                sector=Sector.objects.get(code="risk.ecology.water"),
                source=Source.objects.get(code=source),
                **(
                    {
                        "title": f"城区供水管网漏损率偏高之{self.serial}",
                        "text": "督查发现城区老旧供水管网漏损率达到百分之十八，高于规定指标。",
                        "rectification_kind": "by_date",
                        "external_deadline": self.clock.today + dt.timedelta(days=120),
                    }
                    | FACTS_OF_GRADE[grade]
                    | more
                ),
            ),
            actor=self.cast.coordinator.actor,
        )
        assert problem.grade == grade
        return problem

    def propose(self, *problems: Problem, **more: Any) -> None:
        ledger.propose(
            list(problems),
            **({"handling": "由市水务局牵头整改。", "lead_unit": self.cast.water} | more),
            actor=self.cast.coordinator.actor,
        )

    def proposed(self, count: int = 1, **more: Any) -> list[Problem]:
        problems = [self.register(**more) for _ in range(count)]
        self.propose(*problems)
        return problems

    def decide(self, approval: Approval, *, approve: bool = True, opinion: str = "同意") -> None:
        """Every step of the route in the program, by whoever holds its post."""
        by_post = {player.post.pk: player for player in self.cast.players.values()}
        while approval.steps.filter(state="pending").exists():
            step = approval.steps.get(state="pending")
            approvals.decide(approval, opinion=opinion, approve=approve, actor=by_post[step.post_id].actor)
            approval.refresh_from_db()

    def order(self, problems: list[Problem]) -> AssignmentOrder:
        order = do.draft_order(problems, title="督查反馈问题交办单", actor=self.cast.coordinator.actor)
        do.submit_order(order, actor=self.cast.coordinator.actor)
        return order

    def issue(self, problems: list[Problem]) -> AssignmentOrder:
        order = self.order(problems)
        self.decide(order.approval)
        do.issue_order(
            order,
            document_no="云整改〔2026〕3号",
            issued_on=self.clock.today,
            actor=self.cast.coordinator.actor,
        )
        return order

    def assigned(self, count: int = 1, **more: Any) -> list[Problem]:
        def make() -> list[Problem]:
            problems = self.proposed(count, **more)
            self.issue(problems)
            return fresh(problems)

        return self.begun("assigned", make, count=count, **more)

    def draft(self, **more: Any) -> do.MeasureDraft:
        facts = {
            "text": "更换城区老旧管网十二公里",
            "unit": self.cast.water.pk,
            "deadline": self.clock.today + dt.timedelta(days=90),
            "deliverable": "竣工验收资料",
        }
        return do.MeasureDraft(**(facts | more))

    def deliberated(self, problem: Problem, about: str) -> DeliberationDraft | None:
        """The unit's meeting and its principal's approval, where policy asks for them."""
        what = Deliberation.About(about)
        if not wanted(problem, what) or standing(problem, what) is not None:
            return None
        return DeliberationDraft(
            body="party_group",
            held_on=self.clock.today,
            document_no="水务党组〔2026〕6号",
            approved_on=self.clock.today,
            file=upload(MINUTES, "会议纪要.txt"),
        )

    def plan(self, problem: Problem, *drafts: do.MeasureDraft, by: Player | None = None) -> Plan:
        return do.submit_plan(
            problem,
            goal="漏损率降到百分之十以下",
            measures=drafts or (self.draft(),),
            five_assurances={
                "responsibility": "局长负总责",
                "funds": "财政专项",
                "contingency": "应急供水预案",
            },
            deliberation=self.deliberated(problem, "plan"),
            actor=(by or self.cast.handler).actor,
        )

    def rectifying(self, *drafts: do.MeasureDraft, **more: Any) -> Problem:
        def make() -> list[Problem]:
            (problem,) = self.assigned(**more)
            do.acknowledge([problem], actor=self.cast.liaison.actor)
            if problem.state == "planning":
                self.decide(self.plan(problem, *drafts).approval)
            return fresh([problem])

        (problem,) = make() if drafts else self.begun("rectifying", make, **more)
        return problem

    def report(self, problem: Problem, percent: int = 100, by: Player | None = None, **more: Any) -> None:
        do.report_progress(
            problem,
            **({"on": self.clock.today, "percent": percent, "facts": "已更换管网。"} | more),
            actor=(by or self.cast.handler).actor,
        )

    def prove(self, problem: Problem, by: Player | None = None, **more: Any) -> Evidence:
        self.serial += 1
        facts = {
            "upload": upload(proof_of(self.serial)),
            "kind": "document",
            "caption": "竣工验收资料",
            "measures": leaves_of(self.measures(problem)),
        }
        return do.add_evidence(problem, **(facts | more), actor=(by or self.cast.handler).actor)

    def apply(self, problem: Problem, **more: Any) -> None:
        do.apply_acceptance(
            problem,
            **(
                {"self_check": "已自验，达到目标。", "deliberation": self.deliberated(problem, "closure")}
                | more
            ),
            actor=self.cast.liaison.actor,
        )

    def accepting(self, **more: Any) -> Problem:
        def make() -> list[Problem]:
            problem = self.rectifying(**more)
            for measure in self.measures(problem):
                self.report(problem, measure=measure)
            if not self.measures(problem):
                self.report(problem)
            self.prove(problem)
            self.apply(problem)
            return fresh([problem])

        (problem,) = self.begun("accepting", make, **more)
        # Rows are kept, contents are not: the first test may have had a folder of its own for them.
        for words in (MINUTES, proof_of(self.serial)):
            digest = hashlib.sha256(words.encode()).hexdigest()
            if Blob.objects.filter(sha256=digest).exists():
                store.write(store.name_of(digest), words.encode())
        return problem

    def measures(self, problem: Problem) -> list[Measure]:
        from bihuan.rectification.measures import measures_of, plan_in_force

        return measures_of(plan_in_force(problem))

    def accept(self, problem: Problem, by: Player | None = None, **more: Any) -> None:
        facts = {"opinion": "现场核查，整改到位。", "gates": PASSED, "on_site": True}
        do.accept(problem, **(facts | more), actor=(by or self.cast.acceptor).actor)

    def noticed(self, **more: Any) -> Problem:
        problem = self.accepting(**more)
        self.accept(problem)
        return fresh([problem])[0]

    def under_review(self, **more: Any) -> Problem:
        problem = self.noticed(**more)
        self.clock.go_on(20)
        do.end_notice(problem, actor=self.cast.coordinator.actor)
        return fresh([problem])[0]

    def close(self, *problems: Problem, by: Player | None = None, **more: Any) -> None:
        facts = {"minutes_no": "〔2026〕8号纪要", "decided_on": self.clock.today, "opinion": "同意销号。"}
        do.close(list(problems), **(facts | more), actor=(by or self.cast.decider).actor)


FACTS_OF_GRADE = {
    "minor": {"nature": "management", "impact": "single", "urgency": "normal"},
    "major": {"nature": "duty", "impact": "local", "urgency": "urgent"},
}


def proof_of(serial: int) -> str:
    """What stands in a proof: no two are the same file."""
    return f"{serial} 号竣工资料"


def upload(words: str, name: str = "竣工资料.txt") -> io.BytesIO:
    """A small text file, as a browser would hand it over."""
    content = io.BytesIO(words.encode())
    content.name = name
    return content


def fresh(problems: list[Problem]) -> list[Problem]:
    """The same problems as they are stored now."""
    return [Problem.objects.get(pk=problem.pk) for problem in problems]


@pytest.fixture
def story(cast: Cast, lists: None, clock: Clock, shelf: Shelf) -> Story:
    return Story(cast, clock, shelf)
