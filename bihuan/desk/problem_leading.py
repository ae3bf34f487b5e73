"""What leaders did for a problem: instructions, visits, and its place on the focus list, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.journal.timesource import today
from bihuan.journal.wording import strung
from bihuan.rectification.leading_queries import focus_of, instructions_of, standing_entry, visits_of
from bihuan.rectification.withdrawing import withdrawn_words
from bihuan.web import components as ui

if TYPE_CHECKING:
    from datetime import date

    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import FocusEntry, LeaderInstruction, LeadersAct, Visit


def chips(problem: Problem) -> list[ui.Chip]:
    """Whether it is on the focus list."""
    entry = standing_entry(problem)
    if entry is None:
        return []
    return [ui.Chip(words=_("重点问题 %(day)s 列入") % {"day": entry.since.isoformat()}, tone="ink")]


def acts(problem: Problem) -> ui.Table:
    """One row each; three statements, one more for the files of visits."""
    rows: list[tuple[date, ui.Row]] = [
        *((one.on, _instruction(one)) for one in instructions_of(problem)),
        *((one.on, _visit(one)) for one in visits_of(problem)),
        *((one.since, _focus(one)) for one in focus_of(problem)),
    ]
    rows.sort(key=lambda one: one[0], reverse=True)
    return ui.Table(
        caption=_("领导批示与督导"),
        columns=[
            ui.Column(key="day", label=_("日期")),
            ui.Column(key="what", label=_("事项")),
            ui.Column(key="who", label=_("谁")),
            ui.Column(key="title", label=_("内容")),
            ui.Column(key="entered", label=_("登记人")),
        ],
        rows=[row for _on, row in rows],
    )


def _instruction(one: LeaderInstruction) -> ui.Row:
    said: list[ui.Words | ui.Mark] = [f"“{one.words}”"]
    if one.document_no:
        said.append(one.document_no)
    if one.file_id:
        said.append(_file(one.file_id, _("批示扫描件")))
    said.append(answer_of(one))
    what = _("领导批示")
    shown = said if one.withdrawn_on is None else _struck(one, said[:-1])
    return ui.Row(id=str(one.pk), name=what, cells=[one.on, what, one.leader_name, shown, entered_words(one)])


def _struck(one: Visit | LeaderInstruction, said: list[ui.Words | ui.Mark]) -> list[ui.Words | ui.Mark]:
    """What was written down wrongly stays to be read, with who took it back and why; files stay links."""
    gone = [
        words if isinstance(words, ui.Link) else ui.Struck(words=str(words), said=_("已撤回："))
        for words in said
    ]
    return [*gone, withdrawn_words(one)]


def answer_of(one: LeaderInstruction) -> ui.Words | ui.Mark:
    """What came of it; lit where it is wanted and not there."""
    if one.answered_on is not None:
        return _("%(day)s 报告：%(answer)s") % {"day": one.answered_on.isoformat(), "answer": one.answer}
    if one.answer_by is None:
        return _("尚未报告办理情况")
    late = one.answer_by < today()
    words = _("应于 %(day)s 前报告，已过期未报") if late else _("应于 %(day)s 前报告")
    said = words % {"day": one.answer_by.isoformat()}
    return ui.Missing(words=said) if late else said


def _visit(one: Visit) -> ui.Row:
    said: list[ui.Words | ui.Mark] = [strung(part for part in (one.place, one.found) if part)]
    if one.companions:
        said.append(_("同行：%(who)s") % {"who": one.companions})
    said += [_file(row.file_id, row.file.name) for row in one.files.all()]
    what = _("现场督导")
    shown = said if one.withdrawn_on is None else _struck(one, said)
    return ui.Row(id=str(one.pk), name=what, cells=[one.on, what, one.leader_name, shown, entered_words(one)])


def _focus(one: FocusEntry) -> ui.Row:
    said: list[ui.Words | ui.Mark] = [one.reason]
    if one.until is not None:
        said.append(
            _("%(day)s 由%(who)s移出：%(why)s")
            % {"day": one.until.isoformat(), "who": one.taken_by_name, "why": one.taken_off_because}
        )
    sponsor = _("包抓：%(post)s") % {"post": f"{one.sponsor.unit} {one.sponsor.name}"}
    what = _("列入重点问题清单")
    return ui.Row(id=str(one.pk), name=what, cells=[one.since, what, sponsor, said, one.put_by_name])


def entered_words(one: LeadersAct) -> str:
    """Who wrote it down, in what relation to the leader, and how late."""
    how = f"{one.entered_by_name}（{one.get_entered_as_display()}）"
    days = one.days_late
    if days == 0:
        return how
    late = ngettext("%(n)d 天后补录", "%(n)d 天后补录", days) % {"n": days}
    return strung((how, late))


def _file(pk: object, words: str) -> ui.Link:
    return ui.Link(words=words, url=reverse("files:download", args=[pk]))
