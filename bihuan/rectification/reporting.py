"""Writing down progress, inside an action: one report at a time from a problem's page, or many from a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, current
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.authority import in_unit
from bihuan.rectification.circumstances import take
from bihuan.rectification.measures import (
    implemented,
    measures_of,
    plan_in_force,
    require_own_measure,
    roll_up,
)
from bihuan.rectification.models import Measure, ProgressReport
from bihuan.rectification.policy import person_of
from bihuan.rectification.rules import WHOLE
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from bihuan.ledger.models import Problem


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What was done by a day, and how far that is."""

    on: date
    percent: int
    facts: str
    obstacle: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Reporter:
    """Who wrote it, where somebody else lets it pass."""

    person: uuid.UUID
    principal: uuid.UUID | None = None


def record_progress(
    problem: Problem,
    measure: Measure | None,
    said: Progress,
    *,
    actor: Actor,
    reporter: Reporter | None = None,
) -> ProgressReport:
    """Take the step and keep the report. The percentage goes up the tree of measures by rule, never by words."""
    take(problem, Verb.REPORT_PROGRESS)
    _refuse_bad_report(problem, measure, said)
    by = reporter or Reporter(person_of(actor), actor.on_behalf_of)
    measures = measures_of(plan_in_force(problem))
    own = _own_measure(problem, measure, measures, actor)
    if own is None:
        problem.progress = said.percent
    else:
        own.progress = said.percent
        implemented(own, actor.person, actor.on_behalf_of, by.person, by.principal)
        own.save()
        roll_up(problem, measures)
    if speaks_for_the_whole(actor, problem):
        problem.next_step = said.next_step.strip() or problem.next_step
        problem.reason_unfinished = said.obstacle.strip()
    current().fact(problem, percent=problem.progress)
    problem.save()
    made: ProgressReport = ProgressReport.objects.create(
        problem=problem,
        round=problem.round,
        measure=own,
        on=said.on,
        percent=said.percent,
        facts=refuse_empty(said.facts, _("进展事实")),
        obstacle=said.obstacle.strip(),
        next_step=said.next_step.strip(),
        reported_by=by.person,
        reported_principal=by.principal,
    )
    return made


def speaks_for_the_whole(actor: Actor, problem: Problem) -> bool:
    """Whether what the actor says of next steps and obstacles is said of the problem: the lead unit's word.

    Of a part carried by others it stays with the report, and leaves the lead's word as it is.
    """
    return problem.lead_unit is not None and in_unit(actor, problem.lead_unit)


def _own_measure(
    problem: Problem, measure: Measure | None, measures: list[Measure], actor: Actor
) -> Measure | None:
    """The measure reported on: a leaf of the plan in force; none only where there is no plan."""
    if measure is None:
        if measures:
            raise Refused(
                _("这个问题按方案整改，进展要报到具体措施上。"),
                accepted=_("请选择由您单位承担的一条措施。"),
                field="measure",
            )
        return None
    require_own_measure(measure, problem, actor)
    found = next(one for one in measures if one.pk == measure.pk)
    if any(one.parent_id == found.pk for one in measures):
        raise Refused(
            _("第 %(number)s 条措施分给了下面几条，它的进度由下面汇总。") % {"number": found.number},
            accepted=_("请报到下面的措施上。"),
            field="measure",
        )
    return found


def _refuse_bad_report(problem: Problem, measure: Measure | None, said: Progress) -> None:
    if not 0 <= said.percent <= WHOLE:
        raise Refused(_("进度应在 0 到 100 之间。"), field="percent")
    first = problem.assigned_on or problem.registered_on
    last = (
        ProgressReport.objects.filter(problem=problem, round=problem.round, measure=measure)
        .order_by("-on")
        .values_list("on", flat=True)
        .first()
    )
    earliest = max(first, last) if last else first
    if not earliest <= said.on <= current().today:
        raise Refused(
            _("截至日期不对。"),
            accepted=_("应在 %(first)s 至 %(last)s 之间。")
            % {"first": earliest.isoformat(), "last": current().today.isoformat()},
            field="on",
        )
