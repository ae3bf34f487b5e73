"""The steps of the main job in their order, each done through the pages by whose step it is."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from bihuan.approvals.models import Approval
from bihuan.demo.main_job import BATCH, CHOSEN, GRAVER, LETTER
from bihuan.demo.pictures import paper, photograph
from bihuan.files.models import Blob
from bihuan.intake.models import IntakeDocument
from bihuan.ledger.models import Batch, Finding, Problem, Source
from bihuan.lookback.models import Lookback
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.models import AssignmentOrder, Measure, Plan, PublicNotice
from bihuan.rectification.plan_trees import ASSURANCES
from tests.journeys.people import file_of
from tests.journeys.stepping import STRANGERS, Stepping


class Story(Stepping):
    """The steps in their order."""

    document: IntakeDocument

    def take_in(self) -> None:
        for name in STRANGERS:
            assert self.who[name].status(reverse("intake:list")) in {403, 404}
        coordinator = self.who["shenyan"].go(reverse("intake:new_batch"))
        coordinator.send(
            title="生态环境问题专项督查",
            code=BATCH,
            source=Source.objects.get(code="government_inspection").pk,
            source_authority="市政府督查室",
            document_no="云政督〔2026〕3号",
            received_on=self.clock.day,
            deadline="2026-12-31",
            closing_authority="市问题整改工作领导小组",
        )
        batch = Batch.objects.get(code=BATCH)
        page = coordinator.page
        page.set_input_files("[data-intake-upload] input[type=file]", LETTER)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.click("[data-intake-upload] .form-foot button")
        page.wait_for_selector("#documents a[href*='/documents/']")
        self.document = IntakeDocument.objects.get(batch=batch)
        for name in STRANGERS:
            assert self.who[name].status(reverse("intake:review", args=[self.document.pk])) in {403, 404}

    def review(self) -> None:
        """Every candidate is completed and confirmed, every other passage taken as proposed."""
        coordinator = self.who["shenyan"]
        page, address = coordinator.page, reverse("intake:review", args=[self.document.pk])
        ecology = self.city.units["YC-ST"].pk
        for candidate in self.document.candidates.order_by("k"):
            coordinator.go(f"{address}?n={candidate.passages[0]}")
            card = f"#c-{candidate.k}"
            if CHOSEN in candidate.text:
                coordinator.open(page.locator(f"{card} a[href*='/edit/']").first).send(**GRAVER)
                coordinator.go(f"{address}?n={candidate.passages[0]}")
            if page.locator(f"{card} a[data-fill]").count():
                coordinator.open(page.locator(f"{card} a[data-fill]")).send(lead_unit=ecology)
                coordinator.go(f"{address}?n={candidate.passages[0]}")
            page.click(f"{card} [data-confirm-candidate]")
            page.wait_for_selector(f"{card}.is-in")
        while page.locator("[data-accept-section]").count():
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.locator("[data-accept-section]").first.click()
            coordinator.go(address)
        for passage in self.document.passages.filter(disposition="").order_by("n"):
            coordinator.go(f"{address}?n={passage.n}")
            page.wait_for_selector("li.is-now")
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.keyboard.press("Enter")
        assert not self.document.passages.filter(disposition="").exists()
        self.problem = next(p for p in Problem.objects.all() if CHOSEN in p.text)
        assert Problem.objects.count() == self.document.candidates.count()

    def seal(self) -> None:
        address = reverse("intake:batch", args=[self.document.batch_id])
        assert not self.who["shenyan"].go(address).page.locator(".seal a").count(), "the maker seals"
        reviewer = self.who["linzy"].go(address)
        page = reviewer.page
        page.click(".seal a")
        page.click("[data-draw]")
        page.wait_for_selector("li.is-now[data-place]")
        while page.locator("li.is-waiting").count():
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.keyboard.press("Enter")
            page.wait_for_selector(".htmx-request", state="detached")
        page.wait_for_selector("[data-seal]:focus")
        reviewer.open(page.locator("[data-seal]")).send()
        assert Batch.objects.get(code=BATCH).state == Batch.State.SEALED

    def propose(self) -> None:
        self.clock.on(1)
        units = self.city.units
        for name in STRANGERS:
            assert self.who[name].status(self.page) == 404
            assert self.who[name].status(reverse("ledger:propose_one", args=[self.problem.pk])) == 404
        coordinator = self.who["shenyan"].go(self.page)
        coordinator.press(reverse("ledger:propose_one", args=[self.problem.pk])).send(
            handling="由平桥县水利局牵头，县工信局、石堰镇配合，市生态环境局督导。",
            lead_unit=units["PQ-SL"].pk,
            supporting_units=[units["PQ-GX"].pk, units["PQ-SY"].pk],
            sector_authority=units["YC-ST"].pk,
            territorial_unit=units["PQ-SY"].pk,
            sponsor=self.city.posts["hansz"].pk,
            external_deadline=self.clock.day + timedelta(days=60),
        )
        self.tick(Problem.objects.exclude(pk=self.problem.pk), reverse("ledger:propose"))
        coordinator.send(handling="由市生态环境局牵头办理。", lead_unit=units["YC-ST"].pk)
        assert set(Problem.objects.values_list("state", flat=True)) == {"proposed"}

    def tick(self, problems: object, act: str) -> None:
        """Tick problems in the ledger and press a button for all of them."""
        page = self.who["shenyan"].go(reverse("desk:ledger")).page
        for problem in problems:  # type: ignore[attr-defined]
            page.check(f"input[name=pick][value='{problem.pk}']")
        self.who["shenyan"].open(page.locator(f"button[formaction='{act}']:visible").first)

    def order(self) -> None:
        """One step of the route in the program, one from paper, confirmed by a second person."""
        self.tick(Problem.objects.all(), reverse("rectification:draft_order"))
        coordinator = self.who["shenyan"]
        coordinator.send(title="关于交办生态环境专项督查反馈问题的通知", requirement="按期整改，逐项销号。")
        order = AssignmentOrder.objects.get()
        page = reverse("rectification:order", args=[order.pk])
        for name in STRANGERS:
            assert self.who[name].status(page) == 404
        coordinator.go(page).press("/submit/").send()
        order.refresh_from_db()
        approval = Approval.objects.get(pk=order.approval_id)
        address = reverse("approvals:detail", args=[approval.pk])
        for name in STRANGERS:
            assert self.who[name].status(address) == 404
            assert self.who[name].status(f"{address}decide/") == 404
        assert not coordinator.go(address).is_offered("/decide/"), "who asked decides"
        self.who["linzy"].go(address).press("/decide/").send(opinion="同意，请分管领导审定。")
        self.clock.on(1)
        coordinator.go(address).press("/paper/").send(
            outcome="approve",
            decided_by_name="韩述舟",
            decided_by=self.city.people["hansz"].pk,
            decided_on=self.clock.day,
            opinion="同意下达。",
            document_no="云办签〔2026〕118号",
            upload=file_of(paper("交办单签批件.docx", "签批件", ["同意下达。", "韩述舟"])),
        )
        assert not coordinator.go(address).is_offered("/paper/confirm/"), "who recorded it confirms it"
        assert coordinator.status(f"{address}paper/confirm/") == 403
        assert AssignmentOrder.objects.get().state != AssignmentOrder.State.APPROVED
        self.who["sujin"].go(address).press("/paper/confirm/").send()
        coordinator.go(page).press("/issue/").send(document_no="云整改〔2026〕58号", issued_on=self.clock.day)
        assert set(Problem.objects.values_list("state", flat=True)) == {"assigned"}

    def acknowledge(self) -> None:
        self.clock.on(1)
        self.shut("acknowledge", "shenyan", "shilei")
        self.does("cenxi", "acknowledge", section="河湖科", handler=self.city.posts["boyn"].pk)
        ecology = self.who["wenzy"].go(reverse("desk:home"))
        ecology.open(ecology.page.locator("a[href*='acknowledge/?scope=all']").first).send(
            section="督察整改科"
        )
        assert not Problem.objects.filter(state="assigned").exists()

    def plan(self) -> None:
        self.clock.on(6)
        self.shut("submit_plan", "shenyan", "shilei")
        unit, limit = (
            self.city.units["PQ-SL"].pk,
            self.now().internal_deadline or self.now().external_deadline,
        )
        rows = [
            ("截断三家企业直排", limit, "销号申请"),
            ("清理沟道淤泥1.8公里", limit, "方量签证"),
            ("举一反三，全县21家砂石企业排查", self.clock.day + timedelta(days=20), "排查清单"),
        ]
        values: dict[str, object] = {f"assure_{name}": "已落实" for name in ASSURANCES}
        for place, (text, deadline, deliverable) in enumerate(rows):
            row = {"text": text, "unit": unit, "deadline": deadline, "deliverable": deliverable}
            values |= {f"row{place}__{name}": value for name, value in row.items()}
        self.does("boyn", "submit_plan", goal="7处直排口全部封堵，下游断面稳定达标。", **values)
        self.decide(Plan.objects.get(problem=self.problem).approval_id, asked_by="boyn")
        assert Plan.objects.get(problem=self.problem).state == Plan.State.APPROVED
        first = Measure.objects.get(plan__problem=self.problem, number="1")
        self.shut("hand_down", "shenyan")
        self.does(
            "boyn",
            "hand_down",
            measure=first.pk,
            unit=self.city.units["PQ-SY"].pk,
            text="封堵7处排口并留影像",
            deadline=first.deadline,
            deliverable="封堵记录",
        )

    def work(self) -> None:
        """Progress with facts and proofs; the files are as hidden as the problem."""
        self.clock.on(14)
        self.shut("report_progress", "shenyan")
        self.shut("add_evidence")
        handed = Measure.objects.get(plan__problem=self.problem, parent__isnull=False)
        self.does(
            "shilei", "report_progress", measure=handed.pk, on=self.clock.day, percent=60,
            facts=f"{self.clock.day}已封堵4处排口，其余3处正在施工。", next_step="月底前全部封堵。",
        )  # fmt: skip
        self.prove("shilei", photograph("整改前-3号排口.jpg", seed=2604, clean=False), "before", handed)
        self.clock.on(16)
        self.report("shilei", handed)
        self.prove("shilei", photograph("整改后-3号排口.jpg", seed=2604, clean=True), "after", handed)
        others = Measure.objects.filter(plan__problem=self.problem, state=Measure.State.OPEN, children=None)
        for measure in others:
            self.report("boyn", measure)
            name = f"{measure.deliverable}.docx"
            proof = paper(name, measure.deliverable, [measure.text, "经现场核验，工程量属实。"])
            self.prove("boyn", proof, "document", measure)
        proof_file = self.now().evidence.first().file_id
        address = reverse("files:download", args=[proof_file])
        assert self.who["shenyan"].status(address) == 200
        assert [self.who[name].status(address) for name in STRANGERS] == [404, 404]
        assert Blob.objects.exists()

    def accept(self) -> None:
        """Returned once with a reason, then accepted, and never by those who did the work."""
        self.clock.on(1)
        self.shut("apply_acceptance", "shenyan")
        self.apply("boyn", "已逐项自验，7处排口无渗漏，断面连续三次达标。")
        self.clock.on(2)
        self.shut("accept", "boyn", "shilei")
        self.does(
            "yanjun",
            "return_acceptance",
            gate_effect="failed",
            what_is_missing="缺下游断面监测报告，请补充后重新申请。",
            on_site=True,
        )
        assert self.now().state == "rectifying"
        assert "缺下游断面监测报告" in self.who["boyn"].go(self.page).page.inner_text("main")
        self.clock.on(3)
        self.prove("boyn", paper("下游断面监测报告.docx", "监测报告", ["三次监测均低于限值。"]), "document")
        self.apply("boyn", "已补充断面监测报告，自验合格。")
        self.clock.on(2)
        gates = {f"gate_{name}": "passed" for name in GATES}
        self.shut("accept", "boyn", "shilei")
        self.does("yanjun", "accept", opinion="现场核查属实，五关全部通过。", on_site=True, **gates)

    def close(self) -> None:
        notice = PublicNotice.objects.get(problem=self.problem, state=PublicNotice.State.RUNNING)
        self.clock.go_to(notice.until + timedelta(days=1))
        self.shut("end_notice", "boyn")
        self.does("shenyan", "end_notice")
        self.clock.on(1)
        self.shut("close", "boyn", "shenyan")
        self.does(
            "hansz",
            "close",
            minutes_no="市整改领导小组会议纪要〔2026〕7号",
            decided_on=self.clock.day,
            opinion="同意销号。",
            file=file_of(paper("会议纪要.docx", "会议纪要", ["会议审定同意销号。"])),
        )
        assert self.now().state == "closed"
        self.shut("file", "boyn")
        self.does("shenyan", "file", filing_no="云整改备〔2026〕21号", filed_on=self.clock.day)

    def answer(self) -> None:
        finding = Finding.objects.filter(problem_links__problem=self.problem).first()
        assert finding is not None
        address = reverse("ledger:answer_finding", args=[finding.pk])
        assert [self.who[name].status(address) for name in STRANGERS] == [404, 404]
        self.who["linzy"].go(address).send(
            answer="三家企业直排已截断，沟道清淤完成，断面达标，已销号。", document_no="云政函〔2026〕44号"
        )
        finding.refresh_from_db()
        assert "沟道清淤完成" in finding.answer

    def look_back(self) -> None:
        look = Lookback.objects.get(problem=self.problem, state=Lookback.State.SCHEDULED)
        self.clock.go_to(look.due_on)
        address = reverse("lookback:detail", args=[look.pk])
        for name in STRANGERS:
            assert self.who[name].status(address) == 404
            assert self.who[name].status(f"{address}rebound/") == 404
        self.who["linzy"].go(address).press("/assign/").send(unit=self.city.units["YC-SJ"].pk)
        assert not self.who["boyn"].go(self.page).is_offered("/rebound/")
        self.who["wengu"].go(address).press("/rebound/").send(
            opinion="2号排口封堵处被撬开，夜间偷排，判定反弹。", on=self.clock.day, covert=True
        )
        found = self.now()
        assert (found.state, found.round) == ("rectifying", 2)
        assert "反弹" in self.who["boyn"].go(self.page).page.inner_text("main")
