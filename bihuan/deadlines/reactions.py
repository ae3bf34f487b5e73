"""Clocks follow the life of a problem: this room asks nobody to start or stop one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bihuan.approvals.outcomes import FINAL_VERBS, WITHDRAWN_VERB, happened_final, happened_withdrawn
from bihuan.calendars.models import CalendarYear
from bihuan.calendars.verbs import Verb as CalendarVerb
from bihuan.deadlines.jobs import apply_reapplication, recount
from bihuan.deadlines.keeping import Notices, keep
from bihuan.deadlines.ladder import conducting, taking
from bihuan.deadlines.models import Clock, ClockState, Reapplication
from bihuan.deadlines.reapplications import count_applied, settle
from bihuan.deadlines.reapplying import REACHES, reapply
from bihuan.deadlines.terms import ask_terms_ahead
from bihuan.deadlines.verbs import Verb
from bihuan.journal.action import current
from bihuan.journal.ahead import asks_ahead_of
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.lifecycle import MOVED_BY
from bihuan.ledger.models import Problem
from bihuan.organizations.queries import standing_successor
from bihuan.policies.outcomes import REAPPLIED, reapplied

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import date

    from bihuan.approvals.models import Approval
    from bihuan.journal.records import Record

# Notices are records of a neighbouring room; their stream's name and three of their columns are all that is known here.
NOTICE: Final = "public_notice"
NOTICE_RUNNING: Final = "running"
# A verb of a neighbouring room.
DUTIES_MOVED: Final = "rectification.move_duties"


@asks_ahead_of("intake.import_rows")
def ask_terms(subjects: Sequence[Record]) -> None:
    """The rules and calendars of the places whose problems are about to be written."""
    for place in {one.jurisdiction for one in subjects if isinstance(one, Problem)}:
        ask_terms_ahead(place)


@reacts_to(*sorted(MOVED_BY))
def keep_clocks(happened: Happened) -> None:
    """Start, stop, suspend, resume and put off clocks as the problems now stand."""
    notices = _notices(happened)
    problems = {problem.pk for problem in happened.of(Problem)} | notices.begun.keys() | notices.ended
    if problems:
        keep(problems, notices, happened.of(Problem))


@reacts_to(DUTIES_MOVED)
def move_clocks(happened: Happened) -> None:
    """The clocks of a unit that is no more go on as its successor's: same days, same light, nothing begins anew."""
    problems = {problem.pk: problem for problem in happened.of(Problem)}
    clocks = Clock.objects.filter(problem__in=problems, unit__closed_on__isnull=False)
    moved = []
    for clock in clocks.exclude(state=ClockState.STOPPED).select_related("unit__successor"):
        lead = problems[clock.problem_id].lead_unit_id
        successor = standing_successor(clock.unit)
        if successor is not None and successor.pk == lead:
            clock.unit = successor
            moved.append(clock)
    Clock.objects.save_all(moved)


@reacts_to(REAPPLIED)
def reapply_policy(happened: Happened) -> None:
    """Put the clocks of the named problems under the version an approved decision applies to them."""
    for policy, cases in reapplied(happened, *REACHES):
        reapply(policy, cases)
        batch = current().batch
        if batch is not None:
            count_applied(batch, len(cases))


@reacts_to(*FINAL_VERBS, WITHDRAWN_VERB)
def settle_reapplication(happened: Happened) -> None:
    """What was granted is applied after the commit, block by block; what was not changes nothing."""
    for approval in _ended(happened, Verb.ASK_REAPPLICATION):
        row = settle(approval)
        if row.state == Reapplication.State.GRANTED:
            current().defer(apply_reapplication, reapplication=str(row.pk))


@reacts_to(*FINAL_VERBS, WITHDRAWN_VERB)
def settle_rungs(happened: Happened) -> None:
    """A rung that was granted is taken and raises the supervision level; rooms above draft its letter by this verb."""
    for approval in _ended(happened, Verb.TAKE_UP_RUNG):
        taking.settle_rungs(approval)


@reacts_to(*FINAL_VERBS, WITHDRAWN_VERB)
def settle_delisting(happened: Happened) -> None:
    """The supervision level falls, by this and by nothing else."""
    for approval in _ended(happened, Verb.ASK_DELISTING):
        taking.settle_delisting(approval)


@reacts_to(*FINAL_VERBS, WITHDRAWN_VERB)
def settle_conduct(happened: Happened) -> None:
    """Conduct is determined, or it is not; the upper rungs of the ladder rest on it."""
    for approval in _ended(happened, Verb.DETERMINE_CONDUCT):
        conducting.settle_conduct(approval)


def _ended(happened: Happened, matter: Verb) -> list[Approval]:
    return [*happened_final(happened, matter), *happened_withdrawn(happened, matter)]


def _notices(happened: Happened) -> Notices:
    """Which public notices this step began or ended; one after closure ends without a step of its problem."""
    begun: dict[uuid.UUID, date] = {}
    ended: set[uuid.UUID] = set()
    for record in happened.subjects:
        if record.Stream.kind != NOTICE:
            continue
        row: Any = record
        if row.state == NOTICE_RUNNING:
            begun[row.problem_id] = row.until
        else:
            ended.add(row.problem_id)
    return Notices(begun, frozenset(ended))


@reacts_to(CalendarVerb.SET_DAY, CalendarVerb.CLEAR_DAY, CalendarVerb.RENEW_YEAR, CalendarVerb.ANNOUNCE_YEAR)
def plan_recount(happened: Happened) -> None:
    """A date counted across a year that was not announced is counted again, after the commit and block by block."""
    for year in happened.of(CalendarYear):
        current().defer(recount, year=year.year)
