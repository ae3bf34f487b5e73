"""The pages of the wall: of an order for whoever may know of it, of the office for those who work there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.deadlines.remaining import passing_words, remaining_words
from bihuan.desk.wall import DAYS_SHOWN, Line, wall_of_office, wall_of_order
from bihuan.journal.action import NotAllowed
from bihuan.journal.timesource import today
from bihuan.organizations.acting import Request
from bihuan.organizations.authority import is_coordinator, is_reviewer, jurisdiction_of
from bihuan.rectification.models import AssignmentOrder
from bihuan.rectification.places import works_in_the_office
from bihuan.rectification.queries import orders_seen
from bihuan.web import components as ui

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.http import HttpResponse


@require_safe
def office(request: Request) -> HttpResponse:
    """All units the office waits for, and those that have acknowledged lately."""
    place = jurisdiction_of(request.actor)
    if place is None or not works_in_the_office(request):
        raise NotAllowed(_("签收墙由整改办使用。"), accepted=_("单位在工作台上签收。"))
    lines = wall_of_office(request.actor, place)
    sub = _("%(place)s：等待签收的，和最近 %(days)d 天交办的。") % {"place": place.name, "days": DAYS_SHOWN}
    context = wall_context(lines, press_url=reverse("rectification:press"))
    return render(request, "desk/wall.html", {**context, "sub": sub})


@require_safe
def order(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The units of one issued order; whoever sees none of its problems is told nothing of it."""
    found = orders_seen(request.actor).filter(pk=pk, state=AssignmentOrder.State.ISSUED).first()
    if found is None:
        raise Http404
    works = is_coordinator(request.actor, found.jurisdiction) or is_reviewer(
        request.actor, found.jurisdiction
    )
    press_url = reverse("rectification:press_order", args=[found.pk]) if works else ""
    context = wall_context(wall_of_order(request.actor, found), press_url=press_url)
    sub = _("%(no)s %(title)s，%(on)s 下达。") % {
        "no": found.order_no, "title": found.title, "on": found.issued_on.isoformat() if found.issued_on else "",
    }  # fmt: skip
    crumbs = [
        {"words": _("交办单"), "url": reverse("rectification:orders")},
        {"words": found.order_no, "url": reverse("rectification:order", args=[found.pk])},
    ]
    return render(request, "desk/wall.html", {**context, "sub": sub, "crumbs": crumbs})


def wall_context(lines: Sequence[Line], *, press_url: str) -> dict[str, Any]:
    """What the page shows: the figures, the table, and the button that presses all who have not been pressed today."""
    to_press = [line for line in lines if _to_be_pressed(line)]
    return {
        "figures": _figures(lines),
        "table": _table(lines, press_url=press_url if to_press else ""),
        "press_url": press_url if to_press else "",
        "to_press": len(to_press),
        "all_pressed": bool(press_url) and not to_press and any(line.waiting for line in lines),
    }


def _to_be_pressed(line: Line) -> bool:
    return line.waiting > 0 and line.pressed_on != today()


def _figures(lines: Sequence[Line]) -> list[ui.Figure]:
    late = sum(1 for line in lines if line.left and line.left.late)
    return [
        ui.Figure(label=_("单位"), value=len(lines)),
        ui.Figure(label=_("全部签收"), value=sum(1 for line in lines if not line.waiting)),
        ui.Figure(label=_("签收一部分"), value=sum(1 for line in lines if line.waiting and line.taken)),
        ui.Figure(label=_("都没有签收"), value=sum(1 for line in lines if line.waiting and not line.taken)),
        ui.Figure(label=_("未签收的问题"), value=sum(line.waiting for line in lines)),
        ui.Figure(label=_("逾期未签收的单位"), value=late, late=late > 0),
    ]


def _table(lines: Sequence[Line], *, press_url: str) -> ui.Table:
    columns = [
        ui.Column(key="title", label=_("单位")),
        ui.Column(key="state", label=_("签收")),
        ui.Column(key="count", label=_("已签收 / 共"), right=True),
        ui.Column(key="light", label=_("还剩")),
        ui.Column(key="due", label=_("到期时刻")),
        ui.Column(key="last", label=_("最近签收")),
        ui.Column(key="pressed", label=_("最近催签")),
    ]
    batch = ui.Batch(acts=[ui.BatchAct(label=_("催签"), url=press_url, primary=True)]) if press_url else None
    return ui.Table(
        caption=_("签收墙"),
        columns=columns,
        rows=[_row(line) for line in lines],
        batch=batch,
        empty=ui.Empty(
            title=_("没有等待签收的"),
            sentence=_("下达交办单以后，各单位是否签收在这里看。"),
            link=ui.Link(words=_("去交办单"), url=reverse("rectification:orders")),
        ),
    )


def _row(line: Line) -> ui.Row:
    left, light = line.left, line.light
    return ui.Row(
        id=str(line.unit.pk),
        name=line.unit.name,
        pickable=_to_be_pressed(line),
        url=f"{reverse('desk:ledger')}?state=assigned&unit={line.unit.pk}" if line.waiting else "",
        cells=[
            line.unit.name,
            _state_of(line),
            f"{line.taken} / {line.assigned}",
            ui.Light(
                colour=light.light,  # type: ignore[arg-type]  # of the rule
                words=remaining_words(left),
                because=light.because,
            )
            if left and light
            else "",
            passing_words(left) if left else "",
            _last_words(line),
            line.pressed_on,
        ],
    )


def _state_of(line: Line) -> list[ui.Chip]:
    chips = []
    if not line.waiting:
        if line.taken:
            chips.append(ui.Chip(words=_("全部签收"), tone="ok"))
    elif line.taken:
        chips.append(ui.Chip(words=_("一部分"), tone="notice"))
    else:
        chips.append(ui.Chip(words=_("都没有"), tone="strong"))
    if line.declined:
        chips.append(ui.Chip(words=_("异议 %(n)d") % {"n": line.declined}))
    return chips


def _last_words(line: Line) -> str:
    if line.last is None:
        return ""
    at = timezone.localtime(line.last.at)
    return f"{at:%m-%d %H:%M} {line.last.who}"
