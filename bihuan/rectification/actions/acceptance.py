"""Independent proof: applied for after a self-check, given or refused by somebody who had no part in the work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, Upload, take_in
from bihuan.journal.action import Actor, NotAllowed, Refused, action, current
from bihuan.journal.wording import for_the_record, listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.rigour import rigour_of
from bihuan.ledger.steps import involve, refuse_empty
from bihuan.organizations.authority import unit_of
from bihuan.rectification.acceptance_duty import ELSEWHERE, call_acceptors, refuse_wrong_acceptor
from bihuan.rectification.acceptance_words import FAILED, GATE_ANSWERS, GATES
from bihuan.rectification.actions.notices import open_what_follows
from bihuan.rectification.before_verdicts import look_ahead, refuse_by_guards
from bihuan.rectification.circumstances import refuse_unless_open, take
from bihuan.rectification.deliberating import DeliberationDraft, deliberate
from bihuan.rectification.evidence_needs import refuse_gaps
from bihuan.rectification.independence_facts import doing_paths, refuse_dependent, work_of
from bihuan.rectification.levels import is_outside, refuse_unless_last, refuse_wrong_level
from bihuan.rectification.measures import has_evidence, measures_of, plan_in_force
from bihuan.rectification.models import Acceptance, Deliberation, Extension, Measure, Plan, Suspension
from bihuan.rectification.panels import end_panel, refuse_against_panel, stand_down
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from bihuan.files.models import FileReference
    from bihuan.organizations.models import Unit


@action(Verb.APPLY_ACCEPTANCE, may=may(Verb.APPLY_ACCEPTANCE))
def apply_acceptance(
    problem: Problem,
    *,
    self_check: str,
    goal_now: str = "",
    deliberation: DeliberationDraft | None = None,
    actor: Actor,
) -> Acceptance:
    """The unit has checked for itself that all is done, and asks to be checked by others."""
    self_check = refuse_empty(self_check, _("自验结论"))
    refuse_unless_open(problem, Verb.APPLY_ACCEPTANCE)
    refuse_unfinished(problem)
    problem.goal_now = goal_now.strip() or problem.goal_now
    if problem.goal_indicator and not problem.goal_now:
        raise Refused(
            _("这个问题以指标销号，还没有填现值。"),
            accepted=_("请填写“%(goal)s”的现值和目标值 %(target)s 对照。")
            % {"goal": problem.goal_indicator, "target": problem.goal_target},
            field="goal_now",
        )
    deliberate(problem, Deliberation.About.CLOSURE, deliberation, actor)
    take(problem, Verb.APPLY_ACCEPTANCE)
    call_acceptors(problem)
    problem.save()
    made: Acceptance = Acceptance.objects.create(
        problem=problem,
        round=problem.round,
        self_check=self_check,
        applied_by=person_of(actor),
        applied_principal=actor.on_behalf_of,
        applied_on=current().today,
    )
    return made


def refuse_unfinished(problem: Problem) -> None:
    """Raise what still stands between the problem and its acceptance; writes nothing."""
    _refuse_unproved(problem)
    measures = measures_of(plan_in_force(problem))
    open_ones = [measure.number for measure in measures if measure.state != Measure.State.DONE]
    if open_ones:
        raise Refused(
            _("还有措施没有完成：第 %(numbers)s 条。") % {"numbers": listed(open_ones[:8])},
            accepted=_("请先报告完成；确需改变的，申请调整方案。"),
        )
    refuse_gaps(problem)
    waiting = (
        (Plan, Plan.State.SUBMITTED, _("方案调整")),
        (Extension, Extension.State.ASKED, _("延期")),
        (Suspension, Suspension.State.ASKED, _("中止")),
    )
    for model, state, words in waiting:
        if model._base_manager.filter(problem=problem, round=problem.round, state=state).exists():
            raise Refused(
                _("还有一份%(what)s申请在审批中。") % {"what": words},
                accepted=_("请等待审批结果，或先撤回。"),
            )


def _refuse_unproved(problem: Problem) -> None:
    if not has_evidence(problem):
        raise Refused(_("本轮还没有佐证材料。"), accepted=_("请先上传能证明整改到位的材料。"))


def look_before_verdict(arguments: Mapping[str, Any]) -> None:
    """Upper rooms look before the verdict, for whoever may give one at all."""
    may(Verb.ACCEPT)(arguments["actor"], [arguments["problem"]], arguments)
    look_ahead(arguments)


@action(Verb.ACCEPT, may=may(Verb.ACCEPT), ahead=look_before_verdict)
def accept(
    problem: Problem,
    *,
    opinion: str,
    gates: Mapping[str, str],
    on_site: bool,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> Acceptance:
    """Find the work done, gate by gate. Notice or closure review follows, as policy says.

    Where a panel sits, this is its conclusion: by the chair, when all have signed, never against what they found.
    """
    opinion = words_of_verdict(opinion, gates)
    _refuse_without_lead(problem)
    if problem.fixed_on_entry:
        # Nobody applied, so nobody was asked for proof: that it calls itself fixed is none.
        _refuse_unproved(problem)
    refuse_unless_last(problem)
    unit = fit_to_judge(problem, actor)
    panel = refuse_against_panel(problem, actor, accepts=True, on_site=on_site)
    refuse_by_guards(problem)
    acceptance = _decided(problem, unit, actor)
    acceptance.state = Acceptance.State.ACCEPTED
    acceptance.opinion, acceptance.gates, acceptance.on_site = opinion, dict(gates), on_site
    acceptance.file = attached(problem, file)
    acceptance.save()
    end_panel(panel)
    edge = take(problem, Verb.ACCEPT)
    problem.save()
    open_what_follows(problem, edge.to, opinion)
    return acceptance


@action(Verb.RETURN_ACCEPTANCE, may=may(Verb.RETURN_ACCEPTANCE))
def return_acceptance(
    problem: Problem,
    *,
    gates: Mapping[str, str],
    what_is_missing: str,
    on_site: bool = False,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> Acceptance:
    """Not yet: at which gates, and what is missing there. A gate nobody looked at any more is left out; returns count."""
    missing = refuse_empty(what_is_missing, _("缺什么"))
    failed = failed_gates(gates)
    unit = fit_to_judge(problem, actor)
    panel = refuse_against_panel(problem, actor, accepts=False, failed=failed)
    with for_the_record():
        current().because(
            _("%(gates)s未通过：%(missing)s")
            % {"gates": listed(f"“{GATES[name]}”" for name in failed), "missing": missing}
        )
    acceptance = _decided(problem, unit, actor)
    take(problem, Verb.RETURN_ACCEPTANCE)
    acceptance.state = Acceptance.State.RETURNED
    acceptance.gates, acceptance.what_is_missing, acceptance.on_site = dict(gates), missing, on_site
    acceptance.file = attached(problem, file)
    acceptance.save()
    end_panel(panel)
    problem.returns += 1
    problem.save()
    return acceptance


def words_of_verdict(opinion: str, gates: Mapping[str, str]) -> str:
    """What whoever finds the work done says, at whichever level: something in words, and every gate judged."""
    words = refuse_empty(opinion, _("验收意见"))
    refuse_gates(gates)
    return words


def attached(problem: Problem, file: Upload | Incoming | None) -> FileReference | None:
    """The paper of a verdict, if there is one."""
    return take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk) if file else None


def failed_gates(gates: Mapping[str, str]) -> list[str]:
    """The gates that failed, in their order; a return names at least one, and no gate or answer there is not."""
    unknown = set(gates) - set(GATES) or {one for one in gates.values() if one not in GATE_ANSWERS}
    failed = [name for name in GATES if gates.get(name) == FAILED]
    if unknown or not failed:
        raise Refused(
            _("没有写明哪一关没有通过。"),
            accepted=_("五关是：%(gates)s。至少一关填未通过，没有核查的可以不填。")
            % {"gates": listed(str(words) for words in GATES.values())},
            field="gates",
        )
    return failed


def refuse_gates(gates: Mapping[str, str]) -> None:
    """Every gate is judged, and none failed."""
    wrong = [name for name in GATES if gates.get(name) not in GATE_ANSWERS]
    if wrong or set(gates) - set(GATES):
        raise Refused(
            _("五关没有逐项判断：%(gates)s。") % {"gates": listed(str(GATES[name]) for name in wrong)},
            accepted=_("每一关填通过、不适用或未通过。"),
            field="gates",
        )
    failed = [name for name in GATES if gates[name] == FAILED]
    if failed:
        raise Refused(
            _("有一关没有通过：%(gates)s。") % {"gates": listed(str(GATES[name]) for name in failed)},
            accepted=_("应退回整改，写明缺什么。"),
            field="gates",
        )


def fit_to_judge(problem: Problem, actor: Actor) -> Unit:
    """The acceptor's unit, if nothing stands against this person judging this problem; writes nothing."""
    unit = unit_of(actor)
    if unit is None:
        raise NotAllowed(_("验收要由单位的验收岗作出。"))
    if refuse_wrong_level(problem, unit, actor):
        refuse_wrong_acceptor(problem, unit)
    refuse_dependent(actor, unit, work_of(problem))
    return unit


def _decided(problem: Problem, unit: Unit, actor: Actor) -> Acceptance:
    """The open application of the round (or one made now, where the source entered it as fixed), with its judge."""
    acceptance = open_acceptance(problem) or Acceptance(
        problem=problem, round=problem.round, self_check="", applied_on=current().today
    )
    acceptance.acceptor, acceptance.acceptor_principal = actor.person, actor.on_behalf_of
    acceptance.acceptor_unit, acceptance.acceptor_path = unit, unit.path
    acceptance.lead_path = problem.lead_unit.path if problem.lead_unit else None
    acceptance.doing_paths = doing_paths(problem)
    acceptance.decided_on = current().today
    _involve_lead(problem)
    involve(problem, InvolvementRole.ACCEPTOR, unit=unit)
    return acceptance


def _involve_lead(problem: Problem) -> None:
    """Entered as already fixed, it was never assigned: from the verdict on the unit takes part."""
    if problem.lead_unit is not None:
        involve(problem, InvolvementRole.LEAD, unit=problem.lead_unit)


def _refuse_without_lead(problem: Problem) -> None:
    if problem.lead_unit is None:
        raise Refused(
            _("这个问题没有写明由谁整改，无从判断验收是否独立。"),
            accepted=_("请退回整改办，补登牵头单位后再验收。"),
            field="lead_unit",
        )


def open_acceptance(problem: Problem) -> Acceptance | None:
    """The application of this round that waits for a verdict."""
    found: Acceptance | None = (
        Acceptance.objects.filter(problem=problem, round=problem.round, state=Acceptance.State.APPLIED)
        .order_by("-id")
        .first()
    )
    return found


@action(Verb.RECORD_EXTERNAL_ACCEPTANCE, may=may(Verb.RECORD_EXTERNAL_ACCEPTANCE))
def record_external_acceptance(
    problem: Problem,
    *,
    authority: str,
    document_no: str,
    decided_on: date,
    opinion: str,
    file: Upload | Incoming,
    accepted: bool = True,
    actor: Actor,
) -> Acceptance:
    """Record the verdict of an authority that works outside this program, by its document."""
    if rigour_of(problem).accepts not in ELSEWHERE and not is_outside(problem):
        raise Refused(_("这个问题由本级独立验收，不登记外部认定。"), accepted=_("请由验收岗在系统内验收。"))
    acceptance = open_acceptance(problem) or Acceptance(
        problem=problem, round=problem.round, self_check="", applied_on=current().today
    )
    if not acceptance.applied_on <= decided_on <= current().today:
        raise Refused(
            _("认定日期应在提请之后、今天或以前。"),
            accepted=_("%(first)s 至今天之间的日期。") % {"first": acceptance.applied_on.isoformat()},
            field="decided_on",
        )
    acceptance.authority = refuse_empty(authority, _("认定机关"))
    acceptance.document_no = refuse_empty(document_no, _("认定文号"))
    acceptance.state = Acceptance.State.ACCEPTED if accepted else Acceptance.State.RETURNED
    words = refuse_empty(opinion, _("认定意见"))
    acceptance.opinion, acceptance.what_is_missing = (words, "") if accepted else ("", words)
    acceptance.lead_path = problem.lead_unit.path if problem.lead_unit else None
    acceptance.doing_paths = doing_paths(problem)
    acceptance.decided_on, acceptance.recorded_by = decided_on, actor.person
    _involve_lead(problem)
    stand_down(problem, _("已登记%(authority)s的认定。") % {"authority": acceptance.authority})
    acceptance.file = take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk)
    edge = take(problem, Verb.ACCEPT if accepted else Verb.RETURN_ACCEPTANCE)
    acceptance.save()
    if edge.to is State.RECTIFYING:
        problem.returns += 1
    problem.save()
    open_what_follows(problem, edge.to, words)
    return acceptance
