"""What the ledger does when an approval it asked for is final or taken back, and when stewards change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.approvals.models import ApprovalState
from bihuan.approvals.outcomes import FINAL_VERBS, WITHDRAWN_VERB, happened_final, happened_withdrawn
from bihuan.journal.action import Refused, current
from bihuan.journal.identity import new_id
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.actions.endings import MATTER
from bihuan.ledger.comparing import wait
from bihuan.ledger.following import BLOCK, STEWARDSHIP, follow, reach_of
from bihuan.ledger.jobs import compare_waiting, follow_rest
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.models import Ending, Finding, FindingLink, FindingState, InvolvementRole, Problem
from bihuan.ledger.steps import involve, step, units_in
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Stewardship, Unit
from bihuan.organizations.sight import outermost

if TYPE_CHECKING:
    from bihuan.approvals.models import Approval


@reacts_to(*FINAL_VERBS)
def apply_ending(happened: Happened) -> None:
    """End the problem as approved, or write down that it was refused."""
    for approval in happened_final(happened, MATTER):
        ending = _ending_of(approval)
        if approval.state != ApprovalState.APPROVED:
            ending.state = Ending.State.REFUSED
            ending.save()
            continue
        _end(ending, approval)
        ending.state = Ending.State.APPLIED
        ending.save()


@reacts_to(WITHDRAWN_VERB)
def forget_ending(happened: Happened) -> None:
    """An application taken back stands in nobody's way any more."""
    for approval in happened_withdrawn(happened, MATTER):
        ending = _ending_of(approval)
        ending.state = Ending.State.WITHDRAWN
        ending.save()


def _ending_of(approval: Approval) -> Ending:
    ending: Ending = Ending.objects.select_related("problem", "into").get(approval=approval)
    current().lock([record for record in (ending, ending.problem, ending.into) if record is not None])
    return ending


def _end(ending: Ending, approval: Approval) -> None:
    problem, act = ending.problem, current()
    step(problem, ending.verb)
    if ending.into is not None:
        _hand_on_findings(problem, ending.into)
    act.fact(problem, verb=ending.verb, approval=str(approval.pk))
    problem.merged_into = ending.into
    problem.referred_to = ending.receiving_body
    problem.ended_document = ending.document_no
    problem.closed_on = act.today
    problem.save()


def _hand_on_findings(problem: Problem, into: Problem) -> None:
    """The problems are joined, the findings are not: each waits for its answer on the problem that goes on."""
    if into.state not in OPEN:
        raise Refused(
            _("要并入的问题 %(number)s 已经办结，不能再并入。") % {"number": into.problem_no},
            accepted=_("请退回这项申请，改并入在办的问题。"),
        )
    linked = set(into.finding_links.values_list("finding", flat=True))
    links = problem.finding_links.exclude(finding__in=linked)
    FindingLink.objects.bulk_create(
        [FindingLink(problem=into, finding_id=link.finding_id, via=problem) for link in links]
    )
    # Whoever raised the problem follows it where it goes on; who worked on it has nothing to do there until asked.
    for unit in units_in(problem, [InvolvementRole.SOURCE]):
        involve(into, InvolvementRole.SOURCE, unit=unit)


@reacts_to("lookback.rebound")
def take_back_merger(happened: Happened) -> None:
    """A merger that was wrong takes its findings along: they wait for the problem that raised them, not for another."""
    back = [problem.pk for problem in happened.of(Problem) if problem.state in OPEN]
    going = FindingLink.objects.filter(via__in=back)
    while links := list(going.select_related("problem")):
        current().lock([link.problem for link in links])
        further = Q(pk__in=[])
        for link in links:
            # What was merged further on took the finding there.
            further |= Q(via=link.problem_id, finding=link.finding_id)
            link.delete()
        going = FindingLink.objects.filter(further)


@reacts_to(
    "organizations.steward",
    "organizations.end_stewardship",
    "organizations.merge_units",
    "organizations.close_unit",
    "organizations.move_unit",
)
def follow_stewards(happened: Happened) -> None:
    """Sight follows stewardship: a block at once, the rest by a job that goes on block by block."""
    keys = {key for event in happened.events for key in event.body["changes"]}
    held = list(
        Stewardship.objects.filter(
            pk__in=[key.removeprefix(STEWARDSHIP) for key in keys if key.startswith(STEWARDSHIP)]
        ).select_related("territory")
    )
    # A unit that hangs elsewhere takes the places below it into and out of territories.
    moved = {
        event.stream
        for event in happened.events
        if "parent_id" in event.body["changes"].get(f"organizations.unit:{event.stream}", {})
    }
    places = list(outermost(tuple(Unit.objects.filter(pk__in=moved).values_list("path", flat=True))))
    act = current()
    former = sorted({one.unit_id for one in held if one.until is not None and one.until <= act.today})
    reached = reach_of(held, places).order_by("pk")
    first = list(reached[: BLOCK + 1])
    if first:
        follow(first[:BLOCK], former=former)
    if len(first) > BLOCK:
        act.defer(
            follow_rest,
            batch=str(new_id()),
            stewardships=[str(one.pk) for one in held],
            places=places,
            former=[str(unit) for unit in former],
        )


@reacts_to(LedgerVerb.EDIT_FACTS, "intake.apply_changes")
def follow_sector(happened: Happened) -> None:
    """Another sector has other stewards; whoever was named by hand stays."""
    moved = {
        event.stream
        for event in happened.events
        if "sector_id" in event.body["changes"].get(f"ledger.problem:{event.stream}", {})
    }
    problems = [problem for problem in happened.of(Problem) if problem.pk in moved]
    if problems:
        follow(problems)


@reacts_to("lookback.rebound", "rectification.object")
def reopen_findings(happened: Happened) -> None:
    """A finding is answered only while all its problems are: one that is back leaves the source's answer overtaken.

    What was answered, when and by which document stays; what is open again is that the source waits.
    """
    back = [problem.pk for problem in happened.of(Problem) if problem.state in OPEN]
    findings = list(
        Finding.objects.filter(problem_links__problem__in=back, state=FindingState.ANSWERED).distinct()
    )
    current().lock(findings)
    for finding in findings:
        finding.state = FindingState.OPEN
        finding.save()


@reacts_to("intake.import_rows")
def compare_later(happened: Happened) -> None:
    """A block of rows is not held up by comparing each with the ledger: they wait for a job, and say so."""
    problems = happened.of(Problem)
    if problems:
        wait([problem.pk for problem in problems])
        current().defer(compare_waiting)
