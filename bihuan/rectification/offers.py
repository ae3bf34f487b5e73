"""What an actor may do to a problem now, and why the rest may not be done: for buttons, computed without writing.

Table, capacity and the checks asked here are those the actions ask again, under the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.journal.action import NotVisible, Refused
from bihuan.ledger.lifecycle import EDGES, edge_for, refusal
from bihuan.ledger.lifecycle_words import State, Who
from bihuan.ledger.offers import Offer
from bihuan.ledger.rigour import rigour_of
from bihuan.ledger.sight import can_see
from bihuan.organizations.authority import in_unit
from bihuan.rectification.acceptance_duty import ELSEWHERE
from bihuan.rectification.actions.acceptance import fit_to_judge, refuse_unfinished
from bihuan.rectification.actions.applications import refuse_extension
from bihuan.rectification.actions.closure import refuse_involved
from bihuan.rectification.actions.handing_down import refuse_undividable
from bihuan.rectification.actions.work import refuse_unprovable
from bihuan.rectification.before_verdicts import refuse_by_guards
from bihuan.rectification.circumstances import circumstances, running_notice
from bihuan.rectification.levels import is_outside, next_level
from bihuan.rectification.measures import has_evidence, measures_of, plan_in_force, plans_of_round
from bihuan.rectification.models import Objection, Plan
from bihuan.rectification.money_queries import correctable, reductions_asked
from bihuan.rectification.panel_offers import panel_offers
from bihuan.rectification.panels import refuse_against_panel
from bihuan.rectification.policy import BESIDE_THE_TABLE, holds, not_yours
from bihuan.rectification.rules import WHOLE
from bihuan.rectification.verbs import LABELS, Verb

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.lifecycle_facts import Facts
    from bihuan.ledger.models import Problem

Check = Callable[["Problem", "Actor"], object]

OFFERED: Final[Mapping[Verb, object]] = {
    Verb.DRAFT_ORDER: gettext_lazy("列入交办单；经审批、下达后，牵头单位才收到。"),
    Verb.ACKNOWLEDGE: gettext_lazy("签收即认领，方案时限从今天起算。"),
    Verb.DECLINE: gettext_lazy("退回整改办重新拟办；异议到了规定次数，由领导小组决定。"),
    Verb.SUBMIT_PLAN: gettext_lazy("按审批路线送审；批准以后才是承诺。"),
    Verb.REPORT_PROGRESS: gettext_lazy("报到措施上，进度逐级汇总；不用天天报。"),
    Verb.ADD_EVIDENCE: gettext_lazy("一份材料可以证明多条措施，不必重复上传。"),
    Verb.REPLACE_EVIDENCE: gettext_lazy("上传更正后的文件；原来的版本连同理由保留。"),
    Verb.CITE_EVIDENCE: gettext_lazy("已有的材料再证明别的措施，不必重复上传。"),
    Verb.HAND_DOWN: gettext_lazy("措施成为下级单位的任务，责任仍在本单位。"),
    Verb.GIVE_BACK: gettext_lazy("写明理由退回交办的上级，由它自己办或改交别的单位。"),
    Verb.PROPOSE_AMENDMENT: gettext_lazy("由原审批人或以上决定，批准前仍按原方案办。"),
    Verb.ASK_EXTENSION: gettext_lazy("到期前申请，批准后执行新期限；首次期限一直显示。"),
    Verb.ASK_SUSPENSION: gettext_lazy("批准后停表，到恢复日期继续。"),
    Verb.APPLY_ACCEPTANCE: gettext_lazy("转入待验收，由整改各方以外的人核查。"),
    Verb.RESUME: gettext_lazy("时限按停表的天数顺延。"),
    Verb.ACCEPT: gettext_lazy("验收通过后进入公示或销号审定；谁验收谁负责。"),
    Verb.ACCEPT_LEVEL: gettext_lazy("本级验收通过后，由上一级验收；最后一级的结论才是验收结论。"),
    Verb.RETURN_ACCEPTANCE: gettext_lazy("退回整改，写明缺什么；退回次数计入考核。"),
    Verb.RECORD_EXTERNAL_ACCEPTANCE: gettext_lazy("以认定机关的文件为凭，登记后即为验收结论。"),
    Verb.HEAR_OBJECTION: gettext_lazy("登记后须核实：成立的退回整改，不成立的写明情况。"),
    Verb.OBJECT: gettext_lazy("成立的退回整改，不成立的写明情况；全部核实后才能结束公示。"),
    Verb.END_NOTICE: gettext_lazy("公示期满、异议都已核实，提请销号审定。"),
    Verb.CLOSE: gettext_lazy("从在办台账上销去，凭会议纪要或文号。"),
    Verb.TO_STANDING_DUTY: gettext_lazy("不计入已销号，继续定期核查。"),
    Verb.RETURN_CLOSURE: gettext_lazy("退回整改，写明缺什么。"),
    Verb.CHECK_STANDING_DUTY: gettext_lazy("留下一次有日期的核查记录。"),
    Verb.PROPOSE_CLOSURE: gettext_lazy("长效机制见效，重新提请销号审定。"),
    Verb.FILE: gettext_lazy("登记报上级备案的文号。"),
    Verb.REFUSE_FILING: gettext_lazy("上级不予备案的，登记来文和不符合的关，撤回销号、退回整改。"),
    Verb.RECORD_MONEY: gettext_lazy("写明金额、方式、日期和凭据；多于涉及金额的要说明原因。"),
    Verb.CORRECT_MONEY: gettext_lazy("另记一笔差额，原来的登记保留。"),
    Verb.ASK_REDUCTION: gettext_lazy("经另一人批准后，从涉及金额中减去。"),
    Verb.DECIDE_REDUCTION: gettext_lazy("批准后计入核减；申请人不能自己批。"),
}
"""The verbs a problem's page offers, in the order of the loop, each with what follows from it."""

WORDS: Final[Mapping[Verb, object]] = {**LABELS, Verb.OBJECT: gettext_lazy("核实公示异议")}
"""What the button says: where one form serves two verbs, it names both."""

LEADS_TO: Final[Mapping[Verb, Verb]] = {
    Verb.DRAFT_ORDER: Verb.ISSUE_ORDER,
    Verb.ASK_EXTENSION: Verb.EXTEND,
    Verb.GIVE_BACK: Verb.REPORT_PROGRESS,
    Verb.ASK_SUSPENSION: Verb.SUSPEND,
    Verb.PROPOSE_AMENDMENT: Verb.AMEND_PLAN,
    Verb.RECORD_EXTERNAL_ACCEPTANCE: Verb.ACCEPT,
}
"""Asking is possible where the step asked for is."""

FIRST: Final = (
    Verb.DRAFT_ORDER,
    Verb.ACKNOWLEDGE,
    Verb.SUBMIT_PLAN,
    Verb.ACCEPT,
    Verb.END_NOTICE,
    Verb.CLOSE,
    Verb.FILE,
)
"""What usually comes next in its state."""

PICKED: Final = frozenset({Verb.DRAFT_ORDER, Verb.ACKNOWLEDGE, Verb.CLOSE, Verb.TO_STANDING_DUTY, Verb.FILE})
"""Verbs for several problems at once: their form names them in the address."""


def offers_for(actor: Actor, problem: Problem) -> list[Offer]:
    """Every verb that has a place in the problem's present state; nothing for whoever may not know of it."""
    if not can_see(actor, problem):
        return []
    facts = circumstances(problem)
    held: dict[Who, bool] = {}
    found = []
    for verb, consequence in OFFERED.items():
        who = _who(verb, problem, facts)
        if who is None:
            continue
        if who not in held:
            held[who] = holds(actor, problem, who)
        found.append(
            Offer(
                verb=verb,
                label=WORDS[verb],
                url=url_of(verb, problem),
                consequence=consequence,
                why_not=_why_not(verb, problem, facts, who, actor, held=held[who]),
                primary=_is_first(verb, problem),
            )
        )
    return [*found, *panel_offers(actor, problem)]


def url_of(verb: Verb, problem: Problem) -> str:
    """The address of the verb's form for one problem."""
    name = f"rectification:{verb.value.partition('.')[2]}"
    if verb in PICKED:
        return f"{reverse(name)}?pick={problem.pk}"
    return reverse(name, args=[problem.pk])


def _who(verb: Verb, problem: Problem, facts: Facts) -> Who | None:
    """In which capacity the verb would be taken here; None where it has no place in this state at all."""
    if verb in PLACED_BY_FACT:
        return BESIDE_THE_TABLE[verb] if PLACED_BY_FACT[verb](problem, facts) else None
    state, step = State(problem.state), LEADS_TO.get(verb, verb)
    edges = [edge for edge in EDGES if edge.verb == step and edge.source is state]
    has_object = HAS_OBJECT.get(verb)
    if not edges or (has_object is not None and not has_object(problem)):
        return None
    if verb is Verb.DRAFT_ORDER:
        return Who.OFFICE
    return BESIDE_THE_TABLE.get(verb, next((edge.who for edge in edges if edge.applies(facts)), edges[0].who))


PLACED_BY_FACT: Final[Mapping[Verb, Callable[[Problem, Facts], bool]]] = {
    Verb.ACCEPT_LEVEL: lambda problem, _facts: (
        State(problem.state) is State.ACCEPTING and not next_level(problem)[1]
    ),
    Verb.ADD_EVIDENCE: lambda problem, _facts: _passes(refuse_unprovable, problem),
    Verb.REPLACE_EVIDENCE: lambda problem, _facts: (
        _passes(refuse_unprovable, problem) and has_evidence(problem)
    ),
    Verb.CITE_EVIDENCE: lambda problem, _facts: (
        _passes(refuse_unprovable, problem) and has_evidence(problem) and plan_in_force(problem) is not None
    ),
    Verb.HEAR_OBJECTION: lambda _problem, facts: facts.notice_running,
    Verb.RECORD_MONEY: lambda problem, _facts: _has_money(problem),
    Verb.CORRECT_MONEY: lambda problem, _facts: _has_money(problem) and bool(correctable(problem)),
    Verb.ASK_REDUCTION: lambda problem, _facts: _has_money(problem),
    Verb.DECIDE_REDUCTION: lambda problem, _facts: _has_money(problem) and bool(reductions_asked(problem)),
}
WITH_A_LEAD: Final = frozenset(State) - {
    State.REGISTERED,
    State.PROPOSED,
    State.MERGED,
    State.REFERRED,
    State.UNFOUNDED,
    State.TERMINATED,
}
"""Where money is put right: from the assignment on, also after closure."""


def _has_money(problem: Problem) -> bool:
    return problem.amount is not None and State(problem.state) in WITH_A_LEAD


HAS_OBJECT: Final[Mapping[Verb, Callable[[Problem], bool]]] = {
    Verb.SUBMIT_PLAN: lambda problem: problem.state == State.PLANNING or problem.plan_owed,
    Verb.PROPOSE_AMENDMENT: lambda problem: not problem.plan_owed,
    Verb.ACCEPT: lambda problem: next_level(problem)[1],
    Verb.RECORD_EXTERNAL_ACCEPTANCE: lambda problem: (
        rigour_of(problem).accepts in ELSEWHERE or is_outside(problem)
    ),
    Verb.HAND_DOWN: lambda problem: (
        bool(measures_of(plan_in_force(problem))) or _passes(refuse_undividable, problem)
    ),
    Verb.GIVE_BACK: lambda problem: any(
        one.parent_id is not None and one.handed_down_by is not None
        for one in measures_of(plan_in_force(problem))
    ),
    Verb.OBJECT: lambda problem: Objection.objects.filter(
        notice=running_notice(problem), notice__isnull=False, upheld=None
    ).exists(),
}


def _passes(check: Callable[[Problem], object], problem: Problem) -> bool:
    try:
        check(problem)
    except Refused:
        return False
    return True


def _why_not(verb: Verb, problem: Problem, facts: Facts, who: Who, actor: Actor, *, held: bool) -> str:
    if not held:
        return str(not_yours(who, problem).accepted)
    step, state = LEADS_TO.get(verb, verb), State(problem.state)
    if verb not in PLACED_BY_FACT and edge_for(state, step, facts) is None:
        return refusal(state, step, facts).explain(get_language() or "zh")
    further = FURTHER.get(verb)
    if further is None:
        return ""
    try:
        further(problem, actor)
    except NotVisible:
        raise
    except Refused as refused:
        return str(refused)
    return ""


def _may_amend(problem: Problem, actor: Actor) -> None:
    if any(plan.state == Plan.State.SUBMITTED for plan in plans_of_round(problem)):
        raise Refused(_("已有一份方案调整在审批中。"), accepted=_("请等待审批结果，或先撤回。"))


def _may_give_back(problem: Problem, actor: Actor) -> None:
    tasks = [one for one in measures_of(plan_in_force(problem)) if one.handed_down_by and one.parent_id]
    if not any(in_unit(actor, one.unit) for one in tasks):
        raise Refused(_("没有上级交给您所在单位的任务。"))


def _may_accept(problem: Problem, actor: Actor) -> None:
    fit_to_judge(problem, actor)
    refuse_against_panel(problem, actor, accepts=True, on_site=True)
    refuse_by_guards(problem)


def _may_return(problem: Problem, actor: Actor) -> None:
    fit_to_judge(problem, actor)
    refuse_against_panel(problem, actor, accepts=False)


def _may_extend(problem: Problem, actor: Actor) -> None:
    refuse_extension(problem, problem.external_deadline + timedelta(days=1))


FURTHER: Final[Mapping[Verb, Check]] = {
    Verb.ACCEPT: _may_accept,
    Verb.ACCEPT_LEVEL: fit_to_judge,
    Verb.RETURN_ACCEPTANCE: _may_return,
    Verb.APPLY_ACCEPTANCE: lambda problem, _actor: refuse_unfinished(problem),
    Verb.PROPOSE_AMENDMENT: _may_amend,
    Verb.GIVE_BACK: _may_give_back,
    Verb.ASK_EXTENSION: _may_extend,
    Verb.CLOSE: refuse_involved,
    Verb.TO_STANDING_DUTY: refuse_involved,
}
"""What stands beside table and capacity, as far as it is known before the form is filled in."""


def _is_first(verb: Verb, problem: Problem) -> bool:
    if State(problem.state) is State.RECTIFYING and problem.plan_owed and not problem.plan_waiting:
        return verb is Verb.SUBMIT_PLAN
    if State(problem.state) is State.RECTIFYING:
        return verb is (Verb.APPLY_ACCEPTANCE if problem.progress == WHOLE else Verb.REPORT_PROGRESS)
    return verb in FIRST
