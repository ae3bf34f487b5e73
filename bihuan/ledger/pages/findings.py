"""What the pages of findings show: the list with its tabs, one finding, and the totals of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.channels import clue_counts
from bihuan.ledger.findings import (
    NOT_YET,
    SETTLED,
    FindingFilters,
    batches_seen,
    findings_seen,
    narrowed,
    obstacle_to_answering,
    page_of,
    problems_of,
    raised_by,
    totals_of,
)
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Batch, FindingState, Source
from bihuan.ledger.origins import ways_to
from bihuan.ledger.pages.marks import chip, link, missing, problem_columns, problem_rows
from bihuan.ledger.policy import may_answer
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Finding, Problem

LONGEST_TITLE: Final = 110
LONGEST_NAME: Final = 40
MOST_BATCHES: Final = 200
OFFERED: Final[dict[LedgerVerb, tuple[str, Any]]] = {
    LedgerVerb.ANSWER_FINDING: ("ledger:answer_finding", gettext_lazy("登记对来源机关的正式答复。")),
    LedgerVerb.RECORD_DETERMINATION: (
        "ledger:record_determination",
        gettext_lazy("用来源机关自己的词登记它的认定。"),
    ),
    LedgerVerb.DRAFT_ANSWER: (
        "ledger:draft_answer",
        gettext_lazy("先把答复的话写好，等问题全部办结再登记。"),
    ),
}


def list_context(actor: Actor, filters: FindingFilters, cursor: str) -> dict[str, Any]:
    """Findings of every batch one sees, or of one batch in the source's own order."""
    batch = batches_seen(actor).filter(code=filters.batch).first() if filters.batch else None
    return {
        "filters": filter_bar(actor, filters),
        "tabs": tabs(reverse("ledger:findings"), filters),
        "table": findings_table(actor, filters, cursor, address=reverse("ledger:findings")),
        "export_url": reverse("ledger:export_answers", args=[batch.pk]) if batch else "",
        "batch_url": reverse("ledger:batch", args=[batch.pk]) if batch else "",
        "clues": clue_counts(actor),
    }


def tabs(address: str, filters: FindingFilters) -> dict[str, Any]:
    """What waits, what can be answered today, what is answered."""
    shown = [("", _("全部")), ("open", _("未答复")), ("ready", _("可以答复")), ("answered", _("已答复"))]
    return {
        "views": [
            {"name": name, "url": f"{address}?{filters.query(show=key)}", "current": filters.show == key}
            for key, name in shown
        ]
    }


def filter_bar(actor: Actor, filters: FindingFilters) -> dict[str, Any]:
    """Batch, source and the source's own verdict."""
    batches = batches_seen(actor).order_by("-received_on", "-id")[:MOST_BATCHES]
    choices = {
        "batch": (_("批次"), {batch.code: batch.title for batch in batches}),
        "source": (_("来源"), {source.code: source.label for source in Source.objects.all()}),
        "determination": (_("认定结果"), {NOT_YET: _("尚未认定"), **_determinations(actor)}),
    }
    address = reverse("ledger:findings")
    return {
        "url": address,
        "search_name": "",
        "chips": [
            {
                "label": label,
                "value": options.get(value, value),
                "remove_url": f"{address}?{filters.query(**{name: ''})}",
            }
            for name, (label, options) in choices.items()
            if (value := filters.given().get(name))
        ],
        "choices": [
            {
                "name": name,
                "label": label,
                "options": [
                    {"value": value, "label": words, "selected": filters.given().get(name) == value}
                    for value, words in options.items()
                ],
            }
            for name, (label, options) in choices.items()
        ],
        "clear_url": address if filters.given() else "",
        "kept": [("show", filters.show)] if filters.show else [],
    }


def _determinations(actor: Actor) -> dict[str, str]:
    """The verdicts that were really given; each source has words of its own."""
    given = findings_seen(actor).exclude(determination="").order_by("determination")
    return {words: words for words in given.values_list("determination", flat=True).distinct()[:40]}


def findings_table(
    actor: Actor, filters: FindingFilters, cursor: str, *, address: str, of_batch: bool = False
) -> dict[str, Any]:
    """One page of findings; the number of queries does not depend on the number of rows."""
    findings = narrowed(findings_seen(actor), filters, actor)
    rows, following = page_of(findings, in_order=bool(filters.batch), cursor=cursor)
    problems = raised_by(actor, rows)
    heads = [("no", _("源编号")), ("title", _("反馈原文")), ("batch", _("批次")), ("problems", _("已办结"))]
    heads += [("due", _("期限")), ("determination", _("认定结果")), ("answer", _("答复"))]
    hidden = {"batch"} if of_batch else set()
    first = f"{address}?{filters.query()}" if cursor else ""
    return {
        "caption": _("反馈问题"),
        "columns": [{"key": key, "label": label} for key, label in heads if key not in hidden],
        "rows": [_row(finding, problems.get(finding.pk, []), of_batch=of_batch) for finding in rows],
        "pager": {
            "order_words": _("按来源原序") if filters.batch else _("按登记由新到旧"),
            "previous_url": first,
            "next_url": f"{address}?{filters.query(after=following)}" if following else "",
        },
        "empty": {
            "title": _("没有符合条件的反馈问题"),
            "sentence": _("反馈问题由摸底逐条确认后进入这里；交办给您单位的，在问题页上也看得到原文。"),
        },
    }


def _row(finding: Finding, problems: Sequence[Problem], *, of_batch: bool) -> dict[str, Any]:
    cells = [
        number_of(finding),
        shortened(finding.text, LONGEST_TITLE),
        link(finding.batch.title, f"{reverse('ledger:findings')}?batch={finding.batch.code}"),
        _progress(problems),
        due_of(finding),
        finding.determination or missing(_("未认定")),
        answer_chip(finding, problems),
    ]
    if of_batch:
        del cells[2]
    return {
        "id": str(finding.pk),
        "url": reverse("ledger:finding", args=[finding.pk]),
        "name": number_of(finding),
        "cells": cells,
    }


def number_of(finding: Finding) -> str:
    """The number printed in the document, or the place in the source's order where it prints none."""
    return finding.source_no or _("第 %(ordinal)s 条") % {"ordinal": finding.ordinal}


def shortened(text: str, longest: int) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _progress(problems: Sequence[Problem]) -> Any:
    if not problems:
        return missing(_("未登记"))
    ended = sum(State(problem.state) in SETTLED for problem in problems)
    return f"{ended} / {len(problems)}"


def due_of(finding: Finding) -> Any:
    """The source's own date for this item."""
    if finding.deadline is None:
        return None
    late = finding.state == FindingState.OPEN and finding.deadline < today()
    return {"piece": "due", "current": finding.deadline, "late": late}


def answer_chip(finding: Finding, problems: Sequence[Problem]) -> dict[str, Any]:
    """Answered, drafted, ready to be answered, or waiting for its problems."""
    if finding.state == FindingState.ANSWERED:
        return chip(_("已答复"), "ok")
    if problems and all(State(problem.state) in SETTLED for problem in problems):
        return chip(_("可以答复"), "strong")
    return chip(_("已草拟") if finding.answer else _("未答复"))


def finding_context(actor: Actor, finding: Finding) -> dict[str, Any]:
    """One finding: the source's words, what became of them, and the answer."""
    problems = list(
        problems_of(actor, finding)
        .select_related("source", "lead_unit", "merged_into")
        .order_by("problem_no")
    )
    answered_at = timezone.localtime(finding.answered_at) if finding.answered_at else None
    obstacle = None if finding.state == FindingState.ANSWERED else obstacle_to_answering(actor, finding)
    return {
        "finding": finding,
        "title": shortened(finding.text, LONGEST_NAME),
        "crumbs": [
            {"words": _("反馈问题"), "url": reverse("ledger:findings")},
            {"words": finding.batch.title, "url": batch_url(actor, finding.batch)},
            {"words": number_of(finding), "url": ""},
        ],
        "chips": [answer_chip(finding, problems)],
        "source_text": {"text": finding.text, "origin": [_place(finding), *_ways(actor, finding)]},
        "facts": _facts(finding),
        "problems": {
            "caption": _("登记成的问题"),
            "columns": problem_columns(),
            "rows": problem_rows(problems),
            "empty": {
                "title": _("还没有登记问题"),
                "sentence": _("在摸底中确认候选，或由整改办在这里登记。"),
            },
        },
        "answer": {"text": finding.answer, "at": answered_at, "document": finding.answer_document},
        "drifted": _drifted(finding, problems),
        "acts": _acts(actor, finding, obstacle),
    }


def batch_url(actor: Actor, batch: Batch) -> str:
    """The page of the batch, for those who see it."""
    seen = batches_seen(actor).filter(pk=batch.pk).exists()
    return reverse("ledger:batch", args=[batch.pk]) if seen else ""


def _place(finding: Finding) -> str:
    place = finding.batch.title
    if finding.page:
        place += _("，第 %(page)d 页") % {"page": finding.page}
    heading = [part for part in finding.heading if isinstance(part, str)]
    return f"{place} · {' / '.join(heading)}" if heading else place


def _ways(actor: Actor, finding: Finding) -> list[Any]:
    ways = ways_to(actor, finding)
    return [[_("原文位置："), *ways]] if ways else []


def _facts(finding: Finding) -> list[dict[str, Any]]:
    batch = finding.batch
    determined = finding.determination or missing(_("尚未认定"))
    pairs: list[tuple[Any, Any]] = [
        (_("来源"), f"{batch.source.label} · {batch.source_authority}"),
        (_("来文"), batch.document_no),
        (_("收到日期"), batch.received_on),
        (_("源编号"), finding.source_no),
        (_("序号"), finding.ordinal),
        (_("期限"), due_of(finding)),
        (_("销号权所在"), finding.closing_authority or batch.closing_authority or batch.source_authority),
        (_("认定结果"), determined),
        (_("认定日期"), finding.determined_on),
        (_("认定文号"), finding.determination_document),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value not in (None, "")]


def _drifted(finding: Finding, problems: Sequence[Problem]) -> dict[str, Any] | None:
    """A finding that was answered and whose problem has come back since."""
    if finding.state != FindingState.ANSWERED:
        return None
    back = [problem.problem_no for problem in problems if State(problem.state) not in SETTLED]
    if not back:
        return None
    return {
        "title": _("答复以后有问题重新在办：%(numbers)s") % {"numbers": listed(back)},
        "lines": [_("办结后请向来源机关更正答复。")],
        "tone": "late",
    }


def _acts(actor: Actor, finding: Finding, obstacle: Refused | None) -> dict[str, Any] | None:
    """What the office may do about it; for others there is nothing to do here."""
    try:
        may_answer(actor, [finding], {})
    except Refused:
        return None
    answered = finding.state == FindingState.ANSWERED
    blocked = obstacle_to_answering(actor, finding) if answered else obstacle
    why_not = {
        LedgerVerb.ANSWER_FINDING: str(blocked) if blocked else "",
        LedgerVerb.DRAFT_ANSWER: _("已经答复。") if answered else "",
    }
    allowed = [
        {
            "label": LABELS[verb],
            "url": reverse(name, args=[finding.pk]),
            "consequence": _("更正已有的答复，原答复留在日志里。")
            if answered and verb == LedgerVerb.ANSWER_FINDING
            else then,
            "primary": verb == LedgerVerb.ANSWER_FINDING and not answered,
        }
        for verb, (name, then) in OFFERED.items()
        if not why_not.get(verb)
    ]
    register = {
        "label": _("登记问题"),
        "url": f"{reverse('ledger:register')}?finding={finding.pk}",
        "consequence": _("由这条反馈再登记一个问题；它也办结了才能答复。"),
    }
    denied = [{"label": LABELS[verb], "why": why} for verb, why in why_not.items() if why]
    return {"allowed": [*allowed, register], "denied": denied}


def batch_context(actor: Actor, batch: Batch, filters: FindingFilters, cursor: str) -> dict[str, Any]:
    """What came of one feedback: its totals, its findings in the source's order, and the way to everything else."""
    totals = totals_of(actor, batch)
    findings, ledger = reverse("ledger:findings"), reverse("desk:ledger")
    here = reverse("ledger:batch", args=[batch.pk])
    works_here = batch.jurisdiction.path in sight_of(actor).jurisdictions
    code = f"batch={batch.code}"
    return {
        "batch": batch,
        "crumbs": [{"words": _("反馈问题"), "url": findings}, {"words": batch.code, "url": ""}],
        "figures": [
            {"label": _("反馈问题"), "value": totals["findings"], "url": here},
            {"label": _("未答复"), "value": totals["unanswered"], "url": f"{here}?show=open",
             "note": _("逾期 %(count)s") % {"count": totals["late"]} if totals["late"] else "",
             "late": bool(totals["late"])},
            {"label": _("未认定"), "value": totals["undetermined"], "url": f"{here}?determination={NOT_YET}"},
            {"label": _("问题"), "value": totals["problems"], "url": f"{ledger}?{code}"},
            {"label": _("在办"), "value": totals["open"], "url": f"{ledger}?{code}&state=open"},
            {"label": _("已销号"), "value": totals["closed"], "url": f"{ledger}?{code}&state=closed",
             "note": _("其他办结 %(count)s") % {"count": totals["ended"]} if totals["ended"] else ""},
        ],
        "words": _batch_words(batch),
        "tabs": tabs(here, filters),
        "table": findings_table(actor, filters, cursor, address=here, of_batch=True),
        "export_url": reverse("ledger:export_answers", args=[batch.pk]),
        "intake_url": reverse("intake:batch", args=[batch.pk]) if works_here else "",
    }  # fmt: skip


def _batch_words(batch: Batch) -> list[str]:
    """What is known of the feedback, in one line."""
    pairs: list[tuple[str, Any]] = [
        ("", batch.source.label),
        ("", batch.source_authority),
        ("", batch.document_no),
        (_("收到"), batch.received_on),
        (_("整批期限"), batch.deadline),
        (_("销号权所在"), batch.closing_authority),
        (_("封账"), timezone.localtime(batch.sealed_at).date() if batch.sealed_at else _("未封账")),
    ]
    return [f"{label} {value}".strip() for label, value in pairs if value]
