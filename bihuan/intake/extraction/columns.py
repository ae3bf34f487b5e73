"""Which column of an office's own table means which of our facts, found by the words of its header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADER_WITHIN: Final = 15
_SYNONYMS: Final[dict[str, str]] = {
    "source_no": "序号 编号 问题编号 序列号 问题序号 案件编号 工单编号 工单号 留言编号 信访件编号 受理编号 任务编号 台账编号 条目 No",
    "text": "问题描述 存在问题 存在的问题 具体问题 问题 问题内容 反馈问题 问题表现 问题详情 问题具体表现 发现问题 发现的问题 主要问题 问题情况 隐患描述 "
    "隐患内容 事项内容 诉求内容 反映内容 反映问题 留言详情 信访内容 交办问题 督察问题 审计发现问题 问题简述 问题及表现 检查发现问题 问题事实 文件有关内容 审计查出问题 审查意见",
    "title": "问题摘要 问题标题 标题 主题 问题名称 事项名称 事项 留言主题 诉求标题 隐患名称 问题概述 项目名称 案件名称 文件名称",
    "source": "来源 问题来源 反馈来源 检查来源 线索来源 来源渠道 督察名称 检查名称",
    "batch": "批次 轮次 督察批次 反馈批次",
    "sector": "领域 类别 问题类别 所属领域 问题类型 问题分类 分类 行业 类型 违规类型 诉求类别 一级标签",
    "nature": "问题性质 性质 定性",
    "impact": "影响程度 影响范围",
    "urgency": "轻重缓急 紧急程度 缓急程度",
    "grade": "问题等级 等级 级别 严重程度 问题级别 隐患等级 风险等级",
    "kind": "整改类型 整改方式 整改性质 整改要求类型",
    "lead_unit": "责任单位 牵头单位 整改责任单位 整改单位 主办单位 承办单位 责任部门 牵头部门 被审计单位 被检查单位 牵头责任单位 责任主体 涉及单位 责任科室 办理单位 发文单位",
    "supporting_units": "配合单位 协办单位 参与单位 配合部门 协同单位 配合责任单位",
    "sector_authority": "行业主管部门 主管部门 督导单位 行业主管 行业主管单位 督办单位 监管部门",
    "territorial_unit": "属地 属地单位 所属区县 区县 县区 所在地 辖区",
    "sponsor": "包抓领导 责任领导 包案领导 分管领导 牵头领导 市级责任领导",
    "handler": "责任人 整改责任人 经办人 联系人 具体责任人 直接责任人",
    "phone": "联系电话 电话 联系方式",
    "deadline": "整改时限 整改期限 完成时限 期限 时限 完成时间 整改完成时限 办理时限 截止时间 要求完成时间 计划完成时间 办结时限 限期 整改时间 完成期限 截止日期",
    "amount": "涉及金额 问题金额 金额 资金金额 涉及资金",
    "rectified_amount": "已整改金额 整改金额",
    "goal": "整改目标 目标 工作目标",
    "measures": "整改措施 措施 具体措施 下一步措施 整改举措 拟采取措施 整改任务",
    "requirement": "整改要求 要求 处理意见 审计建议 整改要求和建议 建议 整改建议 工作要求",
    "basis": "定性依据 问题定性依据 依据 法律依据 违反的标准 违反规定 违反条款",
    "state": "整改状态 状态 完成状态 办理状态 是否完成 整改结果 销号状态 是否销号 当前状态",
    "progress": "整改进展 进展情况 完成情况 整改情况 整改落实情况 目前进展 整改进度 进展情况及存在问题 落实情况 办理情况 整改完成情况",
    "reason": "未完成原因 原因 未整改原因 问题原因",
    "found_on": "发现时间 反馈时间 交办时间 检查时间 检查日期 发现日期 留言时间 登记时间 交办日期 受理时间",
    "closed_on": "销号时间 办结时间 整改完成时间 实际完成时间 销号日期 办结日期",
    "site": "点位 地点 地址 问题地点 具体位置 坐标 位置",
    "concerned_party": "涉事主体 企业名称 涉及企业 主体名称 项目 涉及对象",
    "remark": "备注 说明",
}
_FOLDED: Final[dict[str, str]] = {
    fold(word): name for name, words in _SYNONYMS.items() for word in words.split()
}
_EXACT, _WITHIN = 1.0, 0.7
_LONGEST_HEADER = 24
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column matched: its index from 0, our name for it, how sure we are, and the header as written."""

    index: int
    field: str
    confidence: float
    header: str


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header ends (index of its last row) and which columns it names."""

    first: int
    last: int
    columns: tuple[Column, ...]

    def index_of(self, field: str) -> int | None:
        """The column of one of our facts."""
        return next((column.index for column in self.columns if column.field == field), None)


def field_of(header: str) -> tuple[str, float] | None:
    """What one header cell means."""
    bare = fold(re.sub(r"[（(【\[].*?[）)】\]]", "", header))
    if not bare or len(bare) > _LONGEST_HEADER:
        return None
    if bare in _FOLDED:
        return _FOLDED[bare], _EXACT
    within = [
        word for word in _FOLDED if len(word) >= _ENOUGH and (bare.endswith(word) or bare.startswith(word))
    ]
    if not within:
        return None
    longest = max(within, key=len)
    return _FOLDED[longest], round(_WITHIN * len(longest) / len(bare) + (1 - _WITHIN) / 2, 2)


def header_of(rows: Sequence[Sequence[str]], *, remembered: Mapping[str, str] | None = None) -> Header | None:
    """The header among the first rows, or None. `remembered` maps header texts of this source to our facts.

    A text that is mapped to nothing names a column that is not to be read.
    """
    known = (remembered or {}).keys()
    best: Header | None = None
    best_score = 0.0
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        # A merged title fills the whole row with one text: that is no header.
        if len({cell for cell in row if cell.strip()}) < _ENOUGH:
            continue
        for last in (at, at + 1):
            if last >= min(len(rows), HEADER_WITHIN):
                continue
            columns = _columns(rows[at : last + 1], remembered or {})
            fields = {column.field for column in columns}
            if len(fields) < _ENOUGH or not fields & {"text", "title"}:
                continue
            score = sum(column.confidence for column in columns) - 0.5 * (last - at)
            # What is known of this source tells its header, columns that are not to be read included.
            score += len({cell.strip() for row in rows[at : last + 1] for cell in row} & known)
            if last > at and not _is_header_like(rows[last]):
                continue
            if score > best_score:
                best, best_score = Header(at, last, columns), score
    return best


def _is_header_like(row: Sequence[str]) -> bool:
    written = [cell for cell in row if cell.strip()]
    return bool(written) and all(
        len(cell) <= _LONGEST_HEADER and not re.search(r"[。；]|\d", cell) for cell in written
    )


def names_written(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """What is written over each column in the rows of a header: the lowest cell names it, those above a group of them."""
    width = max(len(row) for row in rows)
    return [
        list(
            dict.fromkeys(
                row[index].strip() for row in reversed(rows) if index < len(row) and row[index].strip()
            )
        )
        for index in range(width)
    ]


def _columns(rows: Sequence[Sequence[str]], remembered: Mapping[str, str]) -> tuple[Column, ...]:
    taken: dict[str, Column] = {}
    for index, names in enumerate(names_written(rows)):
        for header in names:
            known = (remembered[header], 1.0) if header in remembered else field_of(header)
            if known is None:
                continue
            field, confidence = known
            if not field:
                break
            if field not in taken or taken[field].confidence < confidence:
                taken[field] = Column(index, field, confidence, header)
            break
    by_index: dict[int, Column] = {}
    for column in taken.values():
        if column.index not in by_index or by_index[column.index].confidence < column.confidence:
            by_index[column.index] = column
    return tuple(by_index[index] for index in sorted(by_index))
