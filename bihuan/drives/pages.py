"""What the pages of this room show, as plain values the interface draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.drives import matrix
from bihuan.drives.coverage import coverage_of
from bihuan.drives.models import Drive, DriveLine, DrivePlan
from bihuan.drives.offers import acts_on_drive, acts_on_line, still_open
from bihuan.drives.policy import may_explain, sees_drive
from bihuan.drives.queries import counted, drives_run_by, is_late, lines_of_own_unit
from bihuan.drives.rules import OPEN_LINES, OUT, OVER
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.intake.policy import has_desk
from bihuan.journal.action import Actor, Refused
from bihuan.journal.wording import joined, listed
from bihuan.ledger.models import Problem, Sector, Source
from bihuan.ledger.sight import visible
from bihuan.organizations.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.drives.coverage import LineCoverage
    from bihuan.drives.queries import Counted

MOST_SHOWN: Final = 200
TONES: Final = {
    DriveLine.State.ANSWERED: "ok",
    DriveLine.State.NIL: "ok",
    DriveLine.State.NIL_PREPARED: "notice",
    Drive.State.CONCLUDED: "ok",
    Drive.State.DRAFT: "notice",
    DrivePlan.State.RUNNING: "ok",
    DrivePlan.State.SUSPENDED: "notice",
}


def page_of_list(actor: Actor, *, concluded: bool) -> dict[str, Any]:
    """What my unit has to answer, and for the office every drive it runs."""
    over = Q(state__in=OVER)
    run, own = drives_run_by(actor), lines_of_own_unit(actor)
    mine = [line for line in own if (line.drive.state in OVER) is concluded]
    wanted = run.filter(over) if concluded else run.exclude(over)
    rows = counted(wanted.order_by("-due_on" if concluded else "due_on", "id")[:MOST_SHOWN])
    ended = sum(line.drive.state in OVER for line in own)
    numbers = run.aggregate(running=Count("pk", filter=~over), concluded=Count("pk", filter=over))
    address = reverse("drives:list")
    running = {"name": _("进行中"), "url": address, "count": numbers["running"] + len(own) - ended}
    past = {"name": _("已结束"), "url": f"{address}?show=concluded", "count": numbers["concluded"] + ended}
    return {
        "runs": has_desk(actor),
        "tabs": {"views": [{**running, "current": not concluded}, {**past, "current": concluded}]},
        "table": _table_of(mine, rows, concluded=concluded, runs=has_desk(actor)),
    }


def _table_of(
    mine: Sequence[DriveLine], run: Sequence[Counted], *, runs: bool, concluded: bool
) -> dict[str, Any]:
    """What one has to answer oneself stands before what one runs for others."""
    heads = (("title", _("自查")), ("unit", _("范围")), ("due", _("报送期限")), ("state", _("现状")))
    hint = _("拟一次自查，定好领域、单位和报送期限；或者设定期自查。") if runs else ""
    rows = [
        *((reverse("drives:line", args=[line.pk]), _cells_for_unit(line)) for line in mine),
        *((reverse("drives:drive", args=[one.drive.pk]), _cells_for_office(one)) for one in run),
    ]
    return {
        "caption": _("自查"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [{"id": url, "url": url, "name": cells[0], "cells": cells} for url, cells in rows],
        "empty": {"title": _("没有结束的自查") if concluded else _("现在没有自查"), "sentence": hint},
    }


def _cells_for_office(one: Counted) -> list[Any]:
    drive = one.drive
    told: list[Any] = [chip(drive)]
    if drive.state == Drive.State.ISSUED:
        done = {"done": one.called - one.asked, "all": one.called}
        told.append(_("%(done)s / %(all)s 个单位已报告") % done)
    scope = _("%(units)s 个单位 · %(sectors)s 个领域") % {"units": one.called, "sectors": len(drive.sectors)}
    due = {"piece": "due", "current": drive.due_on, "late": one.late}
    return [drive.batch.title, scope, due, told]


def _cells_for_unit(line: DriveLine) -> list[Any]:
    due = {"piece": "due", "current": line.drive.due_on, "late": is_late(line)}
    told = [chip(line)] if line.drive.state != Drive.State.RECALLED else [chip(line.drive), chip(line)]
    return [line.drive.batch.title, line.unit.name, due, told]


def chip(row: Drive | DriveLine | DrivePlan) -> dict[str, Any]:
    """Where a drive or a line stands."""
    tone = TONES.get(row.state, "plain")  # type: ignore[call-overload]
    return {"piece": "chip", "words": row.get_state_display(), "tone": tone}


def page_of_drive(actor: Actor, drive: Drive, show: matrix.Show) -> dict[str, Any]:
    """One drive of the office: the call, what keeps it open, and the coverage."""
    covered = covered_by(drive, actor)
    heads = matrix.heads_of(drive)
    shown = [one for one in covered if matrix.shows(one, show)]
    explains = drive.state == Drive.State.ISSUED
    address = reverse("drives:drive", args=[drive.pk])
    return {
        "drive": drive,
        "title": drive.batch.title,
        "crumbs": crumbs(drive.batch.title),
        "state": chip(drive),
        "facts": [*facts_of(drive), *_plan_of(drive)],
        "figures": _figures(covered, address),
        "open": list(still_open(covered)) if explains else [],
        "acts": acts_on_drive(actor, drive, covered),
        "heads": heads,
        "rows": matrix.rows_of(drive, shown, heads, explains=explains),
        "tabs": {
            "views": [
                {
                    "name": matrix.SHOW_LABELS[one],
                    "url": f"{address}?show={one}#coverage",
                    "count": sum(matrix.shows(line, one) for line in covered),
                    "current": one is show,
                }
                for one in matrix.Show
            ]
        },
        "excel_url": f"{reverse('drives:matrix', args=[drive.pk])}?show={show}",
        "batch_url": reverse("intake:batch", args=[drive.batch_id]) if drive.state in OUT else "",
    }


def covered_by(drive: Drive, actor: Actor) -> list[LineCoverage]:
    """Every line of a drive with its coverage, in the order of the tree."""
    lines = DriveLine.objects.filter(drive=drive).select_related("unit").order_by("unit__path")
    rows = list(lines)
    for line in rows:
        line.drive = drive
    return coverage_of(drive, rows, actor)


def _figures(covered: Sequence[LineCoverage], address: str) -> list[dict[str, Any]]:
    asked = [one for one in covered if one.asked]
    late = any(is_late(one.line) for one in asked)
    nil = sum(one.line.state == DriveLine.State.NIL for one in covered)
    blank = sum(len(one.blank) for one in covered if not one.asked)
    return [
        {"label": _("自查单位"), "value": len(covered), "url": f"{address}?show=all#coverage"},
        {"label": _("还没报告"), "value": len(asked), "late": late, "url": f"{address}?show=asked#coverage"},
        {
            "label": _("已报问题"),
            "value": sum(one.reported for one in covered),
            "note": _("待审 %(n)s 条") % {"n": sum(one.waiting for one in covered)},
            "url": f"{address}?show=reported#coverage",
        },
        {"label": _("零报告"), "value": nil, "url": f"{address}?show=nil#coverage"},
        {"label": _("空白格"), "value": blank, "url": f"{address}?show=blank#coverage"},
    ]


def crumbs(*words: str) -> list[dict[str, str]]:
    """自查 / …."""
    return [
        {"words": _("自查"), "url": reverse("drives:list")},
        *({"words": one, "url": ""} for one in words),
    ]


def facts_of(drive: Drive) -> list[dict[str, Any]]:
    """What the call says."""
    people = {person.pk: person.name for person in Person.objects.filter(pk__in=_people(drive))}
    basis = joined(part for part in (drive.basis, drive.basis_no) if part)
    pairs = (
        (_("自查要求"), drive.requirement),
        (_("自查领域"), listed(labels(Sector, drive.sectors))),
        (_("须逐一对照的来源"), listed(labels(Source, drive.sources))),
        (drive.get_basis_kind_display(), basis),
        (_("自查期间起"), drive.since),
        (_("报送期限"), drive.due_on),
        (_("提醒"), reminder_words(drive)),
        (_("拟定人"), people.get(drive.prepared_by, "")),
        (_("下发人"), people.get(drive.issued_by, "") if drive.issued_by else ""),
        (_("撤回人"), people.get(drive.withdrawn_by, "") if drive.withdrawn_by else ""),
        (_("撤回时间"), drive.withdrawn_at),
        (_("撤回的理由"), drive.reason),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def reminder_words(call: Drive | DrivePlan) -> str:
    """When those who have not answered are reminded."""
    return _("到期前 %(before)s 天提醒，逾期后每 %(every)s 天催报") % {
        "before": call.remind_before,
        "every": call.remind_every,
    }


def _plan_of(drive: Drive) -> list[dict[str, Any]]:
    """The plan that called it."""
    if drive.plan is None:
        return []
    url = reverse("drives:plan", args=[drive.plan_id])
    return [{"label": _("定期自查"), "value": {"piece": "link", "words": drive.plan.title, "url": url}}]


def _people(drive: Drive) -> list[Any]:
    return [pk for pk in (drive.prepared_by, drive.issued_by, drive.withdrawn_by) if pk]


def labels(model: type[Sector | Source], codes: Iterable[str]) -> list[str]:
    """The labels of codes, in the order of the codes."""
    wanted = list(codes)
    known = {one.code: one.label for one in model.objects.filter(code__in=wanted)}
    return [known.get(code, code) for code in wanted]


def page_of_line(actor: Actor, line: DriveLine) -> dict[str, Any]:
    """One unit's own page: what it is asked, what it has answered, which cells are still blank."""
    drive = line.drive
    [covered] = coverage_of(drive, [line], actor)
    heads = matrix.heads_of(drive)
    explains = drive.state == Drive.State.ISSUED and _may_explain(actor, line)
    [row] = matrix.rows_of(drive, [covered], heads, explains=explains)
    documents = list(IntakeDocument.objects.filter(pk__in=line.documents).order_by("received_at"))
    office = sees_drive(actor, drive)
    back = crumbs(line.unit.name)
    if office:
        back[1:1] = [{"words": drive.batch.title, "url": reverse("drives:drive", args=[drive.pk])}]
    return {
        "drive": drive,
        "line": line,
        "title": drive.batch.title,
        "crumbs": back,
        "state": chip(line),
        "drive_state": chip(drive) if drive.state in OVER else None,
        "late": row.late,
        "facts": facts_of(drive),
        "acts": acts_on_line(actor, line),
        "cells": row.cells,
        "explains": explains,
        "documents": documents,
        "office": office,
        "reported": reported(actor, line, documents),
        "more": max(0, covered.reported - MOST_SHOWN),
        "nil": _nil(line),
        "may_answer": drive.state == Drive.State.ISSUED and line.state in OPEN_LINES | {"answered"},
    }


def _may_explain(actor: Actor, line: DriveLine) -> bool:
    try:
        may_explain(actor, [line], {})
    except Refused:
        return False
    return line.state not in OPEN_LINES


def reported(actor: Actor, line: DriveLine, documents: Sequence[IntakeDocument]) -> dict[str, Any]:
    """The rows the unit handed in and what became of each; a number is told to whoever sees the problem."""
    rows = Candidate.objects.filter(document__in=[one.pk for one in documents])
    rows = rows.exclude(state=Candidate.State.REPLACED).order_by("document__received_at", "k")[:MOST_SHOWN]
    found = list(rows)
    mine = visible(actor, Problem.objects.filter(pk__in=[one.problem for one in found if one.problem]))
    numbers = dict(mine.values_list("pk", "problem_no"))
    sectors = {one.code: one.label for one in Sector.objects.filter(code__in=line.drive.sectors)}
    heads = (("title", _("问题")), ("sector", _("领域")), ("state", _("现状")))
    return {
        "caption": _("本单位报告的问题"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [
            {
                "id": str(one.pk),
                "cells": [
                    one.title,
                    sectors.get(str(one.values.get("sector") or ""), ""),
                    _became(one, numbers),
                ],
            }
            for one in found
        ],
        "empty": {"title": _("还没有报告问题"), "sentence": _("可以逐条填报、上传自查表，或者作零报告。")},
    }


def _became(candidate: Candidate, numbers: dict[Any, str]) -> list[Any]:
    state = Candidate.State(candidate.state)
    words = {
        Candidate.State.PROPOSED: _("待审核"),
        Candidate.State.CONFIRMED: _("已入账"),
        Candidate.State.DROPPED: _("未采用"),
    }
    tones = {Candidate.State.PROPOSED: "notice", Candidate.State.CONFIRMED: "ok"}
    told: list[Any] = [{"piece": "chip", "words": words[state], "tone": tones.get(state, "plain")}]
    if number := numbers.get(candidate.problem):
        url = reverse("desk:problem", args=[candidate.problem])
        told.append({"piece": "link", "words": number, "url": url})
    if candidate.values.get("fixed_on_entry") is True:
        told.append({"piece": "chip", "words": _("已整改"), "tone": "plain"})
    return told


def _nil(line: DriveLine) -> list[dict[str, Any]]:
    """The nil return in its own words, who prepared and who signed it; only while it stands."""
    if line.state not in (DriveLine.State.NIL_PREPARED, DriveLine.State.NIL):
        return []
    wanted = [pk for pk in (line.nil_prepared_by, line.nil_signed_by, line.nil_signed_for) if pk]
    people = {person.pk: person.name for person in Person.objects.filter(pk__in=wanted)}
    signed = people.get(line.nil_signed_by, "") if line.nil_signed_by else ""
    if line.nil_signed_for:
        signed = _("%(who)s（代 %(principal)s）") % {
            "who": signed,
            "principal": people.get(line.nil_signed_for, ""),
        }
    pairs = (
        (_("声明"), line.statement),
        (_("拟写人"), people.get(line.nil_prepared_by, "") if line.nil_prepared_by else ""),
        (_("签署人"), signed or {"piece": "missing", "words": _("待负责人签署")}),
        (_("签署时间"), line.answered_at if line.state == DriveLine.State.NIL else None),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]
