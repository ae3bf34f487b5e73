"""What a heading or a lead-in announces about the text below it."""

from __future__ import annotations

import re
from enum import StrEnum

from bihuan.intake.extraction.cues import Disposition, act_of_speech


class Zone(StrEnum):
    """The kind of text one stands in."""

    PROBLEM = "problem"
    REQUIREMENT = "requirement"
    PRAISE = "praise"
    MEASURE = "measure"
    CONTEXT = "context"
    OPEN = "open"


_HEADINGS: tuple[tuple[Zone, re.Pattern[str]], ...] = (
    (
        Zone.MEASURE,
        re.compile(
            r"(?:整改|处理|办理|核查|落实|处置|问责|追责)(?:落实|进展|完成|推进|工作)?(?:情况|结果|进展|成效)|整改措施|已采取|"
            r"(?:整改|办理)(?:的)?(?:通报|报告)$|采取的(?:主要)?措施"
        ),
    ),
    (Zone.CONTEXT, re.compile(r"问题线索|线索(?:移交|移送)")),
    (
        Zone.PROBLEM,
        re.compile(
            r"(?:存在|发现|查出|反映|揭示|主要|突出|具体|反馈|面临)[^。；]{0,14}(?:问题|不足|困难|短板|风险)|问题(?:清单|台账|汇总|表|文件)?$|薄弱环节|短板(?:弱项)?$|"
            r"典型(?:案例|问题)|负面案例|隐患(?:清单)?$|不足(?:之处)?$|差距$|问题和(?:不足|困难|建议)|困难(?:和|与)问题|违规(?:情形|行为|问题)"
        ),
    ),
    (
        Zone.REQUIREMENT,
        re.compile(
            r"建议|要求|意见|下一步|下步|打算|安排|对策|目标|组织领导|保障措施|措施|任务|计划|方案|努力方向|总则|附则|职责|程序"
        ),
    ),
    (Zone.PRAISE, re.compile(r"成效|成绩|做法|亮点|经验|总体评价|工作开展|工作进展|主要工作|进展情况")),
    (
        Zone.CONTEXT,
        re.compile(r"原因(?:分析|剖析)?$|基本情况|概况|背景|总体情况|有关情况|说明|简介|范围|依据|附件|名单"),
    ),
)
_LEAD_IN_PROBLEM = re.compile(
    r"(?:发现|存在|查出|反映|指出|主要|暴露|梳理|归纳|面临)[^。；]{0,40}(?:问题|不足|情形|风险|差距|短板|方面)[^。；]{0,12}(?:主要(?:是|有|表现|包括)?[^。；]{0,12}|如下|包括|有)?[：:]?$|"
    r"(?:主要(?:是|表现(?:为|在)|有|情形|问题(?:是|有)?|存在)|具体(?:表现|问题)(?:为|是)?|(?:发现|问题)如下|表现(?:为|在))[^。；]{0,14}[：:]$|审计(?:查出|发现)[，：:]$|"
    r"(?:情况)?(?:发现|表明|显示|看)[：:]$"
)
_LEAD_IN_REQUIREMENT = re.compile(r"(?:意见|要求|建议|希望|下一步|措施)[^。；]{0,20}[：:]$")
_LEAD_IN_MEASURE = re.compile(
    r"^[*_【\[\s]*(?:处理|整改|办理|核查|处置)(?:工作)?(?:情况|结果|进展|落实情况|措施|意见)[*_】\]\s]*[：:]|^(?:目前|截至)[^。；]{0,20}已"
)

OF_ZONE = {
    Zone.PROBLEM: Disposition.PROBLEM,
    Zone.REQUIREMENT: Disposition.REQUIREMENT,
    Zone.PRAISE: Disposition.PRAISE,
    Zone.MEASURE: Disposition.MEASURE_TAKEN,
    Zone.CONTEXT: Disposition.CONTEXT,
    Zone.OPEN: Disposition.CONTEXT,
}


def zone_of_heading(text: str) -> Zone:
    """What stands below a heading; OPEN where it does not say."""
    bare = re.sub(r"[〔（(【].*?[〕）)】]", "", text).strip(" \u3000：:。#")
    return next((zone for zone, pattern in _HEADINGS if pattern.search(bare)), Zone.OPEN)


def zone_of_lead_in(text: str) -> Zone:
    """What a sentence such as “主要是：” announces."""
    stripped = text.strip()
    if _LEAD_IN_MEASURE.search(stripped):
        return Zone.MEASURE
    if _LEAD_IN_REQUIREMENT.search(stripped):
        return Zone.REQUIREMENT
    return Zone.PROBLEM if _LEAD_IN_PROBLEM.search(stripped) else Zone.OPEN


def zone_of_paragraph(text: str, around: Zone) -> Zone:
    """The zone of a paragraph: its own opening words count more than its heading."""
    if _LEAD_IN_MEASURE.search(text.strip()):
        return Zone.MEASURE
    if act_of_speech(text):
        return Zone.REQUIREMENT
    return around
