"""The ladder climbed: two cases nobody moved, pressed rung by rung until one moves and comes down and one does not.

The rungs are those the program proposes on its own days; the office only takes them up, and others decide. A third case
is at the beginning: its unit has been told what it is said to have done, and has not answered yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bihuan.deadlines.ladder.conducting import determine_conduct, open_conduct, reply_to_conduct
from bihuan.deadlines.ladder.taking import ask_delisting, take_up_rung
from bihuan.deadlines.models import Conduct, LadderStep
from bihuan.demo.cases import Case
from bihuan.demo.courses import Course, Telling
from bihuan.demo.pictures import paper
from bihuan.papers import actions as papers
from bihuan.papers.following import draft_once
from bihuan.papers.models import Paper
from bihuan.papers.verbs import Verb as PaperVerb

if TYPE_CHECKING:
    import uuid

    from bihuan.demo.clock import Clock
    from bihuan.demo.founding import City
    from bihuan.ledger.models import Problem

BEFORE: Final = 160
"""So many days before the last one the two begin: the uppermost rung is then proposed in the last weeks."""
BEGUN_BEFORE: Final = 58
LATE_FROM: Final = 30
"""After so many days the first rung may have been proposed."""
ASKED_AGAIN: Final = 2
ACCUSED_BEFORE: Final = timedelta(days=3)
TO_REPORT: Final = timedelta(days=14)
MOVES: Final = Case(
    "病死畜禽无害化处理点停运", "青岚县3处病死畜禽无害化收集点停运七个月，收集车闲置，养殖户自行掩埋。", "media_exposure",
    "risk.ecology", "QL-NY", "tianye", "late", "duty", "local", "urgent", "by_date", 30,
)  # fmt: skip
STAYS: Final = Case(
    "小型水库除险加固未动工", "平桥县2座小型水库大坝渗漏，除险加固资金到位后一直没有动工，汛期限水运行。", "government_inspection",
    "risk.ecology.water", "PQ-SL", "boyn", "late", "delay", "local", "urgent", "by_date", 30,
)  # fmt: skip
BEGINS: Final = Case(
    "农田灌溉机井电费违规加价", "石堰镇2个村的机井灌溉电费每度加价0.18元，台账显示已退还，农户反映没有收到。", "citizen_report",
    "growth.region.rural", "PQ-SY", "shilei", "late", "violation", "local", "urgent", "by_date", 22,
)  # fmt: skip
BASIS: Final = "《云川市问题整改工作办法（试行）》第十九条"
WHY: Final = {
    "supervision_letter": "逾期后仍没有实质进展，请在五个工作日内说明原因，报送逐项完成的日期。",
    "circular": "督办函发出后现场没有变化，经认定整改行为属实，在全市通报。",
    "admonitory_talk": "通报以后没有实质进展，由分管副市长约谈主要负责人。",
    "public_listing": "约谈时承诺的日期已过，现场没有变化，挂牌督办。",
    "accountability": "挂牌督办期间仍未动工，建议按干部管理权限启动问责调查。",
}
FACTS: Final = {
    MOVES.title: (
        "perfunctory",
        "进展报告连续两次称“已恢复运行”，现场核查三处收集点均断电，收集车轮胎已老化开裂。",
    ),
    STAYS.title: (
        "refused",
        "督办函要求五个工作日内书面说明，至今未复；资金到位已满五个月，2座水库都没有动工。",
    ),
    BEGINS.title: ("sham", "退款台账上的签名经核对有六户不是本人所签，电话回访的九户均称没有收到退款。"),
}
REPLY: Final = (
    "两处收集点因变压器检修断电，报告时已通知恢复；未到现场复核即上报，我局负主要责任，已责令限期恢复。"
)
OPINIONS: Final = (
    "检修属实，但两次报告前都没有到现场，申辩不改变对事实的认定。",
    "期满没有申辩，事实清楚，依据充分。",
)
RECORD: Final = "talk_record"
TALKED: Final = {
    "约谈地点": "市政府第三会议室",
    "约谈人": "副市长 韩述舟",
    "约谈对象": "牵头单位主要负责人",
}
SAID: Final = "逐项核对了逾期原因，指出资金、场地均已具备，没有进展属于责任不落实。"
PROMISED: Final = "月底前逐项落实，每周五向市整改办书面报告，逾期自请处理。"
DELISTED: Final = "三处收集点已恢复运行并连续收集三周，收集台账与养殖场户记录核对一致，现场核查属实。"


class Pressing:
    """The cases and what the office does about them, as courses on the city's clock."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.city, self.clock = city, clock

    def courses(self, until: date) -> Iterator[tuple[date, Course]]:
        """The cases, and the pressing of each; a course of one's own looks every few days whether a rung is proposed."""
        moves, stays, begins = (
            Telling(self.city, self.clock, case, number)
            for number, case in enumerate((MOVES, STAYS, BEGINS), start=301)
        )
        first, later = until - timedelta(days=BEFORE), until - timedelta(days=BEGUN_BEFORE)
        for telling, day in ((moves, first), (stays, first), (begins, later)):
            yield day, telling.run()
        yield first + timedelta(days=LATE_FROM), self.climbed(moves, stays)
        yield later + timedelta(days=LATE_FROM), self.begun(begins, until - ACCUSED_BEFORE)

    def climbed(self, moves: Telling, stays: Telling) -> Course:
        """Letter, conduct, circular, talk and public listing of both; then one comes down, and one goes further up."""
        both = (moves, stays)
        yield from self.taken(both, "supervision_letter")
        yield from self.determined(moves, stays)
        for rung in ("circular", "admonitory_talk", "public_listing"):
            yield from self.taken(both, rung)
            if rung == "admonitory_talk":
                self.talk(both)
        yield 12
        moves.report(85, "三处收集点恢复供电，收集车完成检修，连续三周正常收集。")
        yield 3
        self.delist(moves)
        yield from self.proposed((stays,), "accountability")
        self.ask((stays,), "accountability")

    def begun(self, telling: Telling, accused_on: date) -> Course:
        """A letter nobody answered, and the facts told to the unit a few days ago: it may still reply."""
        yield from self.taken((telling,), "supervision_letter")
        yield max(0, (accused_on - self.clock.day).days)
        self.accuse(telling)

    def proposed(self, tellings: tuple[Telling, ...], rung: str) -> Course:
        """Wait until the program has proposed it for all of them."""
        while len(self.steps(tellings, rung)) < len(tellings):
            yield ASKED_AGAIN

    def steps(self, tellings: tuple[Telling, ...], rung: str) -> list[LadderStep]:
        """What is proposed of a rung for these cases."""
        rows = LadderStep.objects.filter(
            problem__title__in=[one.case.title for one in tellings],
            rung=rung,
            state=LadderStep.State.PROPOSED,
        )
        return list(rows.order_by("problem__problem_no"))

    def taken(self, tellings: tuple[Telling, ...], rung: str) -> Course:
        """Taken up in one request, granted, and its letters sent."""
        yield from self.proposed(tellings, rung)
        request, approval = self.ask(tellings, rung)
        yield 1
        tellings[0].decide(approval)
        with self.clock.now():
            # The job would do so a moment later; it knows by its key that it is done.
            draft_once(PaperVerb.DRAFT_DECIDED, request)
        self.issue([one.now() for one in tellings])

    def ask(self, tellings: tuple[Telling, ...], rung: str) -> tuple[uuid.UUID, uuid.UUID | None]:
        """The office asks for the rung; who asked and what decides it."""
        with self.clock.now():
            request = take_up_rung(
                self.steps(tellings, rung), reason=WHY[rung], actor=self.city.actor("shenyan")
            )
        request.refresh_from_db()
        return request.pk, request.approval_id

    def issue(self, problems: list[Problem]) -> None:
        """The document office gave every draft its number; the signed copies come back."""
        drafts = Paper.objects.filter(subjects__problem__in=problems, state=Paper.State.DRAFT)
        for draft in drafts.order_by("drafted_on", "id").distinct():
            self.enter(draft)

    def enter(self, draft: Paper) -> None:
        """What the program left blank is filled in; then number, day and signed copy come back."""
        given = {name: words for name, words in self.places().items() if name in draft.sort.asks}
        if given and draft.kind != RECORD:
            with self.clock.now():
                papers.redraft_paper(draft, given=given, actor=self.city.actor("shenyan"))
        number = Paper.objects.exclude(document_no="").count() + 1
        with self.clock.now():
            papers.enter_document_no(
                draft, document_no=f"云整改督〔{self.clock.day.year}〕{number}号", issued_on=self.clock.day,
                signed_copy=paper("签发件.docx", "签发件", [draft.title, "同意印发。"]), actor=self.city.actor("shenyan"),
            )  # fmt: skip

    def accuse(self, telling: Telling) -> Conduct:
        """Facts and basis, told to the unit."""
        kind, facts = FACTS[telling.case.title]
        with self.clock.now():
            return open_conduct(
                telling.now(), kind=kind, facts=facts, basis=BASIS, actor=self.city.actor("shenyan")
            )

    def determined(self, moves: Telling, stays: Telling) -> Course:
        """One unit answers, the other lets its days pass; both are determined by somebody else."""
        found = [self.accuse(one) for one in (moves, stays)]
        yield 2
        with self.clock.now():
            reply_to_conduct(found[0], reply=REPLY, actor=self.city.actor(moves.case.by))
        yield (found[1].reply_until - self.clock.day).days + 1
        for conduct, opinion in zip(found, OPINIONS, strict=True):
            with self.clock.now():
                determine_conduct(
                    conduct, finding=conduct.kind, opinion=opinion, actor=self.city.actor("shenyan")
                )
            conduct.refresh_from_db()
            moves.decide(conduct.approval_id)

    def places(self) -> dict[str, str]:
        """What the office fills in on the letters of a rung: till when to report, where and when the talk is."""
        day, until = self.clock.day, self.clock.day + TO_REPORT
        last = f"{until.year}年{until.month}月{until.day}日"
        at = f"{day.year}年{day.month}月{day.day}日15时"
        return TALKED | {"约谈时间": at, "反馈期限": last, "督办期限": last}

    def talk(self, tellings: tuple[Telling, ...]) -> None:
        """The talk is held on the day of its notice and written down: one record for each unit."""
        given = {name: words for name, words in self.places().items() if name.startswith("约谈")}
        for telling in tellings:
            with self.clock.now():
                record = papers.draft_paper(
                    [telling.now()], kind=RECORD, actor=self.city.actor("shenyan"),
                    given=given | {"记录人": "林知远", "约谈内容": SAID, "整改承诺": PROMISED},
                )  # fmt: skip
            self.enter(record)

    def delist(self, telling: Telling) -> None:
        """Off the public list, by approval."""
        with self.clock.now():
            row = ask_delisting(
                telling.now(), to="priority", reason=DELISTED, actor=self.city.actor("shenyan")
            )
        row.refresh_from_db()
        telling.decide(row.approval_id)
        with self.clock.now():
            draft_once(PaperVerb.DRAFT_DELISTED, row.pk)
        self.issue([telling.now()])
