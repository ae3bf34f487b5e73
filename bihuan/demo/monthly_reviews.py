"""The city's monthly reviews: the last one is concluded, this one is out and half answered; and what was asked of others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bihuan.demo.clock import Clock
from bihuan.demo.courses import Course
from bihuan.demo.founding import City
from bihuan.demo.pictures import paper
from bihuan.papers import actions as papers
from bihuan.rectification import actions as do
from bihuan.rectification.models import Measure, Plan
from bihuan.reviews import actions as reviews
from bihuan.reviews import requests
from bihuan.reviews.answering import answer_sheet
from bihuan.reviews.calling import ReviewCall
from bihuan.reviews.circular import draft_circular
from bihuan.reviews.comparing import Entry
from bihuan.reviews.lines import Line, lines_of
from bihuan.reviews.models import CoordinationRequest, MonthlyReview, ReviewSheet
from bihuan.reviews.rules import Cell

LAST_BEFORE: Final = 33
THIS_BEFORE: Final = 5
WRITES: Final = {
    "YC-ST": "wenzy", "YC-CZ": "jiangwan", "YC-ZJ": "fangming", "YC-YJ": "chensu", "YC-SL": "xianan",
}  # fmt: skip
TOWN: Final = "PQ-SY"
TO_COUNTY: Final = ("完成平桥县境内点位的整改", "平桥县点位整改记录")
TO_TOWN: Final = ("完成石堰镇境内点位的整改", "石堰镇点位整改记录")
EVERY: Final = 3
"""Of so many lines one stays as it was."""
STEP: Final = 9
MOST: Final = 95
TITLE: Final = "在办问题月调度"
DONE: Final = (
    "累计完成{percent}%：组织现场核查，对“{title}”逐项对账，已完成其中的主要工程量，剩余部分排到每周。",
    "累计完成{percent}%：“{title}”所需资金已经下达，施工队伍进场，完成了前两道工序并做了影像记录。",
    "累计完成{percent}%：约谈了有关责任主体，“{title}”的整改清单签字确认，已有两项销账。",
    "累计完成{percent}%：会同属地开展了一次联合检查，“{title}”涉及的点位全部建档，正在逐个整治。",
)
NEXT: Final = ("完成剩余部分并组织自验。", "跟进采购进度，月底前到货安装。", "对照目标补齐佐证材料。")
OBSTACLE: Final = "占道施工许可需住建部门批准，目前排队等候。"
ASKED: Final = "管网改造需占用道路施工，许可申请已报一个月，请协调加快办理，以免错过枯水期。"
ANSWERED: Final = "已安排专人对接，许可本周内办结；涉及夜间施工的同步备案。"
DEMAND: Final = (
    "亮橙灯以上的，牵头单位要在五个工作日内书面说明原因和赶工安排；连续没有变化的，整改办将逐件上门核实。"
)
ASKED_NOW: Final = "整改所需的第二笔补助资金尚未下达，请协调明确拨付时间。"


class MonthlyReviews:
    """The reviews as courses on the city's clock, about whatever is under way when they begin."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.city, self.clock = city, clock

    def courses(self, until: date) -> Iterator[tuple[date, Course]]:
        """Each with the day it begins."""
        yield until - timedelta(days=LAST_BEFORE), self.concluded()
        yield until - timedelta(days=THIS_BEFORE), self.under_way()

    def concluded(self) -> Course:
        """Answered by most, one unit asks another, the office concludes when the day is over."""
        review = self.called(repeats=False)
        yield 2
        self.answer(review, [unit for unit in WRITES if unit != "YC-YJ"])
        request = self.ask(review, "YC-SL", "YC-ZJ", ASKED)
        yield 4
        if request is not None:
            with self.clock.now():
                requests.answer_request(request, answer=ANSWERED, actor=self.city.actor("fangming"))
        yield 1
        if request is not None:
            with self.clock.now():
                requests.settle_request(self.fresh(request), actor=self.city.actor("xianan"))
        yield max(1, (review.due_on - self.clock.day).days + 1)
        with self.clock.now():
            reviews.conclude_review(MonthlyReview.objects.get(pk=review.pk), actor=self.city.actor("shenyan"))
        yield 1
        yield from self.circulated(review)

    def circulated(self, review: MonthlyReview) -> Course:
        """What came of it goes to every unit; number and signed copy come back from the document office."""
        clerk = self.city.actor("shenyan")
        with self.clock.now():
            circular = draft_circular(MonthlyReview.objects.get(pk=review.pk), demand=DEMAND, actor=clerk)
        yield 2
        with self.clock.now():
            papers.enter_document_no(
                circular, document_no=f"云整改〔{self.clock.day.year}〕64号", issued_on=self.clock.day,
                signed_copy=paper("月调度通报签发件.docx", "签发件", ["同意印发。", "韩述舟"]), actor=clerk,
            )  # fmt: skip

    def under_way(self) -> Course:
        """Out, answered by two, with something asked that waits for its answer.

        The water bureau handed two tasks to the county's, which handed one on: the town has reported, the county has not.
        """
        self.hand_down()
        review = self.called(repeats=True)
        yield 1
        self.answer(review, [TOWN])
        yield 1
        self.answer(review, ["YC-ST", "YC-SL"])
        self.ask(review, "YC-SL", "YC-CZ", ASKED_NOW)

    def hand_down(self) -> None:
        """Two open measures of the water bureau go to the county's, and of one a part goes on to the town."""
        open_ones = Measure.objects.filter(
            state=Measure.State.OPEN, children=None, plan__state=Plan.State.APPROVED, deadline__gte=self.clock.day,
            unit=self.city.units["YC-SL"], plan__problem__lead_unit=self.city.units["YC-SL"], plan__problem__state="rectifying",
        ).order_by("-plan__problem__problem_no", "-number")  # fmt: skip
        for at, measure in enumerate(open_ones[:2]):
            given = self.give(measure, "PQ-SL", TO_COUNTY, by="xianan")
            if at == 0:
                self.give(given, TOWN, TO_TOWN, by="boyn")

    def give(self, measure: Measure, unit: str, what: tuple[str, str], *, by: str) -> Measure:
        """One task handed down a level."""
        with self.clock.now():
            return do.hand_down(
                measure, unit=self.city.units[unit], text=what[0], deadline=measure.deadline, deliverable=what[1],
                actor=self.city.actor(by),
            )  # fmt: skip

    def called(self, *, repeats: bool) -> MonthlyReview:
        """Prepared by one of the office, sent out by the other."""
        call = ReviewCall(title=TITLE, requirement="如实报进展和困难，没有变化的不必改。", repeats=repeats)
        with self.clock.now():
            review = reviews.prepare_review(
                jurisdiction=self.city.yunchuan, call=call, actor=self.city.actor("shenyan")
            )
            reviews.issue_review(review, actor=self.city.actor("linzy"))
        return review

    def answer(self, review: MonthlyReview, units: list[str]) -> None:
        """Each unit reports on what moved; every third line stays as it was."""
        for unit in units:
            sheet = self.sheet(review, unit)
            if sheet is None:
                continue
            actor = self.city.actor(WRITES.get(unit, "shilei"))
            with self.clock.now():
                lines = lines_of(sheet, actor)
                entries = [
                    _moved(at, line) for at, line in enumerate(lines) if (at + 1) % EVERY and Cell.FACTS in line.open_cells
                ]  # fmt: skip
                answer_sheet(sheet, entries=entries, actor=actor)

    def ask(self, review: MonthlyReview, unit: str, other: str, matter: str) -> CoordinationRequest | None:
        """Something only another unit can remove, about the first problem on the sheet."""
        sheet = self.sheet(review, unit)
        led = (
            sheet.rows.filter(depth=0).order_by("problem__external_deadline", "problem_id") if sheet else None
        )
        row = led.first() if led is not None else None
        if row is None:
            return None
        with self.clock.now():
            return requests.ask_coordination(
                row.problem, matter=matter, asked_unit=self.city.units[other], sheet=sheet,
                actor=self.city.actor(WRITES[unit]),
            )  # fmt: skip

    def sheet(self, review: MonthlyReview, unit: str) -> ReviewSheet | None:
        """A unit's sheet as it stands, if it has anything under way."""
        rows = ReviewSheet.objects.select_related("review__jurisdiction", "unit")
        return rows.filter(review=review, unit=self.city.units[unit]).first()  # type: ignore[no-any-return]

    def fresh(self, request: CoordinationRequest) -> CoordinationRequest:
        """As it stands now."""
        return CoordinationRequest.objects.get(pk=request.pk)  # type: ignore[no-any-return]


def _moved(at: int, line: Line) -> Entry:
    """One line with some progress on it."""
    before = int(line.now[Cell.PERCENT])
    percent = max(before, min(MOST, before + STEP + at % EVERY))
    cells = {
        Cell.PERCENT: str(percent),
        # The percentage stands in the words too: what was said last month is not said again.
        Cell.FACTS: DONE[at % len(DONE)].format(title=line.what, percent=percent),
    }
    if line.leads:
        cells[Cell.NEXT_STEP] = NEXT[at % len(NEXT)]
        if Cell.WORD in line.open_cells:
            cells[Cell.WORD] = "at_risk" if at % len(DONE) == 1 else "on_time"
        if at % len(DONE) == 1:
            cells[Cell.OBSTACLE] = OBSTACLE
    return Entry(key=line.key, cells={cell.value: text for cell, text in cells.items()})
