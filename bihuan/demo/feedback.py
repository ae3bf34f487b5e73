"""The city's other papers: each comes in on its day and is dealt with as far as it has come by today.

An audit report that was closed at the audit office, a running ledger taken over, an inspection letter under review with
a clue in it, and a list that arrived the day before yesterday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bihuan.demo.cases import Case
from bihuan.demo.clock import Clock
from bihuan.demo.courses import Course, Telling
from bihuan.demo.founding import City
from bihuan.demo.sealing import account_for_rest, seal
from bihuan.intake import actions as intake
from bihuan.intake.confirming import missing_of
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.journal.action import Actor
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Batch, Clue, Finding, Problem, Source

SOURCES: Final = Path(__file__).resolve().parent / "sources"


@dataclass(frozen=True)
class Paper:
    """A document and the batch it opens. `before`: how many days before today it arrives."""

    file: str
    before: int
    code: str
    title: str
    source: str
    authority: str
    document_no: str = ""
    from_unit: str = ""
    days: int = 180


AUDIT: Final = Paper(
    "02-市级预算执行审计报告.pdf", 400, "SJ-2025-01", "市级预算执行审计", "audit", "市审计局", "云审财报〔2025〕11号", "YC-SJ",
)  # fmt: skip
RUNNING: Final = Paper(
    "05-在办台账.xlsx", 520, "CJ-2025-01", "承接的在办台账", "superior_assignment", "省整改办", days=500
)
LETTER: Final = Paper(
    "04-市委巡察反馈意见.docx", 9, "XC-2026-02", "卫生系统巡察反馈", "city_party_inspection", "市委巡察办",
    "云巡〔2026〕17号", "YC-XC",
)  # fmt: skip
LIST: Final = Paper(
    "03-安全隐患与诉求清单.xlsx", 2, "ZC-2026-04", "岁末安全隐患排查", "self_inspection", "市安委办", days=60
)

# Who led what the audit found, and who worked on it there: by a word of the finding.
AUDITED: Final = (
    ("专项债券", Case("", "", "audit", "finance", "YC-CZ", "jiangwan", "plain", "violation", "citywide", days=75)),
    ("惠企资金", Case("", "", "audit", "finance", "YC-CZ", "jiangwan", "extended", "delay", "citywide", days=60)),
    ("国有资产", Case("", "", "audit", "finance", "YC-CZ", "jiangwan", "plain", "violation", "single", days=60)),
    ("租金", Case("", "", "audit", "people.livelihood.housing", "YC-ZJ", "fangming", "plain", "management", "citywide", days=90)),
)  # fmt: skip


class Feedback:
    """The papers as courses: acts on the city's clock, with days between them."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.city, self.clock = city, clock

    def courses(self, until: date) -> Iterator[tuple[date, Course]]:
        """Every paper with the day it arrives."""
        for paper, course in (
            (RUNNING, self.running()), (AUDIT, self.audited()), (LETTER, self.reviewed()), (LIST, self.arrived()),
        ):  # fmt: skip
            yield until - timedelta(days=paper.before), course
        for number, (word, case) in enumerate(AUDITED, start=201):
            yield until - timedelta(days=AUDIT.before - (number - 197)), self.followed(number, word, case)

    def running(self) -> Course:
        """A ledger kept in Excel so far is taken over, row by row in its own state."""
        batch = self.open(RUNNING)
        path = SOURCES / RUNNING.file
        with self.clock.now():
            actor = self.city.actor("shenyan")
            import_runs.take(import_runs.begin(path.name, path.read_bytes(), batch, actor=actor), actor=actor)
        yield 0

    def audited(self) -> Course:
        """An audit report, confirmed by one person and sealed by another."""
        document = self.receive(AUDIT)
        yield 1
        self.confirm(document)
        with self.clock.now():
            seal(document.batch, self.city.actor("linzy"))

    def followed(self, number: int, word: str, case: Case) -> Course:
        """One problem of the audit, from its proposal to the answer the audit office gets."""
        problem = Problem.objects.get(batch__code=AUDIT.code, text__contains=word)
        told = replace(case, title=problem.title, text=problem.text)
        telling = Telling(self.city, self.clock, told, number)
        telling.problem = problem
        yield from telling.go_on()
        self.answer(problem)

    def confirm(self, document: IntakeDocument) -> None:
        """What was read is completed by the coordinator and enters the ledger; the rest is accounted for."""
        with self.clock.now():
            actor = self.city.actor("shenyan")
            for candidate in document.candidates.all():
                self.complete(document, candidate, actor)
            numbers = list(document.candidates.values_list("k", flat=True))
            intake.confirm_candidates(document, candidates=numbers, actor=actor)
            account_for_rest(document, actor)

    def complete(self, document: IntakeDocument, candidate: Candidate, actor: Actor) -> None:
        """The unit that leads, where the words do not name it."""
        lead = next((case.lead for word, case in AUDITED if word in candidate.text), "YC-WJ")
        if missing_of(candidate):
            facts = {"lead_unit": str(self.city.units[lead].pk)}
            intake.edit_candidate(document, candidate=candidate.k, facts=facts, actor=actor)

    def answer(self, problem: Problem) -> None:
        """The audit office says what it makes of it, and gets its answer."""
        finding = Finding.objects.filter(problem_links__problem=problem, state="open").first()
        if finding is None:
            return
        with self.clock.now():
            ledger.record_determination(
                finding, determination="已整改", determined_on=self.clock.day, document_no="云审整改〔2026〕3号",
                actor=self.city.actor("shenyan"),
            )  # fmt: skip
            ledger.answer_finding(
                finding, answer="已按审计意见整改完毕，相关制度已修订。", document_no="云政函〔2026〕12号",
                actor=self.city.actor("linzy"),
            )  # fmt: skip

    def reviewed(self) -> Course:
        """A letter half reviewed: two problems confirmed, a clue sealed and handed over, the rest still open."""
        document = self.receive(LETTER)
        yield 2
        with self.clock.now():
            actor = self.city.actor("shenyan")
            chosen = list(document.candidates.order_by("k")[:2])
            for candidate in chosen:
                self.complete(document, candidate, actor)
            intake.confirm_candidates(document, candidates=[candidate.k for candidate in chosen], actor=actor)
        yield 3
        clue = Clue.objects.filter(state="held").first()
        if clue is not None:
            with self.clock.now():
                ledger.hand_over_clue(clue, receipt_no="云纪收〔2026〕31号", actor=self.city.actor("sujin"))

    def arrived(self) -> Course:
        """A list that came in the day before yesterday; nobody has decided anything yet."""
        self.receive(LIST)
        yield 0

    def open(self, paper: Paper) -> Batch:
        """The batch of a paper."""
        with self.clock.now():
            return ledger.create_batch(
                jurisdiction=self.city.yunchuan, code=paper.code, title=paper.title,
                source=Source.objects.get(code=paper.source), source_authority=paper.authority,
                source_unit=self.city.units.get(paper.from_unit), received_on=self.clock.day,
                document_no=paper.document_no, deadline=self.clock.day + timedelta(days=paper.days),
                actor=self.city.actor("shenyan"),
            )  # fmt: skip

    def receive(self, paper: Paper) -> IntakeDocument:
        """The file goes in and is cut into passages."""
        batch = self.open(paper)
        with self.clock.now():
            [document] = intake.receive_documents(
                [SOURCES / paper.file], batch, actor=self.city.actor("shenyan")
            )
        return document
