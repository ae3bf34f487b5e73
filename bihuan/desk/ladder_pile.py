"""The office's pile of what the ladder proposed: each row a case, the rung and why, and the form that takes it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bihuan.deadlines.ladder.queries import WAITS, steps_of_office
from bihuan.deadlines.ladder.wording import because
from bihuan.deadlines.queries import facts_today
from bihuan.desk.marks import light_of, stage_of
from bihuan.journal.timesource import today
from bihuan.organizations.models import Role
from bihuan.organizations.sight import sight_of
from bihuan.web import components as ui

if TYPE_CHECKING:
    from bihuan.deadlines.models import LadderStep
    from bihuan.journal.action import Actor

ROWS: Final = 8


def ladder_queue(actor: Actor) -> ui.Queue:
    """The proposals of the actor's place, the longest waiting first; nothing is asked where the post is not the office's."""
    office = bool({Role.COORDINATOR, Role.REVIEWER} & set(sight_of(actor).roles))
    waiting = steps_of_office(actor).filter(WAITS) if office else None
    rows: list[LadderStep] = []
    if waiting is not None:
        related = waiting.select_related(
            "problem__lead_unit",
            "problem__source",
            "problem__jurisdiction",
            "clock__policy",
            "clock__lights_policy",
            "policy",
        )
        rows = list(related.order_by("proposed_on", "id")[:ROWS])
    total = len(rows) if waiting is None or len(rows) < ROWS else waiting.count()
    every = reverse("deadlines:proposals")
    return ui.Queue(
        key="ladder",
        title=_("待提请督办"),
        note=_("程序只提出；提请以后由另一人批准"),
        who_head=_("牵头单位"),
        clock_head=_("期限"),
        total=total,
        rows=[_row(step) for step in rows],
        more=ui.Link(words=_("成批提请"), url=every) if total > 1 else None,
    )


def _row(step: LadderStep) -> ui.QueueRow:
    problem, clock = step.problem, step.clock
    # Read with the step already; the clock would ask for it again.
    clock.problem = problem
    days = (today() - step.proposed_on).days
    return ui.QueueRow(
        mark=stage_of(problem, get_language() or "zh"),
        light=light_of(facts_today(clock)),
        no=problem.problem_no,
        url=reverse("desk:problem", args=[problem.pk]) + "#ladder",
        sentence=f"{step.get_rung_display()}：{because(step)} · {problem.title}",
        who=str(problem.lead_unit or ""),
        waited=ngettext("等 %(n)d 天", "等 %(n)d 天", days) % {"n": days} if days else "",
        act=ui.QueueAct(label=_("提请督办"), url=f"{reverse('deadlines:take_up')}?pick={step.pk}"),
    )
