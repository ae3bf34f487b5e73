"""What the pages of papers show, as plain values the interface draws."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Person
from bihuan.papers import templating
from bihuan.papers.kinds import CHOICES, DOCUMENT_LABELS, KINDS, Family
from bihuan.papers.matters import matter_of
from bihuan.papers.models import Paper
from bihuan.papers.policy import drafts, is_of_office, may_handle
from bihuan.papers.queries import papers_of, papers_seen, problems_of
from bihuan.papers.rules import DocumentKind
from bihuan.papers.verbs import LABELS, Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor
    from bihuan.papers.kinds import PaperKind

PAGE: Final = 50
MOST_ON_A_PROBLEM: Final = 30
TONES: Final = {Paper.State.ISSUED: "ok", Paper.State.VOID: "plain", Paper.State.DRAFT: "notice"}
FOLLOWS: Final = {
    Paper.State.DRAFT: (Verb.ENTER, Verb.REDRAFT, Verb.VOID),
    Paper.State.ISSUED: (Verb.ENTER, Verb.VOID),
    Paper.State.VOID: (),
}
ADDRESSES: Final = {Verb.ENTER: "papers:enter", Verb.REDRAFT: "papers:redraft", Verb.VOID: "papers:void"}


def kind_words(paper: Paper) -> str:
    """What kind it is, with its kind of document where that follows from the recipients."""
    sort = KINDS[paper.kind]
    document = str(DOCUMENT_LABELS[DocumentKind(paper.document_kind)])
    label = str(sort.label)
    return label if sort.is_form or document in label else f"{label}（{document}）"


def parties_words(parties: Sequence[dict[str, Any]]) -> str:
    """Names in a row."""
    return "、".join(one["name"] for one in parties)


def page_of_list(actor: Actor, asked: dict[str, str]) -> dict[str, Any]:
    """The papers one may know of, newest first, by kind and state. Keyset by id."""
    found = papers_seen(actor).select_related("from_unit").order_by("-id")
    kind, state = asked.get("kind", ""), asked.get("state", "")
    if kind in KINDS:
        found = found.filter(kind=kind)
    if state in Paper.State.values:
        found = found.filter(state=state)
    rows = list(_before(found, asked.get("before", ""))[: PAGE + 1])
    kept = [(name, value) for name, value in (("kind", kind), ("state", state)) if value]
    here = reverse("papers:list")
    return {
        "filters": _filters(here, kind, state),
        "table": _table(
            rows[:PAGE],
            pager=_pager(here, kept, asked.get("before", ""), rows),
            empty={
                "title": _("没有这样的文书"),
                "sentence": _("打开一个问题，在“文书”里点“起草”。"),
                "link": {"words": _("去台账"), "url": reverse("desk:ledger")},
            },
        ),
    }


def _before(found: QuerySet[Paper], before: str) -> QuerySet[Paper]:
    try:
        return found.filter(pk__lt=uuid.UUID(before)) if before else found
    except ValueError:
        return found.none()


def _pager(here: str, kept: list[tuple[str, str]], before: str, rows: list[Paper]) -> dict[str, str] | None:
    further = rows[PAGE - 1].pk if len(rows) > PAGE else None
    if not before and further is None:
        return None
    return {
        "previous_url": f"{here}?{urlencode(kept)}" if before else "",
        "next_url": f"{here}?{urlencode([*kept, ('before', str(further))])}" if further else "",
    }


def _filters(here: str, kind: str, state: str) -> dict[str, Any]:
    chips = []
    if kind in KINDS:
        chips.append(
            {
                "label": _("种类"),
                "value": KINDS[kind].label,
                "remove_url": f"{here}?{urlencode({'state': state})}",
            }
        )
    if state in Paper.State.values:
        label = Paper.State(state).label
        chips.append(
            {"label": _("状态"), "value": label, "remove_url": f"{here}?{urlencode({'kind': kind})}"}
        )
    choices = [("kind", _("种类"), CHOICES, kind), ("state", _("状态"), Paper.State.choices, state)]
    return {
        "url": here,
        "search_name": "",
        "chips": chips,
        "clear_url": here,
        "choices": [
            {
                "name": name,
                "label": label,
                "options": [
                    {"value": value, "label": said, "selected": value == chosen} for value, said in options
                ],
            }
            for name, label, options, chosen in choices
        ],
    }


def _table(rows: Sequence[Paper], **more: Any) -> dict[str, Any]:
    heads = (
        ("title", _("标题")),
        ("kind", _("种类")),
        ("from", _("发文单位")),
        ("to", _("主送")),
        ("no", _("文号或编号")),
        ("on", _("起草日期")),
        ("state", _("状态")),
    )
    return {
        "caption": _("文书"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [_row(paper) for paper in rows],
        **more,
    }


def _row(paper: Paper) -> dict[str, Any]:
    return {
        "id": str(paper.pk),
        "url": reverse("papers:paper", args=[paper.pk]),
        "name": paper.title,
        "cells": [
            paper.title,
            kind_words(paper),
            str(paper.from_unit),
            parties_words(paper.addressed_to),
            paper.document_no or paper.paper_no,
            paper.drafted_on,
            state_chip(paper),
        ],
    }


def state_chip(paper: Paper) -> dict[str, Any]:
    """Draft, issued or void."""
    state = Paper.State(paper.state)
    return {"piece": "chip", "words": state.label, "tone": TONES[state]}


def section_of(actor: Actor, problem: Problem) -> dict[str, Any]:
    """The section 文书 of a problem's page: what there is, and whether one may be drafted now."""
    rows = list(papers_of(actor, problem)[:MOST_ON_A_PROBLEM])
    may = any(one["allowed"] for one in kinds_for(actor, [problem]))
    return {
        "papers": [
            {
                "url": reverse("papers:paper", args=[paper.pk]),
                "title": paper.title,
                "kind": kind_words(paper),
                "no": paper.document_no or paper.paper_no,
                "on": paper.issued_on or paper.drafted_on,
                "state": state_chip(paper),
            }
            for paper in rows
        ],
        "draft_url": f"{reverse('papers:choose')}?pick={problem.pk}" if may else "",
    }


def kinds_for(actor: Actor, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Every kind that fits these problems in their state and that this actor may draft, forms last."""
    fitting = []
    for kind in KINDS.values():
        if not kind.of_matter and drafts(actor, kind, problems) and (kind.several or len(problems) == 1):
            in_time = all(State(problem.state) in kind.states for problem in problems)
            fitting.append({"kind": kind, "allowed": in_time})
    return fitting


def choices_for(actor: Actor, problems: Sequence[Problem], query: str) -> list[dict[str, Any]]:
    """The kinds that may be drafted now, in their two families; `query` names the problems again."""
    groups = []
    kinds = [one["kind"] for one in kinds_for(actor, problems) if one["allowed"]]
    for family, label in ((Family.OFFICIAL, _("公文（草稿）")), (Family.FORM, _("表单"))):
        links = [
            {"words": kind.label, "url": f"{reverse('papers:draft', args=[kind.code])}?{query}"}
            for kind in kinds
            if kind.family is family
        ]
        if links:
            groups.append({"label": label, "links": links})
    return groups


def page_of_paper(actor: Actor, paper: Paper) -> dict[str, Any]:
    """One paper: its facts, what it is about, what is still blank, and what may be done with it."""
    problems = problems_of(paper)
    return {
        "paper": paper,
        "title": paper.title,
        "crumbs": [{"words": _("文书"), "url": reverse("papers:list")}],
        "chips": [state_chip(paper)],
        "facts": _facts(paper),
        "blanks": _blanks(paper),
        "problems": [
            {
                "words": f"{problem.problem_no} {problem.title}",
                "url": reverse("desk:problem", args=[problem.pk]),
            }
            for problem in problems
        ],
        "matter": _matter(actor, paper),
        "word_url": reverse("files:download", args=[paper.draft_id]) if paper.draft_id else "",
        "copy_url": reverse("files:download", args=[paper.signed_copy_id]) if paper.signed_copy_id else "",
        "acts": _acts(actor, paper),
        "lines": lines_of(paper),
    }


def _matter(actor: Actor, paper: Paper) -> dict[str, str] | None:
    """The record of another room it was made of, for the office whose record it is."""
    if paper.about is None or not is_of_office(actor, paper.jurisdiction):
        return None
    words, url = matter_of(paper.kind).page(paper.about)
    return {"words": words, "url": url}


def _facts(paper: Paper) -> list[dict[str, Any]]:
    drafter = Person.objects.filter(pk=paper.drafted_by).first() if paper.drafted_by else None
    by = drafter.name if drafter else _("程序")
    template = paper.template
    words = (
        _("%(place)s第 %(version)d 版") % {"place": template.jurisdiction.name, "version": template.version}
        if template
        else _("起始文字")
    )
    pairs: list[tuple[str, Any]] = [
        (_("种类"), kind_words(paper)),
        (_("发文单位"), str(paper.from_unit)),
        (_("落款"), paper.signed_by),
        (_("主送"), parties_words(paper.addressed_to)),
        (_("抄送"), parties_words(paper.copies_to)),
        (_("表单编号"), paper.paper_no),
        (
            _("文号"),
            paper.document_no if paper.sort.is_form else paper.document_no or _("由公文系统编号，印发后回填"),
        ),
        (_("印发日期"), paper.issued_on),
        (_("起草"), f"{by} · {paper.drafted_on.isoformat()}"),
        (_("稿次"), _("第 %(edition)d 稿") % {"edition": paper.edition}),
        (_("模板"), words + (_("，改过文字") if paper.by_hand else "")),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def _blanks(paper: Paper) -> list[str]:
    """What the reader will find blank: typed places left empty, and what the ledger does not know yet."""
    if paper.sort.is_form:
        gaps = templating.missing(paper.text, paper.named_values)
        return [name for name in gaps if name != templating.SIGNATURE]
    return (
        [_("有 %(count)d 处待填") % {"count": count}] if (count := paper.text.count(templating.BLANK)) else []
    )


def lines_of(paper: Paper) -> list[dict[str, Any]]:
    """The words of a paper, for readers without page pictures."""
    if not paper.sort.is_form:
        return [{"text": line} for line in paper.text.splitlines()]
    lines: list[dict[str, Any]] = []
    for line in templating.form_lines(paper.text, paper.named_values):
        if line.is_list:
            lines.append({"text": _("（问题清单）")})
        elif line.note:
            lines.append({"text": line.note})
        else:
            lines += [{"label": cell.label, "text": cell.value} for cell in line.cells]
    return lines


def _acts(actor: Actor, paper: Paper) -> dict[str, Any] | None:
    verbs = FOLLOWS[Paper.State(paper.state)]
    if not verbs:
        return None
    try:
        may_handle(actor, [paper], {})
    except Refused as refused:
        return {"allowed": [], "denied": [{"label": LABELS[verb], "why": str(refused)} for verb in verbs]}
    corrects = paper.state == Paper.State.ISSUED
    return {
        "allowed": [
            {
                "label": _("更正文号") if verb is Verb.ENTER and corrects else LABELS[verb],
                "url": reverse(ADDRESSES[verb], args=[paper.pk]),
                "primary": verb is Verb.ENTER and not corrects,
            }
            for verb in verbs
        ],
    }


def kind_or_none(code: str) -> PaperKind | None:
    """The kind an address names."""
    return KINDS.get(code)
