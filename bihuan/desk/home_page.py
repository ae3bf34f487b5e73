"""My desk: to acknowledge, to decide, due, and what I wait for. Each row: a number, one sentence, who, one button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.approvals.models import Approval, Step
from bihuan.approvals.queries import to_confirm_by, waited_for_by, waiting_for
from bihuan.desk.drives_pile import drives_queue
from bihuan.desk.duties_pile import duties_queue
from bihuan.desk.ladder_pile import ladder_queue
from bihuan.desk.ledger_page import address
from bihuan.desk.panels_pile import panels_queue
from bihuan.desk.piles import ROWS, piles_for
from bihuan.desk.reviews_pile import reviews_queue
from bihuan.desk.vacancies_pile import vacancies_queue
from bihuan.journal.action import Actor
from bihuan.journal.timesource import now, today
from bihuan.journal.wording import listed
from bihuan.ledger.listing import Filters, Number
from bihuan.organizations.acting import Request
from bihuan.web import components as ui

DAY = 24


def home_context(request: Request) -> dict[str, Any]:
    """Everything the desk shows, for the post in use."""
    actor = request.actor
    piles, numbers = piles_for(actor, slices(today()))
    queues = [
        piles["acknowledge"],
        decide_queue(actor),
        confirm_queue(actor),
        panels_queue(actor),
        ladder_queue(actor),
        drives_queue(actor),
        reviews_queue(actor),
        piles["accept"],
        piles["lookback"],
        piles["due"],
        duties_queue(actor),
        vacancies_queue(actor),
        waiting_queue(actor),
    ]
    return {
        "figures": figures(queues, numbers),
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


def slices(day: date) -> dict[str, Filters]:
    """The slices of the ledger that stand as figures over the desk, beside its piles."""
    return {
        "late": Filters(state="open", due_before=date.fromordinal(day.toordinal() - 1).isoformat()),
        "running": Filters(state="open"),
        "closed": Filters(closed_after=day.replace(day=1).isoformat()),
    }


def figures(queues: list[ui.Queue], numbers: Mapping[str, Number]) -> list[ui.Figure]:
    """Six numbers, each a link to what it counts."""
    to_decide = next(queue.total for queue in queues if queue.key == "decide")
    at = {name: address(filters) for name, filters in slices(today()).items()}
    late = numbers["late"][0] > 0
    return [
        ui.Figure(label=_("待签收"), value=_number(numbers["acknowledge"]), url="#queue-acknowledge"),
        ui.Figure(label=_("待我批"), value=to_decide, url="#queue-decide"),
        ui.Figure(label=_("临期与逾期"), value=_number(numbers["due"]), url="#queue-due"),
        ui.Figure(label=_("逾期未办"), value=_number(numbers["late"]), url=at["late"], late=late),
        ui.Figure(label=_("在办"), value=_number(numbers["running"]), url=at["running"]),
        ui.Figure(label=_("本月办结"), value=_number(numbers["closed"]), url=at["closed"]),
    ]


def _number(number: Number) -> str | int:
    """A number that says when it is rounded."""
    count, exact = number
    return count if exact else _("约 %(n)s") % {"n": f"{count:,}"}


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
        total=_total(steps, rows),
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


def _total(found: QuerySet[Any], rows: Sequence[object]) -> int:
    """How many there are; fewer than are shown need no counting."""
    return len(rows) if len(rows) < ROWS else found.count()


def waited(since: datetime | None) -> str:
    """等 2 天, 等 5 小时."""
    if since is None:
        return ""
    hours = int((now() - since).total_seconds() // 3600)
    if hours < DAY:
        return ngettext("等 %(n)d 小时", "等 %(n)d 小时", max(hours, 0)) % {"n": max(hours, 0)}
    return ngettext("等 %(n)d 天", "等 %(n)d 天", hours // DAY) % {"n": hours // DAY}


def waiting_queue(actor: Actor) -> ui.Queue:
    """What I asked for and others have not yet decided."""
    asked = waited_for_by(actor)
    holders = Prefetch("steps", Step.objects.select_related("post__unit"))
    rows: list[Approval] = list(asked.prefetch_related(holders)[:ROWS])
    return ui.Queue(
        key="waiting",
        title=_("我等谁"),
        note=_("在别人手里的事"),
        who_head=_("在谁手里"),
        clock_head="",
        total=_total(asked, rows),
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
