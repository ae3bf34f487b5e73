"""A problem of the city that goes down two levels and comes up again: the steps in their order.

City office → city water bureau → county water bureau → town. Every night the program sweeps as it does by itself.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.approvals.models import Approval
from bihuan.deadlines.jobs import sweep
from bihuan.deadlines.models import Clock, LadderRequest, LadderStep
from bihuan.demo.pictures import paper, photograph
from bihuan.ledger.models import Problem, Sector, Source
from bihuan.papers.jobs import draft_letters
from bihuan.papers.models import Paper
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.models import AssignmentOrder, Extension, Measure, Plan, PublicNotice
from bihuan.rectification.plan_trees import ASSURANCES
from tests.journeys.people import file_of
from tests.journeys.stepping import STRANGERS, Stepping

if TYPE_CHECKING:
    from bihuan.organizations.models import Unit

DEADLINE: Final = date(2026, 5, 15)
NIGHT: Final = time(0, 10)
TITLE: Final = "漱玉河石堰段河道乱堆弃渣"
LATE: Final = "逾期未整改，请于5个工作日内说明情况并完成整改。"
MISSING: Final = "沟口村同类弃渣点没有一并清理，请补充排查和清理情况。"


class ThreeLevels(Stepping):
    """The story; `own` is the bureau's measure, `down` the county's part of it, `below` the town's part of that."""

    own: Measure
    down: Measure
    below: Measure
    letter: LadderStep

    def nights(self, days: int) -> None:
        """So many days on, with the night's sweep in each."""
        for _night in range(days):
            midnight = timezone.make_aware(datetime.combine(self.clock.day + timedelta(days=1), NIGHT))
            self.clock.moment = midnight
            with self.clock.now():
                sweep()
        self.clock.go_to(self.clock.day)

    def unit(self, code: str) -> Unit:
        return self.city.units[code]

    # -- down ------------------------------------------------------------------------------------

    def register(self) -> None:
        office = self.who["shenyan"].go(reverse("ledger:register"))
        office.send(
            title=TITLE,
            text="石堰镇段河道内堆放弃渣约3000立方米，侵占行洪断面。",
            source=Source.objects.get(code="government_inspection").pk,
            sector=Sector.objects.get(code="risk.ecology.water").pk,
            nature="violation",
            impact="local",
            urgency="normal",
            rectification_kind="by_date",
        )
        self.problem = Problem.objects.get()
        office.go(self.page).press(reverse("ledger:propose_one", args=[self.problem.pk])).send(
            handling="由市水利局牵头，平桥县水利局、石堰镇按职责办理。",
            lead_unit=self.unit("YC-SL").pk,
            external_deadline=DEADLINE,
        )
        assert self.now().grade == "major"

    def assign(self) -> None:
        self.does(
            "shenyan", "draft_order", title="关于交办漱玉河弃渣问题的通知", requirement="按期整改，逐级落实。"
        )
        order = AssignmentOrder.objects.get()
        page = reverse("rectification:order", args=[order.pk])
        self.who["shenyan"].go(page).press("/submit/").send()
        order.refresh_from_db()
        self.decide(order.approval_id, asked_by="shenyan")
        self.who["shenyan"].go(page).press("/issue/").send(
            document_no="云整改〔2026〕61号", issued_on=self.clock.day
        )
        self.nights(1)
        self.shut("acknowledge", "shenyan")
        self.does("xianan", "acknowledge", section="河湖科", handler=self.city.posts["xianan"].pk)
        assert self.now().state == "planning"

    def plan(self) -> None:
        self.nights(3)
        limit = self.now().internal_deadline or DEADLINE
        rows = [("清运石堰段弃渣3000立方米", limit, "清运台账"), ("全市河道弃渣点排查", limit, "排查清单")]
        values: dict[str, object] = {f"assure_{name}": "已落实" for name in ASSURANCES}
        for place, (text, deadline, deliverable) in enumerate(rows):
            row = {
                "text": text,
                "unit": self.unit("YC-SL").pk,
                "deadline": deadline,
                "deliverable": deliverable,
            }
            values |= {f"row{place}__{name}": value for name, value in row.items()}
        self.does("xianan", "submit_plan", goal="弃渣清运完毕，行洪断面恢复。", **values)
        self.decide(Plan.objects.get().approval_id, asked_by="xianan")
        self.own = Measure.objects.get(number="1")

    def hand_down(self) -> None:
        """Twice; a later deadline than what came from above is refused on the page, and nobody skips a level."""
        self.shut("hand_down", "shenyan")
        for name in ("boyn", "shilei"):
            assert self.who[name].status(self.page) == 404, f"{name} sees what was not handed down to them"
        later = self.own.deadline + timedelta(days=1)
        task = {"measure": self.own.pk, "unit": self.unit("PQ-SL").pk, "text": "组织石堰段弃渣清运"}
        refused = (
            self.who["xianan"]
            .go(self.page)
            .press(self.form("hand_down"))
            .refused(**task, deadline=later, deliverable="验收表")
        )
        assert "交下去的期限晚于这条措施自己的期限" in refused
        assert not Measure.objects.filter(parent=self.own).exists()
        self.does(
            "xianan",
            "hand_down",
            **task,
            deadline=self.own.deadline - timedelta(days=3),
            deliverable="验收表",
        )
        self.down = Measure.objects.get(parent=self.own)
        self.nights(1)
        assert self.who["shilei"].status(self.page) == 404
        self.does(
            "boyn",
            "hand_down",
            measure=self.down.pk,
            unit=self.unit("PQ-SY").pk,
            text="清运弃渣并平整河床",
            deadline=self.down.deadline - timedelta(days=3),
            deliverable="整改后影像",
        )
        self.below = Measure.objects.get(parent=self.down)
        assert self.who["shilei"].status(self.page) == 200

    # -- late ------------------------------------------------------------------------------------

    def work_slowly(self) -> None:
        self.nights(20)
        self.does(
            "shilei", "report_progress", measure=self.below.pk, on=self.clock.day, percent=40,
            facts=f"{self.clock.day}已清运1200立方米。", obstacle="汛前便道被冲毁。", next_step="抢修便道。",
        )  # fmt: skip
        self.own.refresh_from_db()
        assert self.own.progress == 40, "what the town reported has come up to the bureau"

    def ask_for_more_time(self) -> None:
        """Asked in time, and refused by whoever decides: the day stays where it was."""
        self.shut("ask_extension", "boyn", "shilei", "shenyan")
        self.does(
            "xianan",
            "ask_extension",
            new_deadline=DEADLINE + timedelta(days=60),
            reason="便道冲毁，运力不足。",
            new_plan="6月底前完成清运，7月中旬验收。",
        )
        extension = Extension.objects.get()
        address = reverse("approvals:detail", args=[extension.approval_id])
        assert self.who["xianan"].status(f"{address}return/") == 403
        decider = self.who["linzy"].go(address)
        asked = decider.page.locator("#matter", has_text="便道冲毁，运力不足。")
        asked.wait_for()
        assert "6月底前完成清运" in asked.inner_text(), "who decides reads how the later day would be kept"
        decider.press("/return/").send(reason="便道可在三日内修复，不足以延期。")
        extension.refresh_from_db()
        assert extension.state != Extension.State.GRANTED
        assert Approval.objects.get(pk=extension.approval_id).state == "returned"
        assert self.now().external_deadline == DEADLINE
        assert "不足以延期" in self.who["xianan"].go(address).page.inner_text("main")

    def be_pressed(self) -> None:
        """Five working days late the night's sweep proposes; one asks, another approves, and a letter is drafted."""
        while not LadderStep.objects.filter(state=LadderStep.State.PROPOSED).exists():
            assert self.clock.day < DEADLINE + timedelta(days=30), "no rung was proposed"
            self.nights(1)
        self.letter = LadderStep.objects.get(state=LadderStep.State.PROPOSED)
        assert (self.letter.rung, self.letter.proposed_on) == ("supervision_letter", date(2026, 5, 22))
        pile = reverse("deadlines:proposals")
        for name in (*STRANGERS, "xianan"):
            assert self.who[name].status(pile) in {403, 404}, name
        assert "待提请" not in self.who["xianan"].go(self.page).page.inner_text("main")
        office = self.who["shenyan"].go(pile)
        office.page.check(f"input[name=pick][value='{self.letter.pk}']")
        office.open(
            office.page.locator(f"button[formaction='{reverse('deadlines:take_up')}']:visible").first
        ).send(reason=LATE)
        request = LadderRequest.objects.get()
        self.decide(request.approval_id, asked_by="shenyan")
        self.letter.refresh_from_db()
        assert self.letter.state == LadderStep.State.TAKEN
        assert self.now().supervision_level == "priority"

    def send_the_letter(self) -> None:
        """The program's own job drafts it; the office reads it, and enters what the document system gave it."""
        [job] = ProcrastinateJob.objects.filter(task_name="papers.draft_letters")
        with self.clock.now():
            assert draft_letters(**job.args) == 1
        draft = Paper.objects.get()
        address = reverse("papers:paper", args=[draft.pk])
        assert self.who["xianan"].status(address) == 404, "the unit reads a draft"
        page = self.who["shenyan"].go(address).page
        assert LATE in draft.text
        assert draft.title in page.inner_text("main")
        self.who["shenyan"].press("/enter/").send(
            document_no="云整改督〔2026〕9号",
            issued_on=self.clock.day,
            signed_copy=file_of(paper("督办函签发件.docx", "督办函", [LATE])),
        )
        assert self.who["xianan"].status(address) == 200

    # -- up --------------------------------------------------------------------------------------

    def finish(self) -> None:
        """The town, then the bureau's other measure; what is proved below is proved above."""
        self.nights(4)
        self.shut("apply_acceptance", "shenyan")
        self.report("shilei", self.below)
        self.prove("shilei", photograph("整改后-石堰段.jpg", seed=2605, clean=True), "after", self.below)
        self.own.refresh_from_db()
        assert (self.own.progress, self.own.state) == (100, Measure.State.DONE)
        other = Measure.objects.get(number="2")
        self.report("xianan", other)
        self.prove("xianan", paper("排查清单.docx", "排查清单", ["全市共排查48处。"]), "document", other)
        assert self.now().progress == 100

    def be_returned(self) -> None:
        """The acceptor, of another unit, names the gate that failed; the unit reads it on the problem's page."""
        self.apply("xianan", "石堰段弃渣已清运完毕，经自验合格。")
        self.nights(2)
        self.shut("return_acceptance", "xianan", "boyn", "shilei")
        self.does(
            "yanjun", "return_acceptance", gate_similar_cases="failed", what_is_missing=MISSING, on_site=True
        )
        assert self.now().state == "rectifying"
        read = self.who["xianan"].go(self.page).page.inner_text("main")
        assert MISSING in read
        assert str(GATES["similar_cases"]) in read

    def be_accepted(self) -> None:
        self.nights(3)
        proof = paper("沟口村排查.docx", "沟口村弃渣排查清理", ["沟口村两处弃渣点已清理。"])
        self.prove("xianan", proof, "document", Measure.objects.get(number="2"))
        self.apply("xianan", "沟口村同类弃渣点已一并清理。")
        self.nights(2)
        gates = {f"gate_{name}": "passed" for name in GATES}
        self.shut("accept", "xianan", "boyn", "shilei", "shenyan")
        self.does("yanjun", "accept", opinion="现场核查，五关通过。", on_site=True, **gates)

    def close(self) -> None:
        notice = PublicNotice.objects.get(state=PublicNotice.State.RUNNING)
        self.nights((notice.until - self.clock.day).days + 1)
        self.does("shenyan", "end_notice")
        self.shut("close", "xianan", "boyn", "shenyan")
        self.does(
            "hansz",
            "close",
            minutes_no="市整改领导小组会议纪要〔2026〕11号",
            decided_on=self.clock.day,
            opinion="同意销号。",
            file=file_of(paper("会议纪要.docx", "会议纪要", ["会议审定同意销号。"])),
        )
        self.does("shenyan", "file", filing_no="云整改备〔2026〕30号", filed_on=self.clock.day)
        assert self.now().state == "closed"

    # -- what is left ----------------------------------------------------------------------------

    def rectification(self) -> Clock:
        return Clock.objects.get(problem=self.problem, kind="rectification")

    def addresses(self) -> list[str]:
        """The pages this story went through."""
        asked = [
            AssignmentOrder.objects.get().approval_id,
            Plan.objects.get().approval_id,
            Extension.objects.get().approval_id,
        ]
        request = LadderRequest.objects.get()
        return [
            self.page,
            reverse("rectification:plan", args=[Plan.objects.get().pk]),
            reverse("rectification:order", args=[AssignmentOrder.objects.get().pk]),
            reverse("rectification:extension", args=[Extension.objects.get().pk]),
            reverse("deadlines:proposals"),
            reverse("deadlines:request", args=[request.pk]),
            reverse("papers:paper", args=[Paper.objects.get().pk]),
            reverse("papers:of_problem", args=[self.problem.pk]),
            *(reverse("approvals:detail", args=[pk]) for pk in (*asked, request.approval_id)),
        ]
