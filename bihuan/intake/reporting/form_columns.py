"""What a column of a superior's form asks for: one of the facts a ledger can give, and how it is to be written.

The header is matched once, proposed with its confidence, and a person says what it is. Personal data (telephone numbers,
who complained) are no facts of a form: there is no column they could be chosen for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.intake.extraction.columns import field_of
from bihuan.text.money import unit_of_header
from bihuan.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.documents.forms import FormGrid, FormLayout, Value

FACTS: Final[dict[str, Any]] = {
    "serial": _("序号"),
    "problem_no": _("我方编号"),
    "source_no": _("源编号"),
    "text": _("问题描述"),
    "title": _("问题标题"),
    "finding": _("反馈问题原文"),
    "source": _("来源"),
    "batch": _("批次"),
    "source_authority": _("来源机关"),
    "sector": _("领域"),
    "nature": _("性质"),
    "impact": _("影响程度"),
    "urgency": _("轻重缓急"),
    "grade": _("等级"),
    "level": _("督办级别"),
    "kind": _("整改类型"),
    "lead_unit": _("牵头单位"),
    "supporting_units": _("配合单位"),
    "sector_authority": _("行业主管"),
    "territorial_unit": _("属地"),
    "sponsor": _("包抓领导"),
    "deadline": _("期限"),
    "found_on": _("登记日期"),
    "assigned_on": _("交办日期"),
    "closed_on": _("销号日期"),
    "amount": _("涉及金额"),
    "goal": _("整改目标"),
    "measures": _("拟办意见"),
    "basis": _("定性依据"),
    "state": _("阶段"),
    "closed": _("是否销号"),
    "progress": _("进度"),
    "reason": _("未完成原因"),
    "next_step": _("下一步"),
    "site": _("点位"),
    "concerned_party": _("涉事主体"),
    "determination": _("认定结果"),
}
DATES: Final = frozenset({"deadline", "found_on", "assigned_on", "closed_on"})
DATE_STYLES: Final[dict[str, Any]] = {
    "": _("照单元格的格式"),
    "iso": "2026-09-30",
    "cn": "2026年9月30日",
    "dot": "2026.9.30",
    "slash": "2026/9/30",
    "month_cn": "2026年9月",
    "month_dot": "2026.9",
}
AMOUNT_STYLES: Final[dict[str, Any]] = {"yuan": _("元"), "wan": _("万元"), "yi": _("亿元")}
CHOICE_STYLES: Final[dict[str, Any]] = {"": _("是／否"), "tick": "√", "done": _("已完成／未完成")}
DIVISORS: Final = {"yuan": 1, "wan": 10_000, "yi": 100_000_000}
_UNITS: Final = {"元": "yuan", "万元": "wan", "亿元": "yi"}
# What a superior's header means where it differs from a ledger's own.
_WORDS: Final = {
    "序号": "serial", "编号": "problem_no", "问题编号": "problem_no", "是否销号": "closed", "是否完成": "closed",
    "是否办结": "closed", "完成时限": "deadline", "整改完成时限": "deadline", "销号时间": "closed_on",
    "审核意见": "determination", "审核结果": "determination", "认定结果": "determination", "审核情况": "determination",
    "下一步措施": "next_step", "下步打算": "next_step", "下一步打算": "next_step", "督办级别": "level", "反馈问题": "finding",
    "反馈机关": "source_authority", "交办时间": "assigned_on", "交办日期": "assigned_on", "县区": "territorial_unit",
}  # fmt: skip
_FOLDED: Final = {fold(words): fact for words, fact in _WORDS.items()}
_SAME: Final = {"text", "title", "source", "batch", "sector", "nature", "impact", "urgency", "grade", "kind", "lead_unit",
                "supporting_units", "sector_authority", "territorial_unit", "sponsor", "deadline", "amount", "goal", "measures",
                "basis", "state", "reason", "found_on", "closed_on", "site", "concerned_party", "source_no", "progress"}  # fmt: skip
_STYLED_DATES: Final = (
    ("cn", re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")),
    ("month_cn", re.compile(r"\d{4}年\d{1,2}月")),
    ("iso", re.compile(r"\d{4}-\d{1,2}-\d{1,2}")),
    ("slash", re.compile(r"\d{4}/\d{1,2}/\d{1,2}")),
    ("dot", re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}")),
    ("month_dot", re.compile(r"\d{4}\.\d{1,2}")),
)


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of a form. Without a fact it is left as it is, for somebody to write in."""

    index: int
    header: str
    fact: str = ""
    style: str = ""
    confidence: float = 0.0

    @property
    def plain(self) -> dict[str, Any]:
        """For JSON; the confidence of a proposal in hundredths, for events hold whole numbers."""
        return {
            "index": self.index,
            "header": self.header,
            "fact": self.fact,
            "style": self.style,
            "percent": round(self.confidence * 100),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> FormColumn:
        """The inverse of `plain`."""
        return cls(plain["index"], plain["header"], plain["fact"], plain["style"], plain["percent"] / 100)


def styles_of(fact: str) -> dict[str, Any]:
    """How a fact may be written; nothing where there is one way only."""
    if fact in DATES:
        return DATE_STYLES
    return {"amount": AMOUNT_STYLES, "closed": CHOICE_STYLES}.get(fact, {})


def proposed_columns(grid: FormGrid, layout: FormLayout) -> list[FormColumn]:
    """What each column asks for, by its header and its sample; a header of several rows is read from below."""
    header = grid.merged[layout.header_first - 1 : layout.header_last]
    sample = grid.rows[layout.first - 1] if layout.first <= min(layout.last, len(grid.rows)) else ()
    columns = []
    taken: set[str] = set()
    for index in range(len(header[0])):
        written = [row[index].strip() for row in reversed(header) if row[index].strip()]
        words = list(dict.fromkeys(written))
        fact, confidence = next(((found) for one in words if (found := _fact_of(one))), ("", 0.0))
        if fact in taken:
            fact, confidence = "", 0.0
        taken.add(fact)
        told = " ".join([*words, sample[index] if index < len(sample) else ""])
        columns.append(FormColumn(index, " / ".join(reversed(words)), fact, style_of(fact, told), confidence))
    return columns


def _fact_of(header: str) -> tuple[str, float] | None:
    bare = fold(re.sub(r"[（(【\[].*?[）)】\]]", "", header))
    if bare in _FOLDED:
        return _FOLDED[bare], 1.0
    found = field_of(header)
    return found if found and found[0] in _SAME else None


def style_of(fact: str, told: str) -> str:
    """How a header (and its sample) asks for a fact to be written; empty where it does not say."""
    if fact == "amount":
        return _UNITS.get(str(unit_of_header(told) or ""), "wan" if "万" in told else "yuan")
    if fact in DATES:
        return next((style for style, pattern in _STYLED_DATES if pattern.search(told)), "")
    if fact == "closed" and "√" in told:
        return "tick"
    return ""


def written(value: Any, column: FormColumn) -> Value:
    """A fact as this column wants it. A date without a style stays a date: the cell's own format shows it."""
    if column.fact == "closed":
        yes, no = {"tick": ("√", ""), "done": ("已完成", "未完成")}.get(column.style, ("是", "否"))
        return yes if value else no
    if isinstance(value, date):
        return _date(value, column.style)
    if isinstance(value, Decimal):
        amount = (value / DIVISORS.get(column.style, 1)).normalize()
        return Decimal(f"{amount:f}")
    return value if value is None or isinstance(value, int) else str(value)


def _date(value: date, style: str) -> Value:
    year, month, day = value.year, value.month, value.day
    styled = {
        "iso": value.isoformat(),
        "cn": f"{year}年{month}月{day}日",
        "dot": f"{year}.{month}.{day}",
        "slash": f"{year}/{month}/{day}",
        "month_cn": f"{year}年{month}月",
        "month_dot": f"{year}.{month}",
    }
    return styled.get(style, value)
