"""My desk: to acknowledge, to decide, due, and what I wait for. Each row: a number, one sentence, who, one button."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bihuan.approvals.models import Approval, Step
from bihuan.approvals.queries import to_confirm_by, waited_for_by, waiting_for
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.desk.ledger_page import address
from bihuan.desk.marks import UNSET, lights_of, stage_of
from bihuan.journal.action import Actor
from bihuan.journal.timesource import now, today
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.listing import Filters, count_of, number_in
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.lookback.models import Lookback
from bihuan.organizations.acting import Request
from bihuan.organizations.models import Role
from bihuan.organizations.sight import sight_of
from bihuan.web import components as ui

ROWS = 8
DAY = 24
SOON = 7


def home_context(request: Request) -> dict[str, Any]:
    """Everything the desk shows, for the post in use."""
    actor = request.actor
    mine = visible(actor, Problem.objects.select_related("source", "lead_unit").defer("search", "text"))
    queues = [
        acknowledge_queue(actor, mine),
        decide_queue(actor),
        confirm_queue(actor),
        accept_queue(actor, mine),
        lookback_queue(actor, mine),
        due_queue(mine),
        waiting_queue(actor),
    ]
    return {
        "figures": figures(actor, queues),
        "queues": [queue for queue in queues if queue.total],
        "nothing": not any(queue.total for queue in queues),
        "today_words": day_words(today()),
    }


def day_words(day: date) -> str:
    """2026 年 11 月 23 日 星期一."""
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return _("%(year)d 年 %(month)d 月 %(day)d 日 %(weekday)s") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "weekday": names[day.weekday()],
    }


def figures(actor: Actor, queues: list[ui.Queue]) -> list[ui.Figure]:
    """Six numbers, each a link to what it counts."""
    day = today()
    late = Filters(state="open", due_before=date.fromordinal(day.toordinal() - 1).isoformat())
    running = Filters(state="open")
    closed = Filters(closed_after=day.replace(day=1).isoformat())
    overdue, _exact = number_in(actor, late)
    by_key = {queue.key: queue for queue in queues}
    return [
        ui.Figure(label=_("待签收"), value=by_key["acknowledge"].total, url="#queue-acknowledge"),
        ui.Figure(label=_("待我批"), value=by_key["decide"].total, url="#queue-decide"),
        ui.Figure(label=_("一周内到期"), value=by_key["due"].total, url="#queue-due"),
        ui.Figure(
            label=_("逾期未办"),
            value=_number(actor, late),
            url=address(late),
            late=overdue > 0,
        ),
        ui.Figure(label=_("在办"), value=_number(actor, running), url=address(running)),
        ui.Figure(label=_("本月办结"), value=_number(actor, closed), url=address(closed)),
    ]


def _number(actor: Actor, filters: Filters) -> str | int:
    """A number that says when it is rounded."""
    count, exact = number_in(actor, filters)
    return count if exact else _("约 %(n)s") % {"n": f"{count:,}"}


def problem_rows(
    problems: Iterable[Problem], act: Callable[[Problem], ui.QueueAct] | None
) -> list[ui.QueueRow]:
    """Problems as desk rows."""
    rows = list(problems)
    lights, language = lights_of(rows), get_language() or "zh"
    return [
        ui.QueueRow(
            no=problem.problem_no,
            url=reverse("desk:problem", args=[problem.pk]),
            sentence=problem.title,
            mark=stage_of(problem, language),
            who=str(problem.lead_unit or ""),
            light=lights.get(problem.pk),
            act=act(problem) if act else None,
        )
        for problem in rows
    ]


def acknowledge_queue(actor: Actor, mine: QuerySet[Problem]) -> ui.Queue:
    """Issued to my unit and not yet acknowledged; one act acknowledges them all."""
    unit = sight_of(actor).unit
    waiting = mine.filter(state=State.ASSIGNED, lead_unit=unit).order_by("external_deadline", "id")
    total, _exact = count_of(waiting)
    return ui.Queue(
        key="acknowledge",
        title=_("待签收"),
        note=_("签收即开始计时；不属本单位的，可提出交办异议"),
        who_head=_("牵头单位"),
        clock_head=_("签收时限"),
        total=total,
        rows=problem_rows(
            waiting[:ROWS],
            lambda problem: ui.QueueAct(
                label=_("签收"), url=reverse("rectification:acknowledge") + f"?pick={problem.pk}"
            ),
        ),
        more=ui.Link(
            words=_("一次签收全部 %(n)d 件") % {"n": total},
            url=reverse("rectification:acknowledge") + "?scope=all",
        )
        if total > 1
        else None,
    )


def decide_queue(actor: Actor) -> ui.Queue:
    """Steps that wait for my post, the longest waiting first."""
    steps = waiting_for(actor)
    return _steps_queue(steps, "decide", _("待我批"), _("按等得最久排序"), _("审批"))


def confirm_queue(actor: Actor) -> ui.Queue:
    """Paper decisions another recorded, which need a second person."""
    return _steps_queue(
        to_confirm_by(actor), "confirm", _("待我复核"), _("纸面签批由另一人核对原件"), _("复核")
    )


def _steps_queue(steps: QuerySet[Step], key: str, title: str, note: str, label: str) -> ui.Queue:
    rows = list(steps[:ROWS])
    return ui.Queue(
        key=key,
        title=title,
        note=note,
        who_head=_("谁在等"),
        clock_head=_("环节"),
        total=steps.count(),
        rows=[
            ui.QueueRow(
                no=step.name,
                url=reverse("approvals:detail", args=[step.approval_id]),
                sentence=step.approval.title,
                who=step.approval.asked_unit.name if step.approval.asked_unit else _("系统"),
                waited=waited(step.pending_since),
                act=ui.QueueAct(
                    label=label, url=reverse("approvals:detail", args=[step.approval_id]), how="link"
                ),
            )
            for step in rows
        ],
    )


def waited(since: datetime | None) -> str:
    """等 2 天, 等 5 小时."""
    if since is None:
        return ""
    hours = int((now() - since).total_seconds() // 3600)
    if hours < DAY:
        return ngettext("等 %(n)d 小时", "等 %(n)d 小时", max(hours, 0)) % {"n": max(hours, 0)}
    return ngettext("等 %(n)d 天", "等 %(n)d 天", hours // DAY) % {"n": hours // DAY}


def accept_queue(actor: Actor, mine: QuerySet[Problem]) -> ui.Queue:
    """For acceptors: what asks for acceptance."""
    waiting = mine.filter(state=State.ACCEPTING).order_by("external_deadline", "id")
    if Role.ACCEPTOR not in sight_of(actor).roles:
        waiting = waiting.none()
    return ui.Queue(
        key="accept",
        title=_("待验收"),
        note=_("验收人与整改各方无隶属、未参与"),
        who_head=_("牵头单位"),
        clock_head=_("验收时限"),
        total=count_of(waiting)[0],
        rows=problem_rows(waiting[:ROWS], _open_page),
    )


def lookback_queue(actor: Actor, mine: QuerySet[Problem]) -> ui.Queue:
    """For inspectors: look-backs that are due."""
    due = Lookback.objects.filter(state=Lookback.State.SCHEDULED, due_on__lte=today())
    if Role.INSPECTOR not in sight_of(actor).roles:
        due = due.none()
    problems = mine.filter(pk__in=due.values("problem")).order_by("closed_on", "id")
    return ui.Queue(
        key="lookback",
        title=_("待回头看"),
        note=_("看的人不是验收的人"),
        who_head=_("牵头单位"),
        clock_head="",
        total=count_of(problems)[0],
        rows=problem_rows(problems[:ROWS], _open_page),
    )


def _open_page(problem: Problem) -> ui.QueueAct:
    return ui.QueueAct(label=_("办理"), url=reverse("desk:problem", args=[problem.pk]), how="link")


def due_queue(mine: QuerySet[Problem]) -> ui.Queue:
    """Clocks that run out within a week or have run out, the latest first."""
    horizon = date.fromordinal(today().toordinal() + SOON)
    clocks = Clock.objects.filter(state=ClockState.RUNNING, due__lte=horizon).exclude(kind=ClockKind.NOTICE)
    problems = mine.filter(pk__in=clocks.values("problem"), external_deadline__lt=UNSET).order_by(
        "external_deadline", "id"
    )
    return ui.Queue(
        key="due",
        title=_("临期与逾期"),
        note=_("一周内到期和已逾期未办结"),
        who_head=_("谁来办"),
        clock_head=_("期限"),
        total=count_of(problems)[0],
        rows=problem_rows(problems[:ROWS], _open_page),
    )


def waiting_queue(actor: Actor) -> ui.Queue:
    """What I asked for and others have not yet decided."""
    asked = waited_for_by(actor)
    rows: list[Approval] = list(asked.prefetch_related("steps__post__unit")[:ROWS])
    return ui.Queue(
        key="waiting",
        title=_("我等谁"),
        note=_("在别人手里的事"),
        who_head=_("在谁手里"),
        clock_head="",
        total=asked.count(),
        rows=[
            ui.QueueRow(
                no=_("审批"),
                url=reverse("approvals:detail", args=[approval.pk]),
                sentence=approval.title,
                who=listed(step.post.unit.name for step in approval.steps.all() if step.state == "pending"),
                waited=waited(approval.asked_at),
                act=ui.QueueAct(
                    label=_("查看"), url=reverse("approvals:detail", args=[approval.pk]), how="link"
                ),
            )
            for approval in rows
        ],
    )
