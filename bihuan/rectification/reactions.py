"""What follows when an approval this room asked for is decided, or taken back by whoever asked.

Each function is a verb of the lifecycle's table: it moves the problem only if the step is still open. A problem that
meanwhile went another way (ended, merged) leaves the matter without effect, and its row says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from django.utils.translation import gettext as _

from bihuan.approvals.models import Approval, ApprovalState, Step
from bihuan.approvals.outcomes import FINAL_VERBS, WITHDRAWN_VERB, happened_final, happened_withdrawn
from bihuan.journal.action import Refused, current
from bihuan.journal.ahead import asks_ahead_of
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.journal.wording import for_the_record
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.steps import doing_units, involve
from bihuan.ledger.verbs import LedgerVerb
from bihuan.rectification import amending
from bihuan.rectification.acceptance_duty import ask_ahead, call_acceptors, call_acceptors_of_taken_over
from bihuan.rectification.actions import applications, suspensions
from bihuan.rectification.actions.handing_down import holders
from bihuan.rectification.actions.notices import publish
from bihuan.rectification.circumstances import capacity_by_facts, owes_plan, take
from bihuan.rectification.measures import measures_of, roll_up
from bihuan.rectification.models import (
    AssignmentOrder,
    Extension,
    Measure,
    MoneyEntry,
    Plan,
    Suspension,
)
from bihuan.rectification.money_queries import money_by_problem
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bihuan.journal.append import Event
    from bihuan.journal.records import Record
    from bihuan.rectification.models.plans import Application

AppliedT = TypeVar("AppliedT", Plan, Extension, Suspension)
AskedT = TypeVar("AskedT", Extension, Suspension)


def _decided(happened: Happened, model: type[AppliedT], matter: Verb, *, granted: bool) -> Iterator[AppliedT]:
    """The rows whose approval has just ended this way, locked together with their problem."""
    wanted = ApprovalState.APPROVED if granted else ApprovalState.RETURNED
    for approval in happened_final(happened, matter):
        if approval.state == wanted:
            yield from _locked(model, approval)


def _locked(model: type[AppliedT], approval: Approval) -> Iterator[AppliedT]:
    for row in model.objects.filter(approval=approval).select_related("problem"):
        current().lock([row.problem, row])
        yield row


@reacts_to(*FINAL_VERBS)
def approve_order(happened: Happened) -> None:
    """The order may be issued."""
    _settle_orders(happened, ApprovalState.APPROVED, AssignmentOrder.State.APPROVED)


@reacts_to(*FINAL_VERBS)
def return_order(happened: Happened) -> None:
    """Somebody on the route said no: the order is a draft again."""
    _settle_orders(happened, ApprovalState.RETURNED, AssignmentOrder.State.DRAFT)


def _settle_orders(happened: Happened, decided: ApprovalState, state: AssignmentOrder.State) -> None:
    for approval in happened_final(happened, Verb.SUBMIT_ORDER):
        if approval.state == decided:
            _set_orders(approval, state)


def _set_orders(approval: Approval, state: AssignmentOrder.State) -> None:
    for order in AssignmentOrder.objects.filter(approval=approval, state=AssignmentOrder.State.PENDING):
        current().lock([order])
        order.state = state
        order.save()


@reacts_to(*FINAL_VERBS)
def approve_plan(happened: Happened) -> None:
    """The plan is an undertaking from now on; the units it names take part."""
    for plan in _decided(happened, Plan, Verb.SUBMIT_PLAN, granted=True):
        problem = plan.problem
        if capacity_by_facts(Verb.APPROVE_PLAN, problem) is None:
            _without_effect(plan, problem)
            continue
        take(problem, Verb.APPROVE_PLAN)
        problem.plan_waiting = False
        amending.carry_over(plan)
        _put_in_force(plan, problem)
        problem.save()


@reacts_to(*FINAL_VERBS)
def return_plan(happened: Happened) -> None:
    """The plan comes back with what is missing, which stands in the approval."""
    for plan in _decided(happened, Plan, Verb.SUBMIT_PLAN, granted=False):
        problem = plan.problem
        if capacity_by_facts(Verb.RETURN_PLAN, problem) is None:
            _without_effect(plan, problem)
            continue
        take(problem, Verb.RETURN_PLAN)
        _close_plan(plan, problem, Plan.State.RETURNED)


@reacts_to(*FINAL_VERBS)
def amend_plan(happened: Happened) -> None:
    """The amended plan replaces the one in force; what goes on keeps its progress and its proofs."""
    for plan in _decided(happened, Plan, Verb.PROPOSE_AMENDMENT, granted=True):
        problem = plan.problem
        if capacity_by_facts(Verb.AMEND_PLAN, problem) is None:
            _without_effect(plan, problem)
            continue
        take(problem, Verb.AMEND_PLAN)
        # Its history tells of it and its clock goes by the new days, also where no column of its own changes.
        current().fact(problem, plan=str(plan.pk))
        amending.carry_over(plan)
        _put_in_force(plan, problem)
        problem.save()


@reacts_to(*FINAL_VERBS)
def return_amendment(happened: Happened) -> None:
    """The plan in force stays as it is."""
    for plan in _decided(happened, Plan, Verb.PROPOSE_AMENDMENT, granted=False):
        plan.state = Plan.State.RETURNED
        plan.save()


@reacts_to(*FINAL_VERBS)
def extend(happened: Happened) -> None:
    """The later date holds."""
    _apply(happened, Extension, Verb.ASK_EXTENSION, Verb.EXTEND, applications.extend)


@reacts_to(*FINAL_VERBS)
def refuse_extension(happened: Happened) -> None:
    """The date stays."""
    for extension in _decided(happened, Extension, Verb.ASK_EXTENSION, granted=False):
        _answer(extension, Extension.State.REFUSED)


@reacts_to(*FINAL_VERBS)
def suspend(happened: Happened) -> None:
    """The clock stops."""
    _apply(happened, Suspension, Verb.ASK_SUSPENSION, Verb.SUSPEND, suspensions.suspend)


@reacts_to(*FINAL_VERBS)
def refuse_suspension(happened: Happened) -> None:
    """The clock runs on."""
    for suspension in _decided(happened, Suspension, Verb.ASK_SUSPENSION, granted=False):
        _answer(suspension, Suspension.State.REFUSED)


CONFIRMED: Final = "intake.confirm_candidates"


@asks_ahead_of("intake.import_rows")
def ask_about_judges(subjects: Sequence[Record]) -> None:
    """Who could judge what is about to be written as fixed already."""
    fixed = [one for one in subjects if isinstance(one, Problem) and one.state == State.ACCEPTING]
    for place in {problem.jurisdiction for problem in fixed}:
        ask_ahead(place)


@reacts_to(LedgerVerb.REGISTER, "intake.import_rows", CONFIRMED)
def call_judges(happened: Happened) -> None:
    """What enters the ledger further on than its beginning finds there whoever takes its next step.

    Fixed already: its unit proves it, an acceptor judges it. Taken over under public notice: of that notice nothing is
    known here, so its period is counted from today.
    """
    entered = list(happened.of(Problem))
    if happened.verb == CONFIRMED:
        # A confirmed candidate may have joined what stands in the ledger already.
        born = {event.stream for event in happened.events if event.seq == 1}
        entered = [problem for problem in entered if problem.pk in born]
    judged = [problem for problem in entered if problem.state == State.ACCEPTING]
    call_acceptors_of_taken_over([problem for problem in judged if problem.imported_from])
    for problem in entered:
        if problem.state == State.ACCEPTING and not problem.imported_from:
            if problem.lead_unit is not None:
                involve(problem, InvolvementRole.LEAD, unit=problem.lead_unit)
            call_acceptors(problem)
        elif problem.state == State.NOTICED:
            with for_the_record():
                words = _("承接原台账时正在公示，公示期自承接之日起算。")
            publish(problem, words)


@reacts_to(LedgerVerb.EDIT_FACTS, "intake.apply_changes")
def owe_plan(happened: Happened) -> None:
    """What was begun on the short path and turned out graver owes a plan; what turned out minor owes none."""
    regraded = {event.stream for event in happened.events if "grade" in _changes_of_row(event)}
    for problem in happened.of(Problem):
        if problem.pk in regraded and problem.state in {State.RECTIFYING, State.SUSPENDED}:
            problem.plan_owed = owes_plan(problem)
            problem.save()


@reacts_to(LedgerVerb.EDIT_FACTS, "intake.apply_changes")
def keep_money_covered(happened: Happened) -> None:
    """An amount is not corrected below what was already put right: that would be too much, and nobody has said why."""
    lowered = {event.stream for event in happened.events if "amount" in _changes_of_row(event)}
    problems = [problem for problem in happened.of(Problem) if problem.pk in lowered]
    for problem, money in ((one, money_by_problem([one])[one.pk]) for one in problems):
        if money.excess and not MoneyEntry.objects.filter(problem=problem).exclude(explanation="").exists():
            raise Refused(
                _("%(no)s 已整改到位和核减 %(yuan)s 元，涉及金额不能比这还少。")
                % {"no": problem.problem_no, "yuan": f"{money.put_right + money.taken_off:,.2f}"},
                accepted=_("请先更正资金登记，或者核对涉及金额。"),
                field="amount",
            )


def _changes_of_row(event: Event) -> Mapping[str, object]:
    """What changed about the record itself, not its parts."""
    changes: Mapping[str, Mapping[str, object]] = event.body["changes"]
    return next((change for key, change in changes.items() if key.endswith(f":{event.stream}")), {})


@reacts_to(WITHDRAWN_VERB)
def take_back(happened: Happened) -> None:
    """Whoever asked took it back: the row says so, and nothing waits any more."""
    for approval in happened_withdrawn(happened, Verb.SUBMIT_ORDER):
        _set_orders(approval, AssignmentOrder.State.DRAFT)
    for approval in happened_withdrawn(happened, Verb.SUBMIT_PLAN, Verb.PROPOSE_AMENDMENT):
        for plan in _locked(Plan, approval):
            _close_plan(plan, plan.problem, Plan.State.WITHDRAWN)
    for approval in happened_withdrawn(happened, Verb.ASK_EXTENSION):
        for extension in _locked(Extension, approval):
            _answer(extension, Extension.State.WITHDRAWN)
    for approval in happened_withdrawn(happened, Verb.ASK_SUSPENSION):
        for suspension in _locked(Suspension, approval):
            _answer(suspension, Suspension.State.WITHDRAWN)


def _apply(
    happened: Happened,
    model: type[AskedT],
    matter: Verb,
    verb: Verb,
    apply: Callable[[AskedT], None],
) -> None:
    for row in _decided(happened, model, matter, granted=True):
        if capacity_by_facts(verb, row.problem) is None:
            _without_effect(row, row.problem)
            continue
        _answer(row, row.State.GRANTED)
        apply(row)


def _answer(row: Application, state: str) -> None:
    row.state, row.decided_on = state, current().today
    row.save()


def _without_effect(row: Plan | Application, problem: Problem) -> None:
    """Approved too late: the problem has gone another way."""
    row.state = row.State.WITHDRAWN
    row.save()
    current().fact(row, without_effect=True, state_of_problem=problem.state)
    if isinstance(row, Plan) and problem.plan_waiting:
        problem.plan_waiting = False
        problem.save()


def _close_plan(plan: Plan, problem: Problem, state: Plan.State) -> None:
    first_plan = not plan.reason
    plan.state = state
    plan.save()
    if first_plan and problem.plan_waiting:
        problem.plan_waiting = False
    problem.save()


def _put_in_force(plan: Plan, problem: Problem) -> None:
    """Approved, by whom and when; every unit with a measure is involved; progress counts from its measures."""
    last: Step | None = plan.approval.steps.order_by("-number").first() if plan.approval else None
    plan.state = Plan.State.APPROVED
    plan.approved_by = last.decided_by if last else None
    plan.approved_at = current().now
    plan.save()
    problem.plan_owed = False
    measures = measures_of(plan)
    taking_part = {unit.pk for unit in doing_units(problem)}
    for measure in measures:
        if measure.unit_id not in taking_part:
            taking_part.add(measure.unit_id)
            involve(problem, InvolvementRole.HANDED_DOWN, unit=measure.unit)
        measure.begun_on = measure.begun_on or current().today
    Measure.objects.save_all(measures)
    _name_handlers(measures)
    roll_up(problem, measures)


def _name_handlers(measures: list[Measure]) -> None:
    """Whoever sits in the post a measure is given to has a part in the work from now on."""
    named = []
    for measure in measures:
        known = list(measure.implemented_by)
        fresh = [person for person in holders(measure.post) if person not in known]
        if fresh:
            measure.implemented_by = known + fresh
            named.append(measure)
    Measure.objects.save_all(named)
