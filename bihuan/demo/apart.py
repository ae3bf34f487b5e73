"""What the city keeps apart: a restricted channel, clues on their way to discipline inspection, an offline placeholder.

Everything here is invented, like the rest of the city; the pages of those named have something to show by it, and
everybody else's pages show that nothing shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bihuan.demo.pictures import paper
from bihuan.intake import actions as intake
from bihuan.intake.models import Disposition
from bihuan.intake.unpacking import Handed
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Clue, ClueState, Sector, Source
from bihuan.ledger.registering import NewProblem

if TYPE_CHECKING:
    from bihuan.demo.clock import Clock
    from bihuan.demo.founding import City

SORTED: Final[dict[str, Any]] = {
    "nature": "duty",
    "impact": "local",
    "urgency": "urgent",
    "rectification_kind": "by_date",
}
RESTRICTED: Final = (
    ("清江片区拆迁补偿遗留事项", "经批示限定范围办理：清江片区三户补偿款支付依据不全。"),
    ("市属平台公司担保事项", "经批示限定范围办理：两笔对外担保未履行集体决策程序。"),
)
LETTER: Final = (
    "一、锦屏街道物业收费公示栏三个月未更新，居民多次反映无人答复。",
    "二、来信反映某科室负责人在项目验收中收受礼金，并附转账时间。",
    "三、来信反映某镇干部违规安排亲属参与工程，建议转纪检监察机关。",
)


def keep_apart(city: City, clock: Clock) -> None:
    """A channel with two problems, a letter with two clues of which one is handed over, one placeholder."""
    _restrict(city, clock)
    _hold_clues(city, clock)
    with clock.now():
        ledger.register_placeholder(
            jurisdiction=city.yunchuan,
            source=Source.objects.get(code="superior_assignment"),
            sector=Sector.objects.get(code="government"),
            offline_no="XX-2026-003",
            **SORTED,
            actor=city.actor("shenyan"),
        )


def _restrict(city: City, clock: Clock) -> None:
    with clock.now():
        keeper = city.actor("sujin")
        channel = ledger.create_channel(
            jurisdiction=city.yunchuan,
            code="ZX-01",
            name="限定范围办理事项",
            number_pattern="ZX-{year}-{serial:03}",
            keeper=city.posts["sujin"],
            actor=keeper,
        )
        ledger.admit(channel, post=city.posts["shenyan"], actor=keeper)
    for title, text in RESTRICTED:
        with clock.now():
            new = NewProblem(
                title=title,
                text=text,
                sector=Sector.objects.get(code="finance"),
                source=Source.objects.get(code="superior_assignment"),
                channel=channel,
                **SORTED,
            )
            ledger.register(jurisdiction=city.yunchuan, new=new, actor=city.actor("shenyan"))


def _hold_clues(city: City, clock: Clock) -> None:
    with clock.now():
        actor = city.actor("shenyan")
        batch = ledger.create_batch(
            jurisdiction=city.yunchuan,
            code="LX-2026-11",
            title="群众来信摘要",
            source=Source.objects.get(code="petition"),
            source_authority="市信访局",
            received_on=clock.day,
            actor=actor,
        )
        letter = paper("群众来信摘要.docx", "群众来信摘要", list(LETTER))
        handed = Handed(str(letter.name), letter.read())
        [document] = intake.receive_documents([handed], batch, actor=actor)
        passages = document.passages.filter(text__contains="来信反映")
        numbers = list(passages.values_list("n", flat=True))
        intake.dispose(document, passages=numbers, disposition=Disposition.CLUE, actor=actor)
    with clock.now():
        first = Clue.objects.filter(state=ClueState.HELD).order_by("held_at", "pk").first()
        if first is not None:
            ledger.hand_over_clue(first, receipt_no="云纪收〔2026〕17号", actor=city.actor("sujin"))
