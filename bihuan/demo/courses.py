"""How problems go: each course is a generator that acts, then yields how many days pass before its next act.

They run interleaved on one clock (`history.py`), so that the city's days are as mixed as real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.core.files.base import ContentFile

from bihuan.approvals import actions as approvals
from bihuan.approvals.models import Approval
from bihuan.demo.amendments import amend
from bihuan.demo.cases import Case
from bihuan.demo.clock import Clock
from bihuan.demo.deliberations import deliberated
from bihuan.demo.founding import City
from bihuan.demo.moneys import put_right
from bihuan.demo.panels import judged_together
from bihuan.demo.pictures import borrowed, paper, photograph
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Ending, Problem, Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.rectification import actions as do
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.models import Deliberation, Extension, Measure, PublicNotice, Suspension
from bihuan.rectification.plan_trees import ASSURANCES, MeasureDraft, Milestone

Course = Iterator[int]
WHOLE: Final = 100
STOCK_TAKEN: Final = 90
BORROWED_FROM: Final = 1
PASSED: Final = dict.fromkeys(GATES, "passed")
HELD_BACK: Final = frozenset(
    {
        "registered",
        "ordering",
        "acknowledging",
        "planning",
        "deciding",
        "rectifying",
        "late",
        "amended",
        "owing",
        "accepting",
        "suspended",
    }
)


class Telling:
    """One case, told by the people whose steps they are."""

    def __init__(self, city: City, clock: Clock, case: Case, number: int) -> None:
        self.city, self.clock, self.case, self.number = city, clock, case, number
        self.problem: Problem

    def run(self) -> Course:
        """The whole course of the case."""
        yield from self.register()
        if self.case.course == "registered":
            return
        if self.case.course in {"merged", "unfounded"}:
            yield from self.end_early()
            return
        yield from self.go_on()

    def go_on(self) -> Course:
        """From the proposal on, as far as the case goes."""
        yield from self.assign()
        if self.case.course in {"acknowledging", "ordering"}:
            return
        yield from self.begin()
        if self.case.course in {"planning", "deciding"}:
            return
        yield from self.work()
        if self.case.course in HELD_BACK:
            return
        yield from self.finish()

    # ---- steps -----------------------------------------------------------------------------------------

    def register(self) -> Course:
        """Into the ledger."""
        case, day = self.case, self.clock.day
        with self.clock.now():
            self.problem = ledger.register(
                jurisdiction=self.city.yunchuan,
                new=NewProblem(
                    title=case.title, text=case.text, sector=Sector.objects.get(code=case.sector),
                    source=Source.objects.get(code=case.source), nature=case.nature, impact=case.impact,
                    urgency=case.urgency, rectification_kind=case.kind, external_deadline=day + timedelta(days=case.days + 8),
                    amount=Decimal(case.amount) if case.amount else None, self_reported=case.source == "self_inspection",
                ),
                actor=self.city.actor("shenyan"),
            )  # fmt: skip
        yield 2

    def assign(self) -> Course:
        """Proposal, order, approval, issue, acknowledgement."""
        yield from self.propose()
        with self.clock.now():
            actor = self.city.actor("shenyan")
            order = do.draft_order([self.now()], title=f"关于交办“{self.case.title}”问题的通知", actor=actor)
            do.submit_order(order, actor=actor)
        order.refresh_from_db()
        if self.case.course == "ordering":
            return
        self.decide(order.approval_id)
        with self.clock.now():
            do.issue_order(
                order, document_no=f"云整改〔{self.clock.day.year}〕{self.number + 100}号", issued_on=self.clock.day,
                actor=self.city.actor("shenyan"),
            )  # fmt: skip
        if self.case.course == "declined" and not self.problem.declines:
            yield 1
            with self.clock.now():
                do.decline(
                    self.now(), reason="补贴资金由县财政局核拨，应由其牵头。", proposed_unit=self.city.units["QL-CZ"],
                    actor=self.city.actor(self.case.by),
                )  # fmt: skip
            self.problem = self.now()
            yield 2
            yield from self.assign()

    def propose(self) -> Course:
        """拟办意见."""
        with self.clock.now():
            ledger.propose(
                [self.now()], handling=f"由{self.city.units[self.case.lead].name}牵头办理。",
                lead_unit=self.city.units[self.case.lead], actor=self.city.actor("shenyan"),
            )  # fmt: skip
        yield 1

    def begin(self) -> Course:
        """Acknowledge, and plan where policy asks for a plan."""
        yield 1
        with self.clock.now():
            do.acknowledge([self.now()], actor=self.city.actor(self.case.by))
        if self.now().state != "planning" or self.case.course == "planning":
            return
        yield 5
        problem = self.now()
        limit = problem.internal_deadline or problem.external_deadline
        with self.clock.now():
            plan = do.submit_plan(
                problem, goal=f"{self.case.title}问题全部整改到位，群众认可。",
                measures=[
                    self.draft("查清底数，列出清单", min(limit, self.clock.day + timedelta(days=15)), "排查清单"),
                    replace(self.draft("逐项整改，验收销号", limit, "整改记录"), milestones=self.halfway(limit)),
                ],
                five_assurances=dict.fromkeys(ASSURANCES, "已落实"),
                deliberation=deliberated(problem, Deliberation.About.PLAN, self.clock.day),
                actor=self.city.actor(self.case.by),
            )  # fmt: skip
        plan.refresh_from_db()
        yield 2
        if self.case.course != "deciding":
            self.decide(plan.approval_id)

    def draft(self, text: str, deadline: date, deliverable: str) -> MeasureDraft:
        """One measure of the plan."""
        unit = self.city.units[self.case.lead]
        return MeasureDraft(text=text, unit=unit.pk, deadline=deadline, deliverable=deliverable)

    def halfway(self, limit: date) -> tuple[Milestone, ...]:
        """Half of it should be done in the middle of the time there is."""
        return (Milestone(self.clock.day + (limit - self.clock.day) // 2, 50),)

    def work(self) -> Course:
        """Progress, and what happens on the way."""
        yield 10
        self.report(35, "已完成底数排查，正在逐项整改。")
        if self.case.course == "suspended":
            yield 6
            yield from self.suspend()
            return
        if self.case.course == "extended":
            yield 8
            yield from self.extend()
        if self.case.course == "amended":
            yield 2
            yield from amend(self)
        if self.case.course == "owing":
            put_right(self, whole=False)
        if self.case.course in HELD_BACK - {"accepting"}:
            return
        yield 12
        self.report(100, "全部整改完成，现场复核无反弹。")
        put_right(self, whole=True)
        with self.clock.now():
            actor = self.city.actor(self.case.by)
            for kind, clean, caption in (("before", False, "整改前"), ("after", True, "整改后")):
                do.add_evidence(
                    self.now(), upload=self.picture(f"{caption}.jpg", clean=clean), kind=kind,
                    caption=f"{self.case.title}{caption}", taken_on=self.clock.day,
                    measures=self.leaves(), actor=actor,
                )  # fmt: skip
        yield 1
        self.apply()

    def leaves(self) -> list[Measure]:
        """The measures of the plan that are done where they stand."""
        rows = Measure.objects.filter(plan__problem=self.problem, plan__state="approved", children=None)
        return list(rows.order_by("number"))

    def picture(self, name: str, *, clean: bool) -> ContentFile[bytes]:
        """A photograph of this place; whoever still waits to be accepted has taken another's, cut and saved again."""
        if clean and self.case.course == "accepting":
            return borrowed(name, seed=BORROWED_FROM)
        return photograph(name, seed=self.number, clean=clean)

    def report(self, percent: int, facts: str) -> None:
        """Progress, on every open measure of the plan or on the problem itself."""
        still_open: list[Measure | None] = [one for one in self.leaves() if one.state == Measure.State.OPEN]
        for place, measure in enumerate(still_open or [None]):
            # Taking stock comes first, and is nearly done while the rest is begun.
            done = max(percent, STOCK_TAKEN) if place == 0 and len(still_open) > 1 else percent
            with self.clock.now():
                do.report_progress(
                    self.now(), measure=measure, on=self.clock.day, percent=done, facts=f"{self.clock.day}{facts}",
                    next_step="" if percent == WHOLE else "按方案继续推进。", actor=self.city.actor(self.case.by),
                )  # fmt: skip

    def extend(self) -> Course:
        """An extension is asked for, and granted."""
        problem = self.now()
        with self.clock.now():
            asked: Extension = do.ask_extension(
                problem, reason="汛期无法施工，闸门设备供货延迟。", new_deadline=problem.external_deadline + timedelta(days=30),
                new_plan="设备到货后15日内完成安装。", actor=self.city.actor(self.case.by),
            )  # fmt: skip
        asked.refresh_from_db()
        yield 2
        self.decide(asked.approval_id)

    def suspend(self) -> Course:
        """The clock is stopped by approval."""
        with self.clock.now():
            asked: Suspension = do.ask_suspension(
                self.now(), reason="涉诉，法院已受理，判决前无法实施搬迁。", resume_by=self.clock.day + timedelta(days=120),
                actor=self.city.actor(self.case.by),
            )  # fmt: skip
        asked.refresh_from_db()
        yield 2
        self.decide(asked.approval_id)

    def apply(self) -> None:
        """Ask for acceptance."""
        with self.clock.now():
            problem = self.now()
            do.apply_acceptance(
                problem,
                self_check="已逐项自验，资料齐全。",
                deliberation=deliberated(problem, Deliberation.About.CLOSURE, self.clock.day),
                actor=self.city.actor(self.case.by),
            )

    def finish(self) -> Course:
        """Acceptance, notice, closure, filing, look-back."""
        yield 3
        if self.case.course == "returned":
            with self.clock.now():
                do.return_acceptance(
                    self.now(),
                    gates={"effect": "failed"},
                    what_is_missing="现场仍有2处未完成，佐证照片与现场不符。",
                    on_site=True,
                    actor=self.city.actor("yanjun"),
                )
            yield 5
            self.report_again()
            self.apply()
            yield 3
        self.judge()
        if self.case.course == "noticed":
            return
        yield from self.end_notice()
        if self.case.course == "reviewing":
            return
        yield from self.close()
        yield from self.recheck()

    def judge(self) -> None:
        """Accepted by oversight, or recorded from the source authority's document."""
        if self.now().source.accepts != "oversight":
            with self.clock.now():
                do.record_external_acceptance(
                    self.now(), authority=self.now().source.label, document_no=f"认定〔{self.clock.day.year}〕{self.number}号",
                    decided_on=self.clock.day, opinion="经认定，已整改到位。",
                    file=paper("认定文件.docx", "认定意见", ["经认定，已整改到位。"]), actor=self.city.actor("shenyan"),
                )  # fmt: skip
        else:
            with self.clock.now():
                judged_together(self.now(), self.city.actor("yanjun"))
                do.accept(
                    self.now(),
                    opinion="现场核查属实。",
                    gates=PASSED,
                    on_site=True,
                    actor=self.city.actor("yanjun"),
                )

    def end_notice(self) -> Course:
        """The notice runs its period, where there is one."""
        notice = PublicNotice.objects.filter(problem=self.problem, state="running").first()
        if notice:
            yield (notice.until - self.clock.day).days + 1
            with self.clock.now():
                do.end_notice(self.now(), actor=self.city.actor("shenyan"))

    def close(self) -> Course:
        """The decision is minuted, and filed."""
        yield 4
        with self.clock.now():
            problem = self.now()
            do.close(
                [problem], minutes_no=f"市整改领导小组会议纪要〔{self.clock.day.year}〕{self.number}号", decided_on=self.clock.day,
                authority=problem.source.label if problem.source.closes == "source" else "", opinion="同意销号。", file=paper("会议纪要.docx", "会议纪要", ["审定同意销号。"]), actor=self.city.actor("hansz"),
            )  # fmt: skip
        yield 1
        with self.clock.now():
            do.file_closure(
                [self.now()], filing_no=f"云整改备〔{self.clock.day.year}〕{self.number}号", filed_on=self.clock.day,
                actor=self.city.actor("shenyan"),
            )  # fmt: skip

    def report_again(self) -> None:
        """What was missing is done."""
        with self.clock.now():
            actor = self.city.actor(self.case.by)
            do.add_evidence(
                self.now(), upload=photograph("补充.jpg", seed=self.number + 900, clean=True), kind="after",
                caption="补充整改后照片", taken_on=self.clock.day, actor=actor,
            )  # fmt: skip

    def recheck(self) -> Course:
        """On its date another unit looks again."""
        look = Lookback.objects.filter(problem=self.problem, state="scheduled").order_by("due_on").first()
        if look is None:
            return
        yield max((look.due_on - self.clock.day).days, 1)
        with self.clock.now():
            lookback.assign_lookback([look], unit=self.city.units["YC-SJ"], actor=self.city.actor("linzy"))
        with self.clock.now():
            actor = self.city.actor("wengu")
            if self.case.course == "rebound":
                lookback.rebound(
                    look,
                    opinion="夜间复产，设备未拆除，判定反弹。",
                    on=self.clock.day,
                    covert=True,
                    actor=actor,
                )
            else:
                lookback.hold(look, opinion="现场核查，成效保持。", on=self.clock.day, actor=actor)

    def end_early(self) -> Course:
        """Merged into the problem it repeats, or unfounded: one asks, another approves."""
        merged = self.case.course == "merged"
        into = Problem.objects.filter(title="铸造企业除尘灰露天堆存").first() if merged else None
        with self.clock.now():
            ending: Ending = ledger.request_ending(
                self.now(), verb="ledger.merge" if merged else "ledger.mark_unfounded", into=into,
                reason="与在办问题为同一企业、同一点位。" if merged else "三次监测均达标，来电人已知悉。",
                document_no="热线函〔2026〕9号", approver=self.city.posts["linzy"], actor=self.city.actor("shenyan"),
            )  # fmt: skip
        yield 1
        self.decide(ending.approval_id)

    def decide(self, approval_id: object) -> None:
        """Whoever's step it is decides, until the route is done."""
        holders = {post.pk: name for name, post in self.city.posts.items()}
        for _ in range(6):
            approval = Approval.objects.get(pk=approval_id)
            step = approval.steps.filter(state="pending").first()
            if step is None:
                return
            with self.clock.now():
                approvals.decide(approval, opinion="同意", actor=self.city.actor(holders[step.post_id]))

    def now(self) -> Problem:
        """The problem as it stands."""
        found: Problem = Problem.objects.get(pk=self.problem.pk)
        return found
