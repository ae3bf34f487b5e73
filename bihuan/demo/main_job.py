"""The main job, end to end, on one of the city's documents: each step by the person whose step it is, and said aloud."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final, cast

from django.utils.translation import gettext_lazy as _

from bihuan.approvals import actions as approvals
from bihuan.approvals.models import Approval
from bihuan.demo.clock import Clock
from bihuan.demo.deliberations import deliberated
from bihuan.demo.founding import City
from bihuan.demo.panels import judged_together
from bihuan.demo.pictures import paper, photograph
from bihuan.demo.saying import Say
from bihuan.demo.sealing import account_for_rest, seal
from bihuan.files.actions import receive
from bihuan.intake import actions as intake
from bihuan.intake.confirming import missing_of
from bihuan.intake.models import IntakeDocument
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Finding, Problem, Source
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.rectification import actions as do
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.models import AssignmentOrder, Deliberation, Measure, Plan, PublicNotice
from bihuan.rectification.plan_trees import ASSURANCES, MeasureDraft

SOURCES: Final = Path(__file__).resolve().parent / "sources"
LETTER: Final = SOURCES / "01-生态环境专项督查反馈意见.docx"
BATCH: Final = "DC-2026-03"
PASSED: Final = dict.fromkeys(GATES, "passed")
CHOSEN: Final = "砂石加工"
# The coordinator knows what the words do not say: a whole valley, and now.
GRAVER: Final = {"nature": "violation", "impact": "local", "urgency": "urgent"}


class MainJob:
    """The walk from a feedback document to a problem that was closed, rebounded and is being fixed again."""

    def __init__(self, city: City, clock: Clock, say: Say) -> None:
        self.city, self.clock, self.say = city, clock, say
        self.problem: Problem

    def run(self) -> Problem:
        """All of it; returns the problem that was followed to the end."""
        document = self.take_in()
        problems = self.confirm(document)
        self.propose(problems)
        order = self.order(problems)
        self.acknowledge(problems)
        self.plan()
        self.work()
        self.accept()
        self.close()
        self.answer()
        self.recheck()
        words = _("交办单 %(document)s 下 %(count)s 个问题，其中 %(number)s 已走完全程。")
        self.say(words, document=order.document_no, count=len(problems), number=self.problem.problem_no)
        return self.problem

    def take_in(self) -> IntakeDocument:
        """The letter goes in, and is cut into passages."""
        with self.clock.now():
            actor = self.city.actor("shenyan")
            batch = ledger.create_batch(
                jurisdiction=self.city.yunchuan,
                code=BATCH,
                title="生态环境问题专项督查",
                source=Source.objects.get(code="government_inspection"),
                source_authority="市政府督查室",
                source_unit=self.city.units["YC-DC"],
                received_on=self.clock.day,
                document_no="云政督〔2026〕3号",
                deadline=date(2026, 12, 31),
                closing_authority="市问题整改工作领导小组",
                actor=actor,
            )
            [document] = intake.receive_documents([LETTER], batch, actor=actor)
        self.say(
            _("收到 %(file)s：%(passages)s 段，候选问题 %(candidates)s 条。"),
            file=LETTER.name,
            passages=document.passages.count(),
            candidates=document.candidates.count(),
        )
        return document

    def confirm(self, document: IntakeDocument) -> list[Problem]:
        """A coordinator confirms candidates and accounts for every other passage; a second person seals the batch."""
        with self.clock.now():
            actor = self.city.actor("shenyan")
            numbers = list(document.candidates.values_list("k", flat=True))
            ecology = str(self.city.units["YC-ST"].pk)
            for candidate in document.candidates.all():
                if CHOSEN in candidate.text:
                    intake.edit_candidate(document, candidate=candidate.k, facts=GRAVER, actor=actor)
                if missing_of(candidate):
                    facts = {"lead_unit": ecology}
                    intake.edit_candidate(document, candidate=candidate.k, facts=facts, actor=actor)
            problems = intake.confirm_candidates(document, candidates=numbers, actor=actor)
            account_for_rest(document, actor)
        with self.clock.now():
            checked, made = seal(document.batch, self.city.actor("linzy"))
        self.say(_("确认 %(count)s 个问题入账，余下各段已逐段交代。"), count=len(problems))
        words = _("审核岗抽查 %(checked)s 段一致，封账，出具《%(certificate)s》，按日志重新清点相符。")
        self.say(words, checked=checked, certificate=made.file.name)
        self.problem = next(problem for problem in problems if CHOSEN in problem.text)
        return problems

    def propose(self, problems: list[Problem]) -> None:
        """拟办: the chosen one goes to the county's water bureau, the others to the city's ecology bureau."""
        self.clock.on(1)
        units = self.city.units
        with self.clock.now():
            actor = self.city.actor("shenyan")
            ledger.propose(
                [self.problem],
                handling="由平桥县水利局牵头，县工信局、石堰镇配合，市生态环境局督导。",
                lead_unit=units["PQ-SL"],
                supporting_units=[units["PQ-GX"], units["PQ-SY"]],
                sector_authority=units["YC-ST"],
                territorial_unit=units["PQ-SY"],
                sponsor=self.city.posts["hansz"],
                external_deadline=self.clock.day + timedelta(days=60),
                actor=actor,
            )
            others = [problem for problem in problems if problem.pk != self.problem.pk]
            ledger.propose(others, handling="由市生态环境局牵头办理。", lead_unit=units["YC-ST"], actor=actor)
        self.say(_("拟办意见：写明牵头、配合、督导单位和期限。"))

    def order(self, problems: list[Problem]) -> AssignmentOrder:
        """One order for the whole batch: one step in the program, one from paper, issued once."""
        with self.clock.now():
            actor = self.city.actor("shenyan")
            order = do.draft_order(
                problems,
                title="关于交办生态环境专项督查反馈问题的通知",
                requirement="按期整改，逐项销号。",
                actor=actor,
            )
            do.submit_order(order, actor=actor)
            order.refresh_from_db()
        approval = Approval.objects.get(pk=order.approval_id)
        with self.clock.now():
            approvals.decide(approval, opinion="同意，请分管领导审定。", actor=self.city.actor("linzy"))
        self.clock.on(1)
        with self.clock.now():
            actor = self.city.actor("shenyan")
            copy = paper("交办单签批件.docx", "签批件", ["同意下达。", "韩述舟"])
            signed = receive(upload=copy, subject_kind="assignment_order", subject=order.pk, actor=actor)
            approvals.record_paper_decision(
                approval,
                decided_by_name="韩述舟",
                decided_by=self.city.people["hansz"],
                decided_on=self.clock.day,
                opinion="同意下达。",
                document_no="云办签〔2026〕118号",
                signed_copy=signed,
                actor=actor,
            )
        with self.clock.now():
            approvals.confirm_paper_decision(approval, actor=self.city.actor("sujin"))
        with self.clock.now():
            do.issue_order(
                order,
                document_no="云整改〔2026〕58号",
                issued_on=self.clock.day,
                actor=self.city.actor("shenyan"),
            )
        words = _("交办单一步在系统内审核、一步纸面签批并由第二人复核，一次下达 %(count)s 件。")
        self.say(words, count=len(problems))
        return order

    def acknowledge(self, problems: list[Problem]) -> None:
        """Each lead unit acknowledges all its items in one act."""
        self.clock.on(1)
        others = [problem for problem in problems if problem.pk != self.problem.pk]
        with self.clock.now():
            do.acknowledge(
                [self.problem],
                section="河湖科",
                handler=self.city.posts["boyn"],
                actor=self.city.actor("cenxi"),
            )
        with self.clock.now():
            do.acknowledge(others, section="督察整改科", actor=self.city.actor("wenzy"))
        self.say(_("平桥县水利局、市生态环境局各一次签收全部问题，方案时限开始计算。"))

    def plan(self) -> None:
        """The lead unit plans; the plan is approved; a measure is handed down to the town."""
        self.clock.on(6)
        units, day = self.city.units, self.clock.day
        limit = self.problem_now().internal_deadline or self.problem_now().external_deadline
        with self.clock.now():
            plan: Plan = do.submit_plan(
                self.problem,
                goal="7处直排口全部封堵，洗砂废水回用率达到95%，石堰沟1.8公里淤泥清理完毕，下游断面稳定达标。",
                measures=[
                    self.draft("截断三家企业直排", "PQ-SL", limit, "封堵记录"),
                    self.draft("清理沟道淤泥1.8公里", "PQ-SL", limit, "方量签证"),
                    self.draft(
                        "举一反三，全县21家砂石企业排查", "PQ-SL", day + timedelta(days=20), "排查清单"
                    ),
                ],
                five_assurances=dict.fromkeys(ASSURANCES, "已落实"),
                deliberation=deliberated(self.problem, Deliberation.About.PLAN, self.clock.day),
                actor=self.city.actor("boyn"),
            )
            plan.refresh_from_db()
        self.decide(plan.approval_id)
        first = Measure.objects.get(plan=plan, number="1")
        with self.clock.now():
            self.handed = do.hand_down(
                first,
                unit=units["PQ-SY"],
                post=self.city.posts["shilei"],
                text="封堵7处排口并留影像",
                deadline=first.deadline,
                deliverable="封堵影像",
                actor=self.city.actor("boyn"),
            )
        self.plan_made = plan
        self.say(_("方案经批准生效；“截断直排”的措施交办到石堰镇。"))

    def draft(self, text: str, unit: str, deadline: date, deliverable: str) -> MeasureDraft:
        """One measure of the plan."""
        return MeasureDraft(
            text=text, unit=self.city.units[unit].pk, deadline=deadline, deliverable=deliverable
        )

    def work(self) -> None:
        """Progress with dated facts, and files that prove them."""
        self.clock.on(14)
        with self.clock.now():
            actor = self.city.actor("shilei")
            do.report_progress(
                self.problem, measure=self.handed, on=self.clock.day, percent=60,
                facts=f"{self.clock.day}已封堵4处排口，其余3处正在施工。", next_step="月底前全部封堵。", actor=actor,
            )  # fmt: skip
            do.add_evidence(
                self.problem, upload=photograph("整改前-3号排口.jpg", seed=2603, clean=False), kind="before",
                caption="石堰沟3号排口整改前", taken_on=self.clock.day - timedelta(days=20), measures=[self.handed], actor=actor,
            )  # fmt: skip
        self.clock.on(16)
        with self.clock.now():
            actor = self.city.actor("shilei")
            do.report_progress(
                self.problem, measure=self.handed, on=self.clock.day, percent=100,
                facts=f"{self.clock.day}7处排口全部封堵，留存影像。", actor=actor,
            )  # fmt: skip
            do.add_evidence(
                self.problem, upload=photograph("整改后-3号排口.jpg", seed=2603, clean=True), kind="after",
                caption="石堰沟3号排口整改后", taken_on=self.clock.day, measures=[self.handed], actor=actor,
            )  # fmt: skip
        self.finish_measures("boyn")
        self.say(
            _("报告进展并上传佐证 %(count)s 件，进度 %(progress)s%%。"),
            count=self.problem.evidence.count(),
            progress=self.problem_now().progress,
        )

    def finish_measures(self, name: str) -> None:
        """What is still open of the plan is done and proved, each by a paper of its own."""
        for measure in Measure.objects.filter(plan=self.plan_made, state=Measure.State.OPEN, children=None):
            with self.clock.now():
                do.report_progress(
                    self.problem, measure=measure, on=self.clock.day, percent=100,
                    facts=f"{self.clock.day}完成：{measure.text}，形成{measure.deliverable}。", actor=self.city.actor(name),
                )  # fmt: skip
                proof = paper(
                    f"{measure.deliverable}.docx",
                    measure.deliverable,
                    [measure.text, "经现场核验，工程量属实。"],
                )
                do.add_evidence(
                    self.problem, upload=proof, kind="document", caption=measure.deliverable, taken_on=self.clock.day,
                    measures=[measure], actor=self.city.actor(name),
                )  # fmt: skip

    def accept(self) -> None:
        """Oversight returns it once with a reason, then accepts."""
        self.clock.on(1)
        with self.clock.now():
            do.apply_acceptance(
                self.problem, self_check="已逐项自验，7处排口无渗漏，断面连续三次达标。", goal_now="0",
                deliberation=deliberated(self.problem, Deliberation.About.CLOSURE, self.clock.day),
                actor=self.city.actor("boyn"),
            )  # fmt: skip
        self.clock.on(2)
        with self.clock.now():
            do.return_acceptance(
                self.problem, gates={"effect": "failed"}, on_site=True, actor=self.city.actor("yanjun"),
                what_is_missing="缺下游断面监测报告，请补充后重新申请。",
            )  # fmt: skip
        self.accept_at_last()
        self.say(_("市督查室退回一次（缺监测报告），补齐后现场验收通过，转入公示。"))

    def accept_at_last(self) -> None:
        """What was missing is handed in, and oversight goes to see."""
        self.clock.on(3)
        with self.clock.now():
            actor = self.city.actor("boyn")
            report = paper("下游断面监测报告.docx", "监测报告", ["悬浮物三次监测均低于限值。"])
            do.add_evidence(
                self.problem, upload=report, kind="document", caption="下游断面监测报告",
                taken_on=self.clock.day, actor=actor,
            )  # fmt: skip
            do.apply_acceptance(
                self.problem, self_check="已补充断面监测报告，自验合格。", goal_now="0", actor=actor
            )
        self.clock.on(2)
        with self.clock.now():
            judged_together(self.problem_now(), self.city.actor("yanjun"))
            do.accept(
                self.problem,
                opinion="现场核查属实，五关全部通过。",
                gates=PASSED,
                on_site=True,
                actor=self.city.actor("yanjun"),
            )

    def close(self) -> None:
        """The notice runs its period; the closure review approves with its minutes; the superior is told."""
        notice = PublicNotice.objects.get(problem=self.problem, state=PublicNotice.State.RUNNING)
        self.clock.go_to(notice.until + timedelta(days=1))
        with self.clock.now():
            do.end_notice(self.problem_now(), actor=self.city.actor("shenyan"))
        self.clock.on(1)
        with self.clock.now():
            do.close(
                [self.problem_now()],
                minutes_no="市整改领导小组会议纪要〔2026〕7号",
                decided_on=self.clock.day,
                opinion="同意销号。",
                file=paper("会议纪要.docx", "会议纪要", ["会议审定同意销号。"]),
                actor=self.city.actor("hansz"),
            )
        with self.clock.now():
            do.file_closure(
                [self.problem_now()],
                filing_no="云整改备〔2026〕21号",
                filed_on=self.clock.day,
                actor=self.city.actor("shenyan"),
            )
        self.say(_("公示期满无异议，领导小组审定，凭纪要销号并报备案。"))

    def answer(self) -> None:
        """The source's finding gets its answer."""
        finding = Finding.objects.filter(problem_links__problem=self.problem).first()
        if finding is None:
            return
        with self.clock.now():
            ledger.answer_finding(
                finding, answer="三家企业直排已截断，沟道清淤完成，断面达标，已销号。", document_no="云政函〔2026〕44号",
                actor=self.city.actor("linzy"),
            )  # fmt: skip
        self.say(_("反馈问题已书面答复来源机关。"))

    def recheck(self) -> None:
        """On its date somebody else looks again; it rebounded and reopens as round 2."""
        look = Lookback.objects.get(problem=self.problem, state=Lookback.State.SCHEDULED)
        self.clock.go_to(look.due_on)
        with self.clock.now():
            lookback.assign_lookback([look], unit=self.city.units["YC-SJ"], actor=self.city.actor("linzy"))
        with self.clock.now():
            lookback.rebound(
                look,
                opinion="2号排口封堵处被撬开，夜间偷排，判定反弹。",
                on=self.clock.day,
                covert=True,
                actor=self.city.actor("wengu"),
            )
        now = self.problem_now()
        self.say(
            _("回头看暗访发现反弹，%(number)s 重开为第 %(round)s 轮。"),
            number=now.problem_no,
            round=now.round,
        )

    def decide(self, approval_id: object) -> None:
        """Whoever's step it is decides, until the route is done."""
        holders = {post.pk: name for name, post in self.city.posts.items()}
        for _turn in range(6):
            approval = Approval.objects.get(pk=approval_id)
            step = approval.steps.filter(state="pending").first()
            if step is None:
                return
            with self.clock.now():
                approvals.decide(approval, opinion="同意", actor=self.city.actor(holders[step.post_id]))

    def problem_now(self) -> Problem:
        """The followed problem as it stands."""
        return cast(Problem, Problem.objects.get(pk=self.problem.pk))
