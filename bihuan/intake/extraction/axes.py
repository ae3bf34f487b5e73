"""Nature, impact, urgency, grade and rectification kind proposed from a finding's own words, with the words as reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.text.deadlines_in_text import DeadlineKind
from bihuan.text.starting_taxonomy import GRADE_MATRIX

if TYPE_CHECKING:
    from collections.abc import Mapping

_NATURES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "violation",
        re.compile(
            r"违规|违法|违反|违纪|擅自|挪用|挤占|截留|套取|骗取|骗补|侵占|虚报|虚列|虚假|造假|私自|乱收费|乱摊派|强制要求|无证|未批先建|偷排|围标|串标|转包|超标准|私设|欠薪|拖欠|变相"
        ),
    ),
    ("hazard", re.compile(r"隐患|风险|危险|事故|坍塌|塌陷|火灾|爆炸|泄漏|污染|不安全|险情|超载")),
    ("legacy", re.compile(r"历史遗留|遗留问题|多年未|长期未解决|积案|烂尾|陈年")),
    (
        "mechanism",
        re.compile(
            r"机制不|制度不|机制尚未|未建立[^，。]{0,12}机制|体制|制度缺失|机制缺失|不健全|权责不清|职责不清|缺乏[^，。]{0,8}机制|脱节"
        ),
    ),
    (
        "duty",
        re.compile(
            r"责任不落实|责任未|履职不|履行[^，。]{0,10}不|监管不|推诿|不作为|失职|失察|失管|压力传导|主体责任|把关不严|不担当|敷衍|落实[^，。]{0,16}(?:不到位|不力|不够|有差距|不扎实)|无人管"
        ),
    ),
    (
        "delay",
        re.compile(
            r"滞后|缓慢|迟缓|逾期|超期|超时|未按时|未按期|未完成|尚未|迟迟|进展慢|推进慢|拖延|未开工|未启动|积压"
        ),
    ),
    ("management", re.compile(r"不规范|不严格|不到位|管理|薄弱|粗放|混乱|不实|随意")),
)
_IMPACTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("province_or_wider", re.compile(r"全国|全省|\d+\s*个?省|多个省|跨省|流域|省市")),
    ("citywide", re.compile(r"全市|普遍|\d+\s*个?(?:市|县|区|地区)(?!级)|各县区|多个(?:县|区|市)|大面积")),
    (
        "local",
        re.compile(
            r"部分|一些|有的|多个|\d+\s*(?:个|家|所|处|户|名|条|项|件|起)|小区|园区|街道|乡镇|村民|业主|居民|学生"
        ),
    ),
)
_URGENCIES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "critical",
        re.compile(
            r"特急|生命安全|生命危险|人员伤亡|死亡|爆炸|泄漏|坍塌|随时可能|重大(?:安全)?隐患|极度危险"
        ),
    ),
    (
        "urgent",
        re.compile(
            r"立行立改|立即|紧急|尽快|严重(?:影响|污染|隐患|威胁)|安全隐患|农民工工资|断水|停水|停电|供暖|汛期|受伤|加急"
        ),
    ),
)
_KINDS: Final[dict[DeadlineKind, str]] = {
    DeadlineKind.IMMEDIATE: "immediate",
    DeadlineKind.CONTINUOUS: "continuous",
    DeadlineKind.DATE: "by_date",
    DeadlineKind.RELATIVE: "by_date",
}
_MANY_POINTS: Final = re.compile(r"分阶段|分步|逐步|三年|十四五|近期|中长期")


@dataclass(frozen=True, slots=True)
class Axes:
    """Codes of the starting taxonomy; `reasons` says which words led there."""

    nature: str
    impact: str
    urgency: str
    grade: str
    kind: str
    reasons: Mapping[str, str]


def axes_of(text: str, sector: str, deadline: DeadlineKind | None) -> Axes:
    """Every axis gets a proposal; without any sign it is the mildest one."""
    reasons: dict[str, str] = {}
    nature = _first(_NATURES, text, "nature", "management", reasons)
    impact = _first(_IMPACTS, text, "impact", "single", reasons)
    urgency = _first(_URGENCIES, text, "urgency", "normal", reasons)
    if nature == "management" and sector.startswith("risk") and "nature" not in reasons:
        nature = "hazard"
    grade = GRADE_MATRIX[nature, impact, urgency]
    if deadline is not None:
        kind = _KINDS[deadline]
    elif _MANY_POINTS.search(text) or nature in ("mechanism", "legacy"):
        kind = "phased"
    else:
        kind = "immediate" if urgency == "critical" else "by_date"
    return Axes(nature, impact, urgency, grade, kind, reasons)


def _first(
    patterns: tuple[tuple[str, re.Pattern[str]], ...],
    text: str,
    axis: str,
    default: str,
    reasons: dict[str, str],
) -> str:
    for code, pattern in patterns:
        found = pattern.search(text)
        if found:
            reasons[axis] = found.group(0)
            return code
    return default
