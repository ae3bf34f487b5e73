"""The desk's alarm of vacant posts: to the office of the place, and to whoever the duty has fallen to meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.journal.timesource import today
from bihuan.organizations.authority import jurisdiction_of, open_post_of
from bihuan.organizations.models import PostKind, Role, Vacancy
from bihuan.organizations.sight import sight_of
from bihuan.organizations.tables import page_of
from bihuan.web import components as ui

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.journal.action import Actor

ROWS: Final = 8
OFFICE: Final = frozenset({Role.COORDINATOR, Role.REVIEWER})


def vacancies_queue(actor: Actor) -> ui.Queue:
    """The vacancies something waits for, the oldest first; nobody is asked about who neither covers nor keeps the place."""
    found = _concerning(actor)
    rows: list[Vacancy] = []
    if found is not None:
        related = ("unit__successor", "post__unit", "falls_to__unit")
        rows = list(found.select_related(*related).order_by("since", "id")[: ROWS + 1])
    total = len(rows) if found is None or len(rows) <= ROWS else found.count()
    return ui.Queue(
        key="vacancies",
        title=_("岗位空缺"),
        note=_("有事等着而没有人任职；有人任职后自动消除"),
        who_head=_("现由谁承担"),
        clock_head=_("空缺"),
        total=total,
        rows=[_row(row, office=bool(OFFICE & set(sight_of(actor).roles))) for row in rows[:ROWS]],
    )


def _concerning(actor: Actor) -> QuerySet[Vacancy] | None:
    sight = sight_of(actor)
    if sight.nothing:
        return None
    mine = Q(pk__in=[])
    post, place = open_post_of(actor), None
    if OFFICE & set(sight.roles):
        place = jurisdiction_of(actor)
    if place is not None:
        mine |= Q(unit__path__under=place.path)
    if post is not None and post.kind == PostKind.PRINCIPAL:
        mine |= Q(falls_to=post)
    elif place is None:
        return None
    found: QuerySet[Vacancy] = Vacancy.objects.filter(mine, until=None)
    return found


def _row(row: Vacancy, *, office: bool) -> ui.QueueRow:
    days = (today() - row.since).days
    return ui.QueueRow(
        no=row.unit.name,
        url=page_of(row.post or row.unit),
        sentence=_sentence(row),
        who=f"{row.falls_to.unit} {row.falls_to.name}" if row.falls_to else _("直到最上级都空缺"),
        waited=ngettext("空缺 %(n)d 天", "空缺 %(n)d 天", days) % {"n": days} if days else _("今天起"),
        act=_act(row, office=office),
    )


def _act(row: Vacancy, *, office: bool) -> ui.QueueAct:
    """The office sends what a closed unit left to its successor; whoever covers looks at the unit."""
    if office and row.post is None and row.unit.closed_on is not None and row.unit.successor is not None:
        url = reverse("rectification:move_duties", args=[row.unit_id])
        return ui.QueueAct(label=_("转由承接单位"), url=url, how="link")
    return ui.QueueAct(label=_("查看"), url=page_of(row.post or row.unit), how="link")


def _sentence(row: Vacancy) -> str:
    if row.post is not None:
        return _("“%(post)s”无人任职，有待办的事") % {"post": row.post.name}
    if row.unit.closed_on is None:
        return _("没有人签收、办理，有待办的事")
    if row.unit.successor is not None:
        return _("单位已撤销，由%(unit)s承接；请把问题转给它") % {"unit": row.unit.successor}
    return _("单位已撤销，没有写明由谁承接；请系统管理员补明，或改派")
