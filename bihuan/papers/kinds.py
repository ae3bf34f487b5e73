"""Every kind of paper there is: its words, what it is for, when it can be drafted, by whom, and what it asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import State
from bihuan.papers.rules import WITHOUT_RECIPIENTS, DocumentKind, Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping


class Family(StrEnum):
    """表单 are filled in and numbered by us; 公文 are drafts whose number, seal and issue are the document office's."""

    FORM = "form"
    OFFICIAL = "official"


class Drafter(StrEnum):
    """Who drafts beside the office of the place, which may draft all."""

    OFFICE = "office"
    LEAD = "lead_unit"
    ACCEPTOR = "acceptor"


class Colour(StrEnum):
    """The three colours of a supervision form, which say how pressing it is."""

    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"


COLOUR_WORDS: Final = {Colour.BLUE: "蓝色", Colour.ORANGE: "橙色", Colour.RED: "红色"}
"""As they stand in the form; the interface says them by its own labels."""
COLOUR_LABELS: Final = {
    Colour.BLUE: _("蓝色：提醒"),
    Colour.ORANGE: _("橙色：催办"),
    Colour.RED: _("红色：严督"),
}
COLOUR_NAME: Final = "督办颜色"


@dataclass(frozen=True, kw_only=True)
class PaperKind:
    """One kind. `asks` are the places the drafter fills in; `several` lets it speak of many problems at once.

    `of_matter`: about a record of a room above (`matters.py`) and drafted there, not from problems.
    `kept_close`: also after it was sent, read only by the office, its sender and whom it was sent to, not by those it is about.
    """

    code: str
    label: Any
    family: Family
    purpose: Purpose
    states: frozenset[State]
    asks: tuple[str, ...] = ()
    several: bool = True
    drafter: Drafter = Drafter.OFFICE
    kept_close: bool = False
    of_matter: bool = False

    @property
    def is_form(self) -> bool:
        return self.family is Family.FORM

    @property
    def has_recipients(self) -> bool:
        return self.purpose not in WITHOUT_RECIPIENTS


ANY: Final = frozenset(State)
UNDER_WAY: Final = frozenset(
    {
        State.ASSIGNED,
        State.PLANNING,
        State.RECTIFYING,
        State.ACCEPTING,
        State.NOTICED,
        State.CLOSURE_REVIEW,
        State.SUSPENDED,
    }
)
STILL_OPEN: Final = frozenset(OPEN)
ENDED: Final = frozenset({State.CLOSED, State.STANDING_DUTY})
SHORT: Final = frozenset(
    {
        "反馈期限",
        "督办期限",
        "约谈时间",
        "约谈地点",
        "约谈人",
        "约谈对象",
        "记录人",
        "公示开始",
        "公示结束",
        "来文",
    }
)
"""What is asked for in a few words."""
MINUTES: Final = "closure_minutes"
TALK: Final = ("约谈时间", "约谈地点", "约谈人", "约谈对象")


def _official(code: str, label: Any, purpose: Purpose, states: frozenset[State], **more: Any) -> PaperKind:
    return PaperKind(code=code, label=label, family=Family.OFFICIAL, purpose=purpose, states=states, **more)


def _form(code: str, label: Any, states: frozenset[State], **more: Any) -> PaperKind:
    return PaperKind(
        code=code, label=label, family=Family.FORM, purpose=Purpose.FILL_IN, states=states, **more
    )


_ALL: Final = (
    _official(
        "rectification_notice", _("整改通知"), Purpose.INSTRUCT, UNDER_WAY, asks=("整改要求", "反馈期限")
    ),
    _official("reminder_letter", _("提醒函"), Purpose.PRESS, UNDER_WAY, asks=("提醒事项", "反馈期限")),
    _official("supervision_letter", _("督办函"), Purpose.PRESS, UNDER_WAY, asks=("督办意见", "反馈期限")),
    _official("circular", _("通报"), Purpose.CIRCULATE, UNDER_WAY, asks=("通报事由", "反馈期限")),
    _official("review_circular", _("月调度通报"), Purpose.CIRCULATE, ANY, asks=("有关要求",), of_matter=True),
    _official("talk_notice", _("约谈通知"), Purpose.INSTRUCT, UNDER_WAY, asks=(*TALK, "约谈事由")),
    _official(
        "talk_record",
        _("约谈记录"),
        Purpose.RECORD,
        STILL_OPEN | ENDED,
        asks=(*TALK, "记录人", "约谈内容", "整改承诺"),
    ),
    _official(
        "listing_notice", _("挂牌督办通知"), Purpose.INSTRUCT, UNDER_WAY, asks=("督办要求", "督办期限")
    ),
    _official("delisting_notice", _("摘牌通知"), Purpose.INSTRUCT, UNDER_WAY | ENDED, asks=("摘牌依据",)),
    _official(
        "accountability_letter",
        _("问责建议函"),
        Purpose.REFER,
        UNDER_WAY | ENDED,
        asks=("问责事由", "问责建议"),
        kept_close=True,
    ),
    _official("referral_letter", _("移送函"), Purpose.REFER, ANY, asks=("移送事由", "移送材料")),
    _official(
        "public_notice",
        _("公示稿"),
        Purpose.PUBLISH,
        frozenset({State.ACCEPTING, State.NOTICED, State.CLOSURE_REVIEW, *ENDED}),
        asks=("整改结果", "公示开始", "公示结束", "反映渠道"),
    ),
    _official(MINUTES, _("会议纪要（销号会审）"), Purpose.MINUTE, ANY),
    _official("closure_notice", _("销号通知"), Purpose.INSTRUCT, ENDED),
    _official(
        "request_for_instructions",
        _("请示"),
        Purpose.ASK,
        STILL_OPEN,
        asks=("请示事项", "请示理由"),
        several=False,
        drafter=Drafter.LEAD,
    ),
    _official("report", _("报告"), Purpose.TELL, ANY, asks=("整改情况", "下步打算"), drafter=Drafter.LEAD),
    _official(
        "official_reply", _("批复"), Purpose.ANSWER, STILL_OPEN, asks=("来文", "批复意见"), several=False
    ),
    _form("acknowledgement_form", _("签收单"), UNDER_WAY, drafter=Drafter.LEAD),
    _form("supervision_form", _("督办单"), UNDER_WAY, asks=(COLOUR_NAME, "督办事由", "督办意见", "反馈期限")),
    _form("extension_form", _("延期审批表"), UNDER_WAY, several=False, drafter=Drafter.LEAD),
    _form(
        "closure_form",
        _("销号申请表"),
        frozenset({State.ACCEPTING, State.NOTICED, State.CLOSURE_REVIEW, *ENDED}),
        several=False,
        drafter=Drafter.LEAD,
    ),
    _form(
        "acceptance_form",
        _("验收意见表"),
        frozenset({State.ACCEPTING, State.NOTICED, State.CLOSURE_REVIEW, *ENDED}),
        several=False,
        drafter=Drafter.ACCEPTOR,
    ),
    _form("filing_form", _("备案表"), ENDED),
)
KINDS: Final[Mapping[str, PaperKind]] = MappingProxyType({kind.code: kind for kind in _ALL})
KEPT_CLOSE: Final = frozenset(kind.code for kind in _ALL if kind.kept_close)
CHOICES: Final = [(kind.code, kind.label) for kind in _ALL]

DOCUMENT_LABELS: Final = {
    DocumentKind.REQUEST: _("请示"),
    DocumentKind.REPORT: _("报告"),
    DocumentKind.LETTER: _("函"),
    DocumentKind.NOTICE: _("通知"),
    DocumentKind.REPLY: _("批复"),
    DocumentKind.CIRCULAR: _("通报"),
    DocumentKind.MINUTES: _("纪要"),
    DocumentKind.PUBLIC_NOTICE: _("公示"),
    DocumentKind.RECORD: _("记录"),
    DocumentKind.FORM: _("表单"),
}
# What stands in the documents themselves, which are Chinese whoever drafts them.
DOCUMENT_WORDS: Final = {
    DocumentKind.REQUEST: "请示",
    DocumentKind.REPORT: "报告",
    DocumentKind.LETTER: "函",
    DocumentKind.NOTICE: "通知",
    DocumentKind.REPLY: "批复",
    DocumentKind.CIRCULAR: "通报",
    DocumentKind.MINUTES: "纪要",
    DocumentKind.PUBLIC_NOTICE: "公示",
    DocumentKind.RECORD: "记录",
    DocumentKind.FORM: "表",
}
CLOSING_WORDS: Final = {
    DocumentKind.REQUEST: "妥否，请批示。",
    DocumentKind.REPORT: "特此报告。",
    DocumentKind.LETTER: "特此函告。",
    DocumentKind.NOTICE: "特此通知。",
    DocumentKind.REPLY: "此复。",
    DocumentKind.CIRCULAR: "特此通报。",
    DocumentKind.PUBLIC_NOTICE: "特此公示。",
}
COMMON: Final = (
    "问题编号", "问题名称", "问题描述", "问题数", "问题清单", "来源", "批次", "领域", "等级", "督办级别", "整改类型",
    "牵头单位", "配合单位", "行业主管", "属地", "第一责任人", "包抓领导", "交办日期", "交办文号", "首次期限", "整改期限",
    "延期次数", "逾期天数", "涉及金额", "涉及金额大写", "整改目标", "方案调整", "拟办意见", "定性依据", "涉事主体", "点位", "进度",
    "主送单位", "发文单位", "文种", "结语", "起草日期",
)  # fmt: skip
OF_KIND: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "extension_form": ("原期限", "申请期限", "延期理由", "新的安排", "申请日期"),
        "closure_form": ("自验结论", "验收单位", "验收日期", "验收意见", "公示期", "公示渠道"),
        "acceptance_form": ("自验结论", "验收单位", "验收日期", "验收意见", "验收方式", "五关", "验收组意见"),
        "filing_form": ("销号日期", "销号依据", "备案文号", "备案日期", "验收单位", "验收日期"),
        "closure_notice": ("销号日期", "销号依据"),
        MINUTES: ("会议名称", "会议时间", "会议地点", "参加人员", "审定意见", "审定概况", "逐件说明"),
        "public_notice": ("公示渠道", "验收单位", "验收日期"),
        "circular": ("行为认定", "督办经过"),
        "review_circular": (
            "调度名称",
            "总体情况",
            "报送情况",
            "亮灯问题",
            "无变化问题",
            "资金情况",
            "协调事项",
        ),
        "accountability_letter": ("行为认定", "督办经过"),
        "referral_letter": ("移送机关",),
    }
)
FORM_NAMES: Final = ("表单编号", "签字栏")
OF_EVERY_PAPER: Final = ("主送单位", "发文单位", "文种", "结语", "起草日期")


def offered_names(kind: PaperKind) -> list[str]:
    """The places a template of this kind may use."""
    own = OF_KIND.get(kind.code, ())
    if kind.of_matter:
        return [*own, *kind.asks, *OF_EVERY_PAPER]
    return [*COMMON, *own, *kind.asks, *(FORM_NAMES if kind.is_form else ())]
