"""The desk's piles of problems: to acknowledge, to accept, to look back at, due. Counted and read together, drawn one
by one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.deadlines.models import PRESSES, Clock, ClockKind
from bihuan.desk.marks import lights_of, stage_of
from bihuan.journal.action import Actor
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.listing import Filters, Number, numbers_in
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.lookback.models import Lookback
from bihuan.organizations.models import Role
from bihuan.organizations.sight import sight_of
from bihuan.organizations.vacancies import units_covered_by
from bihuan.rectification.queries import waits_for_verdict
from bihuan.web import components as ui

ROWS: Final = 8
SOON: Final = 7
BY_DEADLINE: Final = ("external_deadline", "id")
NOTHING: Final = Q(pk__in=[])
# A problem may have several clocks that press: so many are read for the rows of a pile.
CLOCKS: Final = ROWS * len(ClockKind)

Act = Callable[[Problem], ui.QueueAct]


@dataclass(frozen=True, kw_only=True)
class Pile:
    """What waits, which of it comes first, and how a row of it is drawn."""

    key: str
    title: str
    note: str
    who_head: str
    clock_head: str
    waiting: Q
    first: Callable[[], Iterable[uuid.UUID]]
    act: Act
    more: Callable[[int], ui.Link | None] = lambda _total: None


def piles_for(actor: Actor, beside: Mapping[str, Filters]) -> tuple[dict[str, ui.Queue], dict[str, Number]]:
    """The piles by key, and how many there are in each of them and in some slices beside them.

    However many there are, they are counted in one pass, and their rows and lights are read once for all.
    """
    mine = visible(actor, Problem.objects.all())
    piles = [to_acknowledge(actor, mine), to_accept(actor, mine), lookbacks_due(actor, mine), due(mine)]
    numbers = numbers_in(actor, beside, {pile.key: pile.waiting for pile in piles})
    heads = {pile.key: list(pile.first()) if numbers[pile.key][0] else [] for pile in piles}
    rows = _rows({pk for ids in heads.values() for pk in ids})
    lights = lights_of(rows.values()) if rows else {}
    drawn = {pile.key: _drawn(pile, heads[pile.key], numbers[pile.key], rows, lights) for pile in piles}
    return drawn, numbers


def _head(waiting: QuerySet[Problem], *order: str) -> list[uuid.UUID]:
    return list(waiting.order_by(*order).values_list("pk", flat=True)[:ROWS])


def _rows(ids: set[uuid.UUID]) -> dict[uuid.UUID, Problem]:
    problems = Problem.objects.select_related("source", "lead_unit").defer("text")
    return {problem.pk: problem for problem in problems.filter(pk__in=ids)} if ids else {}


def _drawn(
    pile: Pile,
    ids: list[uuid.UUID],
    number: Number,
    rows: dict[uuid.UUID, Problem],
    lights: dict[Any, ui.Light],
) -> ui.Queue:
    language = get_language() or "zh"
    total, exact = number
    return ui.Queue(
        key=pile.key,
        title=pile.title,
        note=pile.note,
        who_head=pile.who_head,
        clock_head=pile.clock_head,
        total=total,
        exact=exact,
        rows=[
            ui.QueueRow(
                no=problem.problem_no,
                url=reverse("desk:problem", args=[problem.pk]),
                sentence=problem.title,
                mark=stage_of(problem, language),
                who=str(problem.lead_unit or ""),
                light=lights.get(problem.pk),
                extensions=problem.extensions,
                act=pile.act(problem),
            )
            for problem in (rows[pk] for pk in ids)
        ],
        more=pile.more(total),
    )


def to_acknowledge(actor: Actor, mine: QuerySet[Problem]) -> Pile:
    """Issued to my unit and not yet acknowledged; one act acknowledges them all."""
    waiting = Q(state=State.ASSIGNED, lead_unit=sight_of(actor).unit)
    if covered := units_covered_by(actor):
        waiting |= Q(state=State.ASSIGNED, lead_unit__in=covered)
    return Pile(
        key="acknowledge",
        title=_("待签收"),
        note=_("签收即开始计时；不属本单位的，可提出交办异议"),
        who_head=_("牵头单位"),
        clock_head=_("签收时限"),
        waiting=waiting,
        first=lambda: _head(mine.filter(waiting), *BY_DEADLINE),
        act=lambda problem: ui.QueueAct(
            label=_("签收"), url=reverse("rectification:acknowledge") + f"?pick={problem.pk}"
        ),
        more=_all_at_once,
    )


def _all_at_once(total: int) -> ui.Link | None:
    if total <= 1:
        return None
    words = _("一次签收全部 %(n)d 件") % {"n": total}
    return ui.Link(words=words, url=reverse("rectification:acknowledge") + "?scope=all")


def to_accept(actor: Actor, mine: QuerySet[Problem]) -> Pile:
    """For acceptors: what waits for a verdict of theirs; not what another level or a panel has to speak to first."""
    waiting = waits_for_verdict(actor)
    return Pile(
        key="accept",
        title=_("待验收"),
        note=_("验收人与整改各方无隶属、未参与"),
        who_head=_("牵头单位"),
        clock_head=_("验收时限"),
        waiting=waiting,
        first=lambda: _head(mine.filter(waiting), *BY_DEADLINE),
        act=_open_page,
    )


def lookbacks_due(actor: Actor, mine: QuerySet[Problem]) -> Pile:
    """For inspectors: look-backs that are due."""
    planned = Lookback.objects.filter(state=Lookback.State.SCHEDULED, due_on__lte=today())
    waiting = Q(pk__in=planned.values("problem")) if Role.INSPECTOR in sight_of(actor).roles else NOTHING
    return Pile(
        key="lookback",
        title=_("待回头看"),
        note=_("看的人不是验收的人"),
        who_head=_("牵头单位"),
        clock_head="",
        waiting=waiting,
        first=lambda: _head(mine.filter(waiting), "closed_on", "id"),
        act=_open_page,
    )


def due(mine: QuerySet[Problem]) -> Pile:
    """Clocks that run out within a week or have run out, the longest overdue first."""
    horizon = date.fromordinal(today().toordinal() + SOON)
    clocks = Clock.objects.filter(PRESSES, due__lte=horizon)
    return Pile(
        key="due",
        title=_("临期与逾期"),
        note=_("一周内到期和已逾期未办结"),
        who_head=_("谁来办"),
        clock_head=_("期限"),
        waiting=Q(pk__in=clocks.values("problem")),
        first=lambda: _pressed(mine, clocks),
        act=_open_page,
        more=_all_by_deadline,
    )


def _all_by_deadline(total: int) -> ui.Link | None:
    """The ledger begins with the nearest deadline; a pile shows only its first rows."""
    if total <= ROWS:
        return None
    query = urlencode(Filters(state="open").given())
    return ui.Link(words=_("在台账里按期限看"), url=f"{reverse('desk:ledger')}?{query}")


def _pressed(mine: QuerySet[Problem], clocks: QuerySet[Clock]) -> list[uuid.UUID]:
    """Begins at the clocks, which are kept in the order of their days, not at all that somebody sees."""
    rows = clocks.filter(problem__in=mine).order_by("due", "problem").values_list("problem", flat=True)
    return list(dict.fromkeys(rows[:CLOCKS]))[:ROWS]


def _open_page(problem: Problem) -> ui.QueueAct:
    return ui.QueueAct(label=_("办理"), url=reverse("desk:problem", args=[problem.pk]), how="link")
