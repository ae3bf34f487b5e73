"""How the city looks for its own problems: every quarter in safety at work, called by the calendar, and once in all of it.

The first quarter's drive has been concluded, the second is under way; so is a call to every department and county.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from bihuan.demo.clock import Clock
from bihuan.demo.courses import Course
from bihuan.demo.founding import City
from bihuan.demo.sealing import account_for_rest, seal
from bihuan.drives import actions as drives
from bihuan.drives import planning
from bihuan.drives.calling import Call
from bihuan.drives.coverage import coverage_of
from bihuan.drives.models import Drive, DriveLine, DrivePlan
from bihuan.intake import actions as intake
from bihuan.intake.confirming import missing_names
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.organizations.models import Unit

Rows = Sequence[Mapping[str, str]]
PLAN_BEFORE: Final = 101
WIDE_BEFORE: Final = 12
NIL: Final = "经逐项自查，本单位在本次自查的领域和期间内没有发现问题。如有隐瞒，愿承担责任。"
CALLED: Final = ("YC-ST", "YC-CZ", "YC-ZJ", "YC-YJ", "YC-SL", "PQ-SL", "PQ-SY", "QL-NY")
ASPECTS: Final = {
    "sector": "risk.safety", "nature": "management", "impact": "single", "urgency": "urgent", "rectification_kind": "by_date",
}  # fmt: skip

# Who reports what: unit, who writes, the rows. What is fixed at once says so.
FIRST_ANSWERS: Final[tuple[tuple[str, str, Rows], ...]] = (
    ("YC-SL", "xianan", (
        {"title": "城北水库溢洪道闸门启闭机未按期保养", "sector": "risk.safety", "site": "城北水库",
         "text": "城北水库溢洪道2号闸门启闭机两年未保养，汛前试机时不能全开。", "measures": "更换钢丝绳和制动片，重新试机。"},
        {"title": "南干渠泵房配电柜无漏电保护", "sector": "risk.safety", "site": "南干渠三号泵房", "fixed": "yes",
         "text": "南干渠三号泵房配电柜未装漏电保护器，自查当日已加装并试验合格。"},
    )),
    ("YC-YJ", "chensu", (
        {"title": "两家加油站应急预案未按时备案", "sector": "risk.safety", "site": "望岭区",
         "text": "望岭区两家加油站修订后的应急预案超过二十日未备案，监管台账没有记载。"},
    )),
    ("YC-ZJ", "fangming", (
        {"title": "老旧小区电梯维保记录缺失", "sector": "risk.safety", "site": "云锦社区", "fixed": "yes",
         "text": "云锦社区四部电梯近两个月维保记录缺失，经督促物业已补做维保并张贴公示。"},
    )),
    ("PQ-SL", "boyn", (
        {"title": "漱玉河平桥段堤防巡查中断", "sector": "risk.safety", "site": "漱玉河平桥段",
         "text": "漱玉河平桥段左岸堤防九月以来有三周没有巡查记录，两处塌坑未设警示。"},
    )),
)  # fmt: skip
# Who declares none: unit, who writes, who signs.
FIRST_NIL: Final = (
    ("YC-CZ", "jiangwan", "luyuan"),
    ("PQ-SY", "shilei", "zhunq"),
    ("YC-ST", "wenzy", "duheng"),
)
WIDE_SECTORS: Final = ("risk.safety", "risk.fire", "risk.ecology", "people.livelihood", "growth.business")
WIDE_ANSWERS: Final[tuple[tuple[str, str, Rows], ...]] = (
    ("YC-ZJ", "fangming", (
        {"title": "三个在建工地临时用电不规范", "sector": "risk.safety", "site": "高新区",
         "text": "高新区三个在建工地配电箱未上锁、电缆拖地，安全员履职不到位。"},
        {"title": "保障房小区消防通道被占", "sector": "risk.fire", "site": "锦屏街道",
         "text": "锦屏街道保障房小区东侧消防通道长期被机动车占用，物业劝导无效。"},
    )),
    ("YC-YJ", "chensu", (
        {"title": "危化品运输车辆停放点不足", "sector": "risk.safety",
         "text": "全市危化品运输车辆专用停放点只有一处，夜间仍有车辆停放在居民区附近。"},
    )),
)  # fmt: skip


class SelfInspection:
    """The drives as courses on the city's clock."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.city, self.clock = city, clock

    def courses(self, until: date) -> Iterator[tuple[date, Course]]:
        """Each with the day it begins."""
        yield until - timedelta(days=PLAN_BEFORE), self.every_quarter()
        yield until - timedelta(days=WIDE_BEFORE), self.everywhere()

    def every_quarter(self) -> Course:
        """A plan under a central instruction: the first call runs to its end, the second is out."""
        with self.clock.now():
            plan = planning.prepare_plan(
                jurisdiction=self.city.yunchuan, actor=self.city.actor("shenyan"),
                schedule=planning.Schedule(
                    title="安全生产常态自查", code="CT-AQ", every="quarter", starts_on=self.clock.day + timedelta(days=2),
                    days_to_answer=14, units=[self.city.units[code] for code in CALLED], sectors=["risk.safety"],
                    requirement="对照安全生产责任清单，逐项查隐患、查责任、查整改，立查立改并如实报告。",
                    basis_kind="central_instruction", basis="关于安全生产的重要指示精神", basis_no="云办发〔2026〕9号",
                ),
            )  # fmt: skip
            planning.start_plan(plan, actor=self.city.actor("linzy"))
        yield 2
        drive = self.called(plan)
        yield 1
        self.acknowledge(drive, [unit for unit, *_ in (*FIRST_ANSWERS, *FIRST_NIL)])
        for unit, who, rows in FIRST_ANSWERS:
            yield 1
            self.answer(drive, unit, who, rows)
        for unit, who, head in FIRST_NIL:
            yield 1
            self.declare_none(drive, unit, who, head)
        with self.clock.now():
            drives.excuse_line(
                self.line(drive, "QL-NY"), reason="机构改革期间，由县应急管理局一并自查。", actor=self.city.actor("shenyan")
            )  # fmt: skip
        yield 2
        yield from self.bring_to_an_end(drive)
        following = DrivePlan.objects.get(pk=plan.pk).next_on
        yield max(1, (following - self.clock.day).days) if following else 1
        drive = self.called(plan)
        yield 2
        self.acknowledge(drive, ["YC-SL", "PQ-SL", "YC-CZ"])
        with self.clock.now():
            drives.prepare_nil_return(
                self.line(drive, "YC-CZ"), statement=NIL, actor=self.city.actor("jiangwan")
            )

    def everywhere(self) -> Course:
        """Every department and county of the city, before the year ends."""
        units = Unit.objects.filter(path__under=self.city.yunchuan.path, kind__in=("department", "territory"))
        with self.clock.now():
            drive = drives.prepare_drive(
                jurisdiction=self.city.yunchuan, actor=self.city.actor("shenyan"),
                call=Call(
                    title="岁末年初安全稳定大排查大起底", code=f"ZC-{self.clock.day.year}-09",
                    units=list(units.filter(level__lte=4).order_by("path")), sectors=WIDE_SECTORS,
                    requirement="不留死角、不留盲区，重点查人员密集场所、在建工地、危险化学品和群众反复投诉的事项。",
                    since=self.clock.day - timedelta(days=180), due_on=self.clock.day + timedelta(days=18),
                    basis_kind="major_decision", basis="全市安全稳定工作会议部署", basis_no="云发〔2026〕21号",
                ),
            )  # fmt: skip
        yield 1
        with self.clock.now():
            drives.issue_drive(drive, actor=self.city.actor("linzy"))
        drive = Drive.objects.get(pk=drive.pk)
        yield 2
        self.acknowledge(drive, ["YC-ZJ", "YC-YJ", "YC-CZ", "YC-SL", "YC-ST"])
        for unit, who, rows in WIDE_ANSWERS:
            yield 1
            self.answer(drive, unit, who, rows)
        yield 1
        self.declare_none(drive, "YC-CZ", "jiangwan", "luyuan")
        with self.clock.now():
            drives.prepare_nil_return(
                self.line(drive, "YC-SL"), statement=NIL, actor=self.city.actor("xianan")
            )
            drives.explain_blank(
                self.line(drive, "YC-ZJ"), sector="growth.business", reason="本季度没有收到企业诉求，走访12家企业未发现问题。",
                actor=self.city.actor("fangming"),
            )  # fmt: skip

    # ---- steps -----------------------------------------------------------------------------------------

    def called(self, plan: DrivePlan) -> Drive:
        """What the hourly job does on the day of a call."""
        with self.clock.now():
            planning.call_due(self.clock.day)
        return Drive.objects.filter(plan=plan).latest("period_on")  # type: ignore[no-any-return]

    def line(self, drive: Drive, unit: str) -> DriveLine:
        """A unit's line as it stands."""
        rows = DriveLine.objects.select_related("drive__batch__jurisdiction", "unit")
        return rows.get(drive=drive, unit=self.city.units[unit])  # type: ignore[no-any-return]

    def acknowledge(self, drive: Drive, units: Sequence[str]) -> None:
        """Received, by whoever of the unit writes its answers."""
        who = {"YC-ST": "wenzy", "YC-CZ": "jiangwan", "YC-ZJ": "fangming", "YC-YJ": "chensu", "YC-SL": "xianan",
               "PQ-SL": "cenxi", "PQ-SY": "shilei"}  # fmt: skip
        for unit in units:
            with self.clock.now():
                drives.acknowledge_call(self.line(drive, unit), actor=self.city.actor(who[unit]))

    def answer(self, drive: Drive, unit: str, who: str, rows: Rows) -> None:
        """Problems reported."""
        with self.clock.now():
            drives.answer_with_rows(self.line(drive, unit), rows=rows, actor=self.city.actor(who))

    def declare_none(self, drive: Drive, unit: str, who: str, head: str) -> None:
        """Written by one, signed by the head."""
        with self.clock.now():
            drives.prepare_nil_return(self.line(drive, unit), statement=NIL, actor=self.city.actor(who))
        with self.clock.now():
            drives.sign_nil_return(self.line(drive, unit), actor=self.city.actor(head))

    def bring_to_an_end(self, drive: Drive) -> Course:
        """What was reported enters the ledger, blanks are explained, the drive is concluded and its batch sealed."""
        office = self.city.actor("shenyan")
        for document in IntakeDocument.objects.filter(batch=drive.batch).order_by("received_at"):
            with self.clock.now():
                chosen = list(Candidate.objects.filter(document=document, state="proposed").order_by("k"))
                for candidate in chosen:
                    facts = {name: ASPECTS[name] for name in missing_names(candidate)}
                    if facts:
                        intake.edit_candidate(document, candidate=candidate.k, facts=facts, actor=office)
                if chosen:
                    intake.confirm_candidates(
                        document, candidates=[candidate.k for candidate in chosen], actor=office
                    )
                account_for_rest(document, office)
        yield 1
        with self.clock.now():
            lines = list(DriveLine.objects.filter(drive=drive).select_related("unit", "drive__batch"))
            for covered in coverage_of(drive, lines, office):
                for sector, source in covered.blank:
                    drives.explain_blank(
                        covered.line, sector=sector, source=source, reason="所报问题经审核并入在办问题。", actor=office
                    )  # fmt: skip
            drives.conclude_drive(Drive.objects.get(pk=drive.pk), actor=office)
            seal(drive.batch, self.city.actor("linzy"))
