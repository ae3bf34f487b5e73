"""The clock that matters now, large, and all the others under it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.desk.marks import UNSET, leading, light_of, time_left
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.web import components as ui
from bihuan.web import sections


def clock_panel(problem: Problem, clocks: list[Clock]) -> sections.ClockPanel:
    """The panel of the problem page."""
    lead, day = leading(clocks), today()
    if lead is None:
        return _without_clock(problem)
    drawn = light_of(lead, day)
    colour = drawn.colour if isinstance(drawn, ui.Light) else "off"
    return sections.ClockPanel(
        headline=_("停表") if lead.state == ClockState.SUSPENDED else time_left(lead.due, day),
        light=ui.Light(
            colour=colour,
            words=_("%(kind)s %(day)s 到期") % {"kind": ClockKind(lead.kind).label, "day": lead.due.isoformat()},
            because="",
        ),
        due=lead.due,
        first=lead.first_due,
        extensions=problem.extensions if lead.kind == ClockKind.RECTIFICATION else 0,
        start=lead.started_on,
        start_words=_("起算"),
        today=day,
        clocks=rows(problem, clocks),
    )


def rows(problem: Problem, clocks: list[Clock]) -> list[sections.Clock]:
    """Deadlines outside and inside, then every clock of this round."""
    found: list[sections.Clock] = []
    if problem.external_deadline != UNSET:
        found.append(
            sections.Clock(name=_("外部期限"), current=problem.external_deadline, first=problem.first_deadline)
        )
    if problem.internal_deadline:
        found.append(sections.Clock(name=_("内部期限"), current=problem.internal_deadline, basis=_("早于外部期限")))
    for clock in sorted(clocks, key=lambda one: one.started_on):
        if clock.round != problem.round:
            continue
        note = _("%(day)s 停") % {"day": clock.stopped_on.isoformat()} if clock.stopped_on else ""
        found.append(
            sections.Clock(
                name=ClockKind(clock.kind).label,
                current=clock.due,
                first=clock.first_due if clock.first_due != clock.due else None,
                basis=_("%(title)s v%(version)d") % {"title": clock.policy.title, "version": clock.policy.version},
                note=note,
            )
        )
    return found


def _without_clock(problem: Problem) -> sections.ClockPanel:
    """Nothing runs: not yet assigned, or ended."""
    ended = problem.closed_on is not None
    words = _("%(day)s 办结") % {"day": problem.closed_on.isoformat()} if problem.closed_on else _("交办后起算")
    return sections.ClockPanel(
        headline=_("已办结") if ended else _("尚未起算"),
        light=ui.Light(colour="off" if not ended else "green", words=words),
        clocks=rows(problem, []),
    )
