"""The sheet an office fills in to bring a ledger: the columns intake reads, each with what may stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.documents.entry_sheet import EntryColumn, EntryWords, entry_sheet_bytes
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Sector, Source, TermKind
from bihuan.ledger.taxonomy import offered, term_choices
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

MOST_UNITS = 3000


def template_bytes(actor: Actor) -> bytes:
    """The empty sheet, with the lists of the actor's own place."""
    words = EntryWords(
        sheet=_("台账"),
        explanations=_("填写说明"),
        lists=_("选项"),
        heads=(_("列"), _("必填"), _("怎么填"), _("例")),
        yes=_("必填"),
    )
    return entry_sheet_bytes(_columns(actor), words)


def _columns(actor: Actor) -> list[EntryColumn]:
    language = get_language() or ""
    states = [STATE_WORDS[state].say(language) for state in State]
    date = _("写成 2026-09-30、2026年9月30日、2026.9 都认。")
    return [
        EntryColumn("序号", _("一个编号可以有几个问题：下面各行编号留空或合并单元格。"), "1", width=7),
        EntryColumn("问题描述", _("照原文写全，一行一个问题。"), width=48, required=True),
        EntryColumn("问题标题", _("不填则取描述的第一句。"), width=24),
        EntryColumn("问题来源", _("不填则随批次。"), choices=_labels(Source), width=16),
        EntryColumn("领域", _("不填则由程序按描述判断。"), choices=_labels(Sector), width=16),
        EntryColumn(
            "责任单位",
            _("单位全称；已交办及以后的必填。几个单位用顿号隔开，第一个是牵头单位。"),
            choices=_units(actor),
            width=22,
            strict=False,
        ),
        EntryColumn("配合单位", _("几个单位用顿号隔开。"), width=22),
        EntryColumn("整改状态", _("现在走到哪一步；不填且有责任单位的作整改中。"), choices=states),
        EntryColumn("发现时间", _("不填则取批次收到日期。") + date, "2026-03-20"),
        EntryColumn("整改时限", date + _("也可写 立行立改、长期坚持、8月底前。"), "2026-09-30"),
        EntryColumn("销号时间", _("已销号的必填。"), "2026-06-30"),
        *_terms(),
        EntryColumn("涉及金额（万元）", _("只写数字，单位写在列名里：元、万元、亿元。"), "12.5"),
        EntryColumn("定性依据", _("违反了哪条规定。"), width=24),
        EntryColumn("点位", _("问题在什么地方。"), width=18),
        EntryColumn("整改措施", _("准备怎么改。"), width=30),
        EntryColumn("整改进展", _("写到的百分数作为进度。"), "60%", width=24),
        EntryColumn("未完成原因", _("为什么还没有完成。"), width=24),
    ]


def _terms() -> list[EntryColumn]:
    kinds = (
        ("问题性质", TermKind.NATURE),
        ("影响程度", TermKind.IMPACT),
        ("轻重缓急", TermKind.URGENCY),
        ("问题等级", TermKind.GRADE),
        ("整改类型", TermKind.RECTIFICATION_KIND),
    )
    left_out = _("不填则由程序判断。")
    return [
        EntryColumn(header, left_out, choices=[str(label) for _code, label in term_choices(kind)])
        for header, kind in kinds
    ]


def _labels(model: type[Sector | Source]) -> list[str]:
    return list(dict.fromkeys(one.label for one in offered(model.objects.all())))


def _units(actor: Actor) -> list[str]:
    place = jurisdiction_of(actor)
    if place is None:
        return []
    units = Unit.objects.filter(path__under=place.path, closed_on__isnull=True).order_by("path")
    return list(dict.fromkeys(units.values_list("name", flat=True)[:MOST_UNITS]))
