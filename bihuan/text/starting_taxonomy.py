"""The taxonomy a new installation starts with: plain data, no rules.

The ledger copies it into editable, dated rows; from then on the rows count and this file does not. The codes are
stable and may be stored; labels and words may change. A sector's parent is its code without the last part.
Everything about sources is a common local custom, not a law: an office edits it to its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bihuan.text.sector_words import WORDS


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a closed list: a stable code and its labels in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Sector(Term):
    """A node of the subject tree. `words` is its cold-start keyword profile (empty for a branch without one)."""

    @property
    def parent(self) -> str | None:
        """Code of the sector above, None at the top."""
        return self.code.rpartition(".")[0] or None

    @property
    def level(self) -> int:
        """1 at the top, at most 4."""
        return self.code.count(".") + 1

    @property
    def words(self) -> tuple[str, ...]:
        """Words that speak for this sector while nothing has been learnt yet."""
        return WORDS.get(self.code, ())


@dataclass(frozen=True, slots=True)
class Source(Term):
    """A channel problems come through, with the customs of that channel.

    `level` is central/province/city/county/any. `determinations` are the verdicts the source itself uses, `stages` its own
    words for our states (state name -> word). `accepts` and `closes` name who does it: oversight (an independent
    body of ours), source (the authority that raised it), leading_group, superior, rectification_office.
    """

    level: str
    accepts: str
    closes: str
    notice_required: bool
    determinations: tuple[str, ...]
    stages: tuple[tuple[str, str], ...] = ()
    external: bool = True


SECTORS: Final[tuple[Sector, ...]] = tuple(
    Sector(*row)
    for row in (
        ("growth", "高质量发展瓶颈", "Bottlenecks of high-quality growth"),
        ("growth.industry", "产业转型升级", "Industrial upgrading"),
        ("growth.industry.traditional", "传统产业转型", "Traditional industries"),
        ("growth.industry.emerging", "战略性新兴产业", "Strategic emerging industries"),
        ("growth.industry.transfer", "科技成果转化", "Turning research into products"),
        ("growth.industry.chain", "产业链供应链", "Industrial and supply chains"),
        ("growth.business", "营商环境", "Business environment"),
        ("growth.business.policy", "政策落实", "Delivery of policies"),
        ("growth.business.cost", "要素成本", "Cost of inputs"),
        ("growth.business.access", "市场准入隐性壁垒", "Hidden barriers to market access"),
        ("growth.business.services", "政务服务", "Government services"),
        ("growth.business.law", "法治保障", "Rule of law for business"),
        ("growth.region", "区域协调", "Regional balance"),
        ("growth.region.county", "县域经济", "County economies"),
        ("growth.region.rural", "城乡融合", "Town and country"),
        ("risk", "安全稳定风险", "Risks to safety and stability"),
        ("risk.safety", "安全生产", "Safety at work"),
        ("risk.fire", "消防安全", "Fire safety"),
        ("risk.ecology", "生态环境", "Environment"),
        ("risk.ecology.yellow_river", "黄河流域", "Yellow River basin"),
        ("risk.ecology.qinling", "秦岭", "Qinling mountains"),
        ("risk.ecology.air", "大气", "Air"),
        ("risk.ecology.water", "水", "Water"),
        ("risk.ecology.waste", "固体废物", "Solid waste"),
        ("people", "群众急难愁盼", "What weighs on people"),
        ("people.livelihood", "民生保障", "Livelihood"),
        ("people.livelihood.health", "医疗", "Health care"),
        ("people.livelihood.education", "教育", "Education"),
        ("people.livelihood.employment", "就业", "Employment"),
        ("people.livelihood.housing", "住房", "Housing"),
        ("people.livelihood.security", "社会保障", "Social security"),
        ("people.livelihood.transport", "交通", "Transport"),
        ("people.livelihood.city", "物业与城市管理", "Estates and city management"),
        ("people.governance", "社会治理", "Social governance"),
        ("people.governance.disputes", "基层矛盾纠纷", "Local disputes"),
        ("people.governance.internet", "网络空间", "The internet"),
        ("party", "党的建设与作风", "Party building and conduct"),
        ("finance", "财政与审计", "Public finance and audit"),
        ("land", "自然资源", "Natural resources"),
        ("statistics", "统计", "Statistics"),
        ("government", "政府自身建设", "The government itself"),
    )
)

_AUDIT_WORDS: Final = ("已整改", "部分整改", "正在整改", "持续整改", "未整改")
_PARTY_WORDS: Final = ("完成", "基本完成", "取得阶段性成果并持续整改", "未完成")
_STATE_WORDS: Final = ("已完成整改", "达到序时进度", "未达到序时进度", "未启动")
_LETTER_WORDS: Final = ("属实", "基本属实", "部分属实", "不属实", "已办结", "阶段性办结", "正在办理")
_REPLY_WORDS: Final = ("已解决", "正在解决", "列入计划解决", "因条件限制暂不能解决")

_PARTY_STAGES: Final = (("assigned", "已认领"), ("rectifying", "集中整改"), ("lookback", "巡视巡察回头看"))
_AUDIT_STAGES: Final = (("accepting", "审计认定"), ("closed", "对账销号"))
_STATE_STAGES: Final = (("accepting", "验收核查"), ("filing", "销号备案"))
_LETTER_STAGES: Final = (("assigned", "转送交办"), ("accepting", "核查"), ("closed", "办结"))
_HOTLINE_STAGES: Final = (
    ("assigned", "派单"),
    ("rectifying", "办理中"),
    ("accepting", "回访"),
    ("closed", "办结"),
)

# A table is read by its lines.
# fmt: off
SOURCES: Final[tuple[Source, ...]] = tuple(
    Source(*row)
    for row in (
        ("central_party_inspection", "中央巡视", "Central Party inspection", "central",
         "source", "source", True, _PARTY_WORDS, _PARTY_STAGES),
        ("provincial_party_inspection", "省委巡视", "Provincial Party inspection", "province",
         "source", "source", True, _PARTY_WORDS, _PARTY_STAGES),
        ("city_party_inspection", "市委巡察", "Municipal Party inspection", "city",
         "oversight", "leading_group", True, _PARTY_WORDS, _PARTY_STAGES),
        ("state_council_inspection", "国务院大督查", "State Council inspection", "central",
         "source", "source", True, _STATE_WORDS, _STATE_STAGES),
        ("government_inspection", "政府督查", "Government inspection", "any", "oversight", "leading_group", True,
         _STATE_WORDS, _STATE_STAGES),
        ("audit", "审计", "Audit", "any", "source", "source", False, _AUDIT_WORDS, _AUDIT_STAGES),
        ("natural_resources_inspection", "自然资源督察", "Natural resources inspection", "central",
         "source", "source", True, _STATE_WORDS, _STATE_STAGES),
        ("environmental_inspection", "生态环境保护督察", "Environmental inspection", "central",
         "source", "source", True, _STATE_WORDS, _STATE_STAGES),
        ("statistics_inspection", "统计督察", "Statistics inspection", "central",
         "source", "source", False, _STATE_WORDS, _STATE_STAGES),
        ("congress_deliberation", "人大审议意见", "Opinions of the people's congress", "city",
         "source", "source", False, _REPLY_WORDS),
        ("consultative_proposal", "政协建议", "Proposals of the consultative conference", "city",
         "source", "source", False, _REPLY_WORDS),
        ("procuratorial_suggestion", "检察/监察建议书", "Procuratorial or supervisory suggestion", "any",
         "source", "source", False, ("采纳并整改到位", "正在整改", "提出异议")),
        ("superior_assignment", "上级交办", "Assigned by a superior", "any",
         "superior", "superior", False, ("已完成", "正在办理")),
        ("self_inspection", "自查自纠", "Self-inspection", "any",
         "oversight", "rectification_office", False, (), (), False),
        ("petition", "信访", "Petition", "any", "oversight", "rectification_office", False,
         _LETTER_WORDS, _LETTER_STAGES),
        ("hotline_12345", "12345热线", "12345 hotline", "city", "oversight", "rectification_office", False,
         _LETTER_WORDS, _HOTLINE_STAGES),
        ("citizen_report", "群众反映", "Reported by citizens", "any", "oversight", "rectification_office", False,
         _LETTER_WORDS, _HOTLINE_STAGES),
        ("enterprise_appeal", "企业诉求", "Appeal of an enterprise", "any", "oversight", "rectification_office",
         False, _REPLY_WORDS),
        ("grid_report", "网格上报", "Reported by the grid", "county", "oversight", "rectification_office", False,
         (), (), False),
        ("media_exposure", "媒体曝光", "Exposed by the media", "any", "oversight", "leading_group", True,
         ("属实", "部分属实", "不属实")),
    )
)
# fmt: on

NATURES: Final[tuple[Term, ...]] = (
    Term("violation", "违纪违法违规", "Breach of discipline, law or rule"),
    Term("duty", "责任不落实", "Duty not carried out"),
    Term("management", "管理不规范", "Irregular management"),
    Term("delay", "推进滞后", "Behind schedule"),
    Term("mechanism", "体制机制", "Institutional shortcoming"),
    Term("hazard", "风险隐患", "Hazard"),
    Term("legacy", "历史遗留", "Left over from the past"),
)

IMPACTS: Final[tuple[Term, ...]] = (
    Term("single", "个案", "Single case"),
    Term("local", "局部", "Part of the area"),
    Term("citywide", "全市", "Whole city"),
    Term("province_or_wider", "全省以上", "Province or wider"),
)

URGENCIES: Final[tuple[Term, ...]] = (
    Term("critical", "特急", "Critical"),
    Term("urgent", "急", "Urgent"),
    Term("normal", "一般", "Normal"),
)

GRADES: Final[tuple[Term, ...]] = (
    Term("minor", "一般", "Minor"),
    Term("major", "较大", "Major"),
    Term("severe", "重大", "Severe"),
)

RECTIFICATION_KINDS: Final[tuple[Term, ...]] = (
    Term("immediate", "立行立改", "Immediate"),
    Term("by_date", "限期整改", "By date"),
    Term("phased", "分阶段整改", "Phased"),
    Term("continuous", "持续整改", "Continuous"),
)

SUPERVISION_LEVELS: Final[tuple[Term, ...]] = (
    Term("regular", "常规", "Regular"),
    Term("priority", "重点", "Priority"),
    Term("raised", "提级", "Raised"),
    Term("listed", "挂牌", "Publicly listed"),
)

MONEY_WAYS: Final[tuple[Term, ...]] = (
    Term("turned_in", "上缴财政", "Turned in to the treasury"),
    Term("returned", "归还原渠道", "Returned to where it came from"),
    Term("pooled", "统筹使用", "Pooled for other use"),
    Term("adjusted", "调账处理", "Adjusted in the accounts"),
    Term("reclaimed", "追缴收回", "Reclaimed"),
    Term("other", "其他方式", "Other way"),
)

_NATURE_POINTS: Final = {
    "violation": 2,
    "hazard": 2,
    "duty": 1,
    "delay": 1,
    "mechanism": 1,
    "legacy": 1,
    "management": 0,
}
_IMPACT_POINTS: Final = {"single": 0, "local": 1, "citywide": 2, "province_or_wider": 3}
_URGENCY_POINTS: Final = {"normal": 0, "urgent": 1, "critical": 3}
_MAJOR_FROM: Final = 3
_SEVERE_FROM: Final = 5


def _starting_grade(nature: str, impact: str, urgency: str) -> str:
    points = _NATURE_POINTS[nature] + _IMPACT_POINTS[impact] + _URGENCY_POINTS[urgency]
    if points >= _SEVERE_FROM:
        return "severe"
    return "major" if points >= _MAJOR_FROM else "minor"


# Every cell is spelled out (84 of them), so that an office can edit each one without knowing how it came about.
GRADE_MATRIX: Final[dict[tuple[str, str, str], str]] = {
    (nature.code, impact.code, urgency.code): _starting_grade(nature.code, impact.code, urgency.code)
    for nature in NATURES
    for impact in IMPACTS
    for urgency in URGENCIES
}

_SECTOR_LABELS: Final = {sector.code: sector.zh for sector in SECTORS}


def sector_label(code: str) -> str:
    """The Chinese label of a starting sector; the code itself where the installation has made its own."""
    return _SECTOR_LABELS.get(code, code)
