"""What the pages of sittings show, as plain values the interface draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.journal.action import NotAllowed, NotVisible
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.organizations.models import Person
from bihuan.papers.queries import papers_seen
from bihuan.rectification.acceptance_words import FAILED, GATE_ANSWERS, GATES, NOT_APPLICABLE
from bihuan.rectification.models import ClosureSitting, Outcome, SittingCase
from bihuan.rectification.panel_reading import signed_words
from bihuan.rectification.policy import may_decide_sitting
from bihuan.rectification.sitting_queries import sittings_seen, waiting_for_sitting, with_counts
from bihuan.rectification.verbs import LABELS, Verb
from bihuan.sittings.forms import MarkForm
from bihuan.sittings.reading import RELATED, CaseFacts, read_cases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.journal.action import Actor

PART: Final = 25
PAGE: Final = 50
OPEN: Final = "open"
PREVIEW: Final = "page"
PAPERS: Final = ("closure_minutes", "closure_notice", "filing_form")
TONES: Final = {
    ClosureSitting.State.PREPARED: "strong",
    ClosureSitting.State.DECIDED: "ok",
    ClosureSitting.State.CANCELLED: "plain",
}


# ---- the list ----------------------------------------------------------------------------------------------------------


def page_of_list(actor: Actor) -> dict[str, Any]:
    """Every sitting one may know of, the latest day first."""
    rows = list(with_counts(sittings_seen(actor))[:PAGE])
    waiting = waiting_for_sitting(actor).count()
    heads = (
        ("title", _("会议名称")), ("on", _("会议日期")), ("unit", _("整改办")), ("count", _("件数")),
        ("marked", _("已填")), ("minutes", _("会议纪要编号")), ("state", _("状态")),
    )  # fmt: skip
    return {
        "waiting": waiting,
        "prepare_url": reverse("sittings:prepare") + "?scope=all" if waiting else "",
        "table": {
            "caption": _("销号会审"),
            "columns": [
                {"key": key, "label": label, "right": key in {"count", "marked"}} for key, label in heads
            ],
            "rows": [_list_row(row) for row in rows],
            "empty": {
                "title": _("还没有销号会审"),
                "sentence": _("验收通过、公示期满的问题等待销号审定，可以合在一次会上逐件审定。"),
            },
        },
    }


def _list_row(row: Any) -> dict[str, Any]:
    state = ClosureSitting.State(row.state)
    return {
        "id": str(row.pk),
        "url": reverse("sittings:sitting", args=[row.pk]),
        "name": row.title,
        "cells": [
            row.title, row.held_on, row.jurisdiction.name, row.count, row.marked, row.minutes_no,
            {"piece": "chip", "words": state.label, "tone": TONES[state]},
        ],
    }  # fmt: skip


# ---- one sitting -------------------------------------------------------------------------------------------------------


def page_of_sitting(
    actor: Actor, sitting: ClosureSitting, asked: Mapping[str, str], data: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One part of the sitting: its rows with their marks, the tabs with their numbers, and what may be done."""
    cases = SittingCase.objects.filter(sitting=sitting)
    numbers = _numbers(cases)
    show = asked.get("show", "")
    show = show if show in {OPEN, *Outcome.values} else ""
    part = _part(asked.get("part", ""), numbers[show])
    rows = list(
        _slice(cases, show)
        .select_related(*(f"problem__{name}" for name in RELATED))
        .order_by("ordinal")[(part - 1) * PART : part * PART]
    )
    editable = sitting.state == ClosureSitting.State.PREPARED
    facts = read_cases(actor, rows)
    forms = [MarkForm(data, case=row) for row in rows] if editable else []
    return {
        "sitting": sitting,
        "title": sitting.title,
        "crumbs": [{"words": _("销号会审"), "url": reverse("sittings:list")}],
        "state": {
            "piece": "chip",
            "words": sitting.get_state_display(),
            "tone": TONES[ClosureSitting.State(sitting.state)],
        },
        "editable": editable,
        "tabs": _tabs(sitting, numbers, show),
        "rows": [
            _row(one, forms[at] if editable else None, sitting, (part - 1) * PART + at + 1)
            for at, one in enumerate(facts)
        ],
        "forms": forms,
        "pager": _pager(sitting, show, part, numbers[show]),
        "facts": _facts(sitting),
        "acts": _acts(actor, sitting),
        "papers": _papers(actor, sitting),
        "sheet_url": reverse("sittings:sheet", args=[sitting.pk]),
        "filing_url": reverse("sittings:filing", args=[sitting.pk])
        if sitting.state == ClosureSitting.State.DECIDED
        else "",
    }


def after_saving(sitting: ClosureSitting, asked: Mapping[str, str]) -> str:
    """Where one goes on: the next part, or, where rows leave the slice by being marked, what is left of it."""
    show = asked.get("show", "")
    if show in {OPEN, *Outcome.values}:
        return _address(sitting, show, 1)
    count = SittingCase.objects.filter(sitting=sitting).count()
    part = _part(asked.get("part", ""), count)
    return _address(sitting, "", part + 1 if part * PART < count else part)


def _slice(cases: QuerySet[SittingCase], show: str) -> QuerySet[SittingCase]:
    if not show:
        return cases
    return cases.filter(outcome="" if show == OPEN else show)


def _numbers(cases: QuerySet[SittingCase]) -> dict[str, int]:
    counts = {one.value: Count("pk", filter=Q(outcome=one)) for one in Outcome}
    found = cases.aggregate(all=Count("pk"), still_open=Count("pk", filter=Q(outcome="")), **counts)
    return {"": found.pop("all"), OPEN: found.pop("still_open"), **found}


def _part(asked: str, count: int) -> int:
    last = max(1, -(-count // PART))
    return min(int(asked), last) if asked.isdigit() and int(asked) else 1


def _address(sitting: ClosureSitting, show: str, part: int) -> str:
    query = f"?part={part}" + (f"&show={show}" if show else "")
    return reverse("sittings:sitting", args=[sitting.pk]) + query


def _tabs(sitting: ClosureSitting, numbers: dict[str, int], show: str) -> dict[str, Any]:
    names: list[tuple[str, Any]] = [("", _("全部")), (OPEN, _("未填"))]
    names += [(one.value, one.label) for one in Outcome]
    return {
        "views": [
            {"name": name, "url": _address(sitting, code, 1), "count": numbers[code], "current": code == show}
            for code, name in names
        ]
    }


def _pager(sitting: ClosureSitting, show: str, part: int, count: int) -> dict[str, Any] | None:
    last = max(1, -(-count // PART))
    if last == 1:
        return None
    return {
        "range_words": _("第 %(part)d 部分，共 %(last)d 部分") % {"part": part, "last": last},
        "order_words": _("按列入次序"),
        "previous_url": _address(sitting, show, part - 1) if part > 1 else "",
        "next_url": _address(sitting, show, part + 1) if part < last else "",
    }


def _facts(sitting: ClosureSitting) -> list[dict[str, Any]]:
    people = Person.objects.filter(pk__in=[sitting.prepared_by, sitting.decided_by])
    names = {person.pk: person.name for person in people}
    file = sitting.file
    pairs: list[tuple[str, Any]] = [
        (_("会议日期"), sitting.held_on),
        (_("会议地点"), sitting.place),
        (_("参加人员"), "、".join(str(one["name"]) for one in sitting.members)),
        (_("筹备人"), names.get(sitting.prepared_by, "")),
        (_("会议纪要编号"), sitting.minutes_no),
        (_("审定人"), names.get(sitting.decided_by, "") if sitting.decided_by else ""),
        (_("审定意见"), sitting.opinion),
        (
            _("签发的纪要"),
            {"piece": "link", "words": file.name, "url": reverse("files:download", args=[file.pk])}
            if file
            else "",
        ),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def _acts(actor: Actor, sitting: ClosureSitting) -> dict[str, Any] | None:
    if sitting.state != ClosureSitting.State.PREPARED:
        return None
    decides, why = True, ""
    try:
        may_decide_sitting(actor, [sitting], {})
    except (NotAllowed, NotVisible) as refused:
        decides, why = False, str(refused.accepted or refused)
    own = {actor.person, actor.on_behalf_of} & {sitting.prepared_by, sitting.prepared_principal} - {None}
    if decides and own:
        decides, why = False, _("筹备会审的人不能审定。")
    decide = {
        "label": LABELS[Verb.DECIDE_SITTING],
        "url": reverse("sittings:decide", args=[sitting.pk]),
        "consequence": _("每一件同时销号、转常态、退回或缓议，随后起草纪要和销号通知。"),
        "primary": True,
    }
    others = [
        {
            "label": LABELS[Verb.EDIT_SITTING],
            "url": reverse("sittings:edit", args=[sitting.pk]),
            "consequence": _("改会议日期、地点、参加人员。"),
        },
        {
            "label": LABELS[Verb.CANCEL_SITTING],
            "url": reverse("sittings:cancel", args=[sitting.pk]),
            "consequence": _("各件回到等待审定，可以列入别的会审。"),
        },
    ]
    if decides:
        return {"allowed": [decide, *others]}
    return {
        "allowed": others,
        "denied": [{"label": LABELS[Verb.DECIDE_SITTING], "why": why}],
    }


def _papers(actor: Actor, sitting: ClosureSitting) -> list[dict[str, str]]:
    """What was drafted of it afterwards."""
    if sitting.decided_on is None:
        return []
    found = papers_seen(actor).filter(
        kind__in=PAPERS, subjects__problem__sitting_cases__sitting=sitting, drafted_on__gte=sitting.decided_on
    )
    return [
        {"title": paper.title, "url": reverse("papers:paper", args=[paper.pk])}
        for paper in found.distinct().order_by("id")[:PAGE]
    ]


# ---- one row -----------------------------------------------------------------------------------------------------------


def _row(one: CaseFacts, form: MarkForm | None, sitting: ClosureSitting, number: int) -> dict[str, Any]:
    problem, case = one.problem, one.case
    return {
        "number": number,
        "no": problem.problem_no,
        "url": reverse("desk:problem", args=[problem.pk]),
        "title": problem.title,
        "unit": problem.lead_unit.name if problem.lead_unit else "",
        "about": f"{problem.source.label} · {problem.sector.label}",
        "marks": _marks(one),
        "gates": gate_words(one),
        "verdict": verdict_words(one),
        "opinion": one.acceptance.opinion if one.acceptance else "",
        "signed": signature_words(one),
        "proofs": _("佐证 %(n)d 件") % {"n": one.proofs} if one.proofs else _("没有佐证"),
        "dates": date_words(one),
        "notice": notice_words(one),
        "doubts": [_doubt(flag, sentence) for flag, sentence in one.doubts],
        "photographs": list(_photographs(one)),
        "against": "；".join(one.against),
        "form": form,
        "outcome": case.get_outcome_display() if case.outcome else "",
        "reason": case.reason,
        "failed": [str(GATES[name]) for name in case.failed if name in GATES],
        "is_open": not case.outcome,
    }


def _marks(one: CaseFacts) -> list[dict[str, str]]:
    problem = one.problem
    found = [(one.level, "ink" if problem.supervision_level == "listed" else "plain")]
    if problem.returns:
        found.append((_("退回 %(n)d 次") % {"n": problem.returns}, "strong"))
    if problem.extensions:
        found.append((_("延期×%(n)d") % {"n": problem.extensions}, "strong"))
    if problem.round > 1:
        found.append((_("第 %(n)d 轮") % {"n": problem.round}, "strong"))
    if one.deferred:
        found.append(
            (
                ngettext("曾缓议 %(n)d 次", "曾缓议 %(n)d 次", one.deferred) % {"n": one.deferred},
                "notice",
            )
        )
    return [{"words": str(words), "tone": tone} for words, tone in found]


def gate_words(one: CaseFacts) -> list[dict[str, str]]:
    """The five gates as the acceptor judged them; none where somebody outside decided by document."""
    gates = one.acceptance.gates if one.acceptance else {}
    kinds = {FAILED: "failed", NOT_APPLICABLE: "none"}
    return [
        {
            "label": str(label),
            "words": str(GATE_ANSWERS.get(gates[name], gates[name])),
            "kind": kinds.get(gates[name], "passed"),
        }
        for name, label in GATES.items()
        if name in gates
    ]


def verdict_words(one: CaseFacts) -> str:
    """Who accepted, when and how."""
    found = one.acceptance
    if found is None:
        return _("系统内没有验收记录（承接台账）")
    who = f"{one.acceptor}（{found.acceptor_unit.name}）" if found.acceptor_unit else found.authority
    how = found.document_no or (_("现场核查") if found.on_site else _("资料核查"))
    return " · ".join([who, found.decided_on.isoformat() if found.decided_on else "", how])


def signature_words(one: CaseFacts) -> list[str]:
    """Each member of the panel with what they signed; nothing where one person accepted."""
    if one.panel is None:
        return []
    return [
        _("%(name)s（%(unit)s）%(said)s") % {"name": who.name, "unit": who.unit, "said": signed_words(who)}
        for who in one.panel.sitting
    ]


def date_words(one: CaseFacts) -> str:
    """The deadline, and the first one where it was put off."""
    problem = one.problem
    if str(problem.external_deadline) == NO_DEADLINE:
        return _("期限未定")
    now = problem.external_deadline.isoformat()
    first = problem.first_deadline
    if first and first != problem.external_deadline:
        return _("期限 %(now)s（首次 %(first)s，延期×%(n)d）") % {
            "now": now,
            "first": first.isoformat(),
            "n": problem.extensions,
        }
    return _("期限 %(now)s") % {"now": now}


def notice_words(one: CaseFacts) -> str:
    """How long it was shown, and what was said against it."""
    found = one.notice
    if found is None:
        return _("没有公示")
    objections = list(found.objections.all())
    upheld = sum(row.upheld is True for row in objections)
    return _("公示 %(since)s 至 %(until)s，%(days)d 天；异议 %(n)d 条，成立 %(upheld)d 条；%(state)s") % {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "days": (found.until - found.since).days,
        "n": len(objections),
        "upheld": upheld,
        "state": found.get_state_display(),
    }


def _doubt(flag: Any, sentence: str) -> dict[str, str]:
    return {
        "kind": flag.get_kind_display(),
        "sentence": sentence,
        "weight": flag.get_weight_display(),
        "tone": {"found_true": "strong", "open": "notice"}.get(flag.weight, "ok"),
        "reason": flag.reason,
        "url": reverse("authenticity:detail", args=[flag.pk]),
    }


def _photographs(one: CaseFacts) -> Any:
    for heading, files in ((_("整改前"), one.before), (_("整改后"), one.after)):
        for row in files[:2]:
            yield {
                "heading": heading,
                "alt": row.caption or row.file.name,
                "url": reverse("files:download", args=[row.file_id]),
                "preview_url": reverse("files:preview", args=[row.file_id, PREVIEW]),
            }


def rows_of_all(actor: Actor, sitting: ClosureSitting) -> Sequence[CaseFacts]:
    """Every case of a sitting, for its sheets; as many queries as a part has, however many there are."""
    rows = SittingCase.objects.filter(sitting=sitting).order_by("ordinal")
    return read_cases(actor, rows.select_related(*(f"problem__{name}" for name in RELATED)))
