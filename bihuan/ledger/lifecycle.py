"""What may follow what in the life of a problem: the only place that says so.

Buttons, permissions, API, the diagram in the documentation and the property tests all read `EDGES`. Decisions
that are pending (an extension applied for, an order on its way through the route) are approvals, not states.

An edge applies when its condition holds for the facts of the problem. Several edges may share state and verb,
but for any one set of facts at most one of them applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bihuan.ledger.lifecycle_facts import CONDITION_WORDS, Condition, Facts
from bihuan.ledger.lifecycle_reasons import REASONS_IN_ENGLISH
from bihuan.ledger.lifecycle_words import STATE_WORDS, VERB_WORDS, Need, State, Who

S = State
N = Need


@dataclass(frozen=True, slots=True)
class Edge:
    """One step: from `source` (None: from outside the ledger) by `verb` to `to`, and why it exists."""

    source: State | None
    verb: str
    to: State
    who: Who
    needs: tuple[Need, ...]
    reason: str
    when: Condition = Condition.ALWAYS
    new_round: bool = False

    def applies(self, facts: Facts) -> bool:
        """Tell whether the condition of this edge holds."""
        return self.when.holds(facts)

    def why(self, language: str) -> str:
        """Say why the step exists."""
        return REASONS_IN_ENGLISH[self.reason] if language.startswith("en") else self.reason

    def needed(self, facts: Facts) -> tuple[Need, ...]:
        """Return what must be brought along; only an external source has a document to show."""
        if facts.source_is_external:
            return self.needs
        return tuple(need for need in self.needs if need is not Need.SOURCE_DOCUMENT)


def _ways_out_of_the_ledger(source: State) -> list[Edge]:
    """Return the endings without closure: each takes two people, and an external source's own word."""
    twice = (N.REASON, N.SECOND_PERSON, N.SOURCE_DOCUMENT)
    return [
        Edge(source, "ledger.merge", S.MERGED, Who.OFFICE, (*twice, N.INTO_PROBLEM),
             "并案的是问题，不是反馈条目：每个来源仍要得到自己的答复"),
        Edge(source, "ledger.refer", S.REFERRED, Who.OFFICE, (*twice, N.RECEIVING_BODY),
             "属纪检监察、司法等机关职权的，移送有权机关并留回执"),
        Edge(source, "ledger.mark_unfounded", S.UNFOUNDED, Who.OFFICE, (*twice, N.EVIDENCE),
             "不属实是要举证的结论，来源是上级的由来源机关认可"),
        Edge(source, "ledger.terminate", S.TERMINATED, Who.OFFICE, twice,
             "终止办理须书面审核；对象灭失、职能划转等使整改失去意义"),
    ]  # fmt: skip


# The table is read like a policy document, one step to an entry, so the formatter keeps out.
# fmt: off
EDGES: Final[tuple[Edge, ...]] = (
    # Into the ledger.
    Edge(None, "ledger.register", S.REGISTERED, Who.OFFICE, (),
         "照单全收，逐条登记", Condition.NOT_FIXED_YET),
    Edge(None, "ledger.register", S.ACCEPTING, Who.OFFICE, (N.EVIDENCE,),
         "边审边改的问题也要独立验收，自称已改不算数", Condition.ALREADY_FIXED),

    # Triage: one proposes, another decides.
    Edge(S.REGISTERED, "ledger.propose", S.PROPOSED, Who.OFFICE, (N.PROPOSED_HANDLING,),
         "先有拟办意见，才能交办：谁牵头、谁配合、何时完成"),
    *_ways_out_of_the_ledger(S.REGISTERED),
    Edge(S.PROPOSED, "ledger.propose", S.PROPOSED, Who.OFFICE, (N.PROPOSED_HANDLING,),
         "交办异议或退回之后重新拟办，不必从头登记"),
    Edge(S.PROPOSED, "ledger.return_proposal", S.REGISTERED, Who.APPROVER, (N.REASON,),
         "审批人不同意拟办意见"),
    Edge(S.PROPOSED, "rectification.issue_order", S.ASSIGNED, Who.APPROVER, (N.ASSIGNMENT_ORDER,),
         "交办单经批准后一次下达，批次内的问题同时交办", Condition.ORDINARY_ORDER),
    Edge(S.PROPOSED, "rectification.issue_order", S.ASSIGNED, Who.LEADING_GROUP, (N.ASSIGNMENT_ORDER,),
         "异议到了规定次数，由整改办提出、领导小组决定，不再推来推去", Condition.DECLINED_OUT),
    *_ways_out_of_the_ledger(S.PROPOSED),

    # Assignment: the unit acknowledges, or says within the limit that it is not theirs.
    Edge(S.ASSIGNED, "rectification.acknowledge", S.PLANNING, Who.LEAD_UNIT, (),
         "签收即开始计算方案时限", Condition.NEEDS_PLAN),
    Edge(S.ASSIGNED, "rectification.acknowledge", S.RECTIFYING, Who.LEAD_UNIT, (),
         "一般问题立行立改，不为方案而方案", Condition.SHORT_PATH),
    Edge(S.ASSIGNED, "rectification.decline", S.PROPOSED, Who.LEAD_UNIT, (N.REASON, N.PROPOSED_UNIT),
         "不属本单位职责的，在期限内说明理由并提出应由谁办；会议或领导指定的不得退回",
         Condition.MAY_BE_DECLINED),
    *_ways_out_of_the_ledger(S.ASSIGNED),

    # Planning.
    Edge(S.PLANNING, "rectification.submit_plan", S.PLANNING, Who.LEAD_UNIT, (N.PLAN,),
         "方案写明目标、任务、措施、责任和时限，报有权机关审批", Condition.NO_PLAN_WAITING),
    Edge(S.PLANNING, "rectification.approve_plan", S.RECTIFYING, Who.PLAN_APPROVER, (),
         "方案经批准才是承诺，整改自此按方案核对", Condition.PLAN_WAITING),
    Edge(S.PLANNING, "rectification.return_plan", S.PLANNING, Who.PLAN_APPROVER, (N.WHAT_IS_MISSING,),
         "方案不实、降低标准的退回重报", Condition.PLAN_WAITING),
    *_ways_out_of_the_ledger(S.PLANNING),

    # A round that begins with the work under way: work does not wait for the plan, acceptance does.
    Edge(S.RECTIFYING, "rectification.submit_plan", S.RECTIFYING, Who.LEAD_UNIT, (N.PLAN,),
         "反弹重开的一轮要有新的方案和新的时限，不能拿上一轮的方案交账", Condition.PLAN_OWED),
    Edge(S.RECTIFYING, "rectification.approve_plan", S.RECTIFYING, Who.PLAN_APPROVER, (),
         "本轮方案经批准才是承诺，整改自此按方案核对", Condition.PLAN_WAITING),
    Edge(S.RECTIFYING, "rectification.return_plan", S.RECTIFYING, Who.PLAN_APPROVER, (N.WHAT_IS_MISSING,),
         "方案不实、降低标准的退回重报", Condition.PLAN_WAITING),

    # Rectification: the work itself.
    Edge(S.RECTIFYING, "rectification.report_progress", S.RECTIFYING, Who.DOING_UNIT, (N.PROGRESS,),
         "每月一次预填的调度表，不要求天天打卡"),
    Edge(S.RECTIFYING, "rectification.hand_down", S.RECTIFYING, Who.DOING_UNIT, (N.SUBORDINATE_UNIT,),
         "措施交给下级承担，责任仍在牵头单位"),
    Edge(S.RECTIFYING, "rectification.amend_plan", S.RECTIFYING, Who.PLAN_APPROVER, (N.PLAN_AMENDMENT,),
         "改目标、改措施、改时限，由原审批层级或以上决定", Condition.NO_PLAN_OWED),
    Edge(S.RECTIFYING, "rectification.extend", S.RECTIFYING, Who.APPROVER,
         (N.APPROVED_APPLICATION, N.LATER_DATE),
         "到期前申请，经批准才延期；首次期限永远保留"),
    Edge(S.RECTIFYING, "rectification.suspend", S.SUSPENDED, Who.APPROVER,
         (N.APPROVED_APPLICATION, N.RESUMPTION_DATE),
         "诉讼、季节等客观原因使整改无法进行，经批准停表，定好何时恢复"),
    Edge(S.RECTIFYING, "rectification.apply_acceptance", S.ACCEPTING, Who.LEAD_UNIT,
         (N.EVIDENCE, N.SELF_CHECK),
         "先自验，再申请独立验收；验收对照的是本轮批准的方案", Condition.NO_PLAN_OWED),
    *_ways_out_of_the_ledger(S.RECTIFYING),
    Edge(S.SUSPENDED, "rectification.resume", S.RECTIFYING, Who.APPROVER, (N.REASON,),
         "原因消除或恢复日期已到，时限继续计算"),
    *_ways_out_of_the_ledger(S.SUSPENDED),

    # Acceptance by somebody who had no part in the work.
    Edge(S.ACCEPTING, "rectification.accept", S.NOTICED, Who.ACCEPTOR, (N.INDEPENDENCE, N.CHECK_RECORD),
         "谁验收谁负责；验收结果先公示，听取异议", Condition.NOTICE_FIRST),
    Edge(S.ACCEPTING, "rectification.accept", S.CLOSURE_REVIEW, Who.ACCEPTOR,
         (N.INDEPENDENCE, N.CHECK_RECORD),
         "按规定销号后公示，或经批准不公示的，直接提请审定", Condition.NO_NOTICE_FIRST),
    Edge(S.ACCEPTING, "rectification.return_acceptance", S.RECTIFYING, Who.ACCEPTOR,
         (N.INDEPENDENCE, N.WHAT_IS_MISSING),
         "验收不通过要说清缺什么；退回次数计入考核"),

    # Public notice.
    Edge(S.NOTICED, "rectification.object", S.RECTIFYING, Who.OFFICE, (N.OBJECTION,),
         "公示期内的异议经核实成立，退回整改"),
    Edge(S.NOTICED, "rectification.end_notice", S.CLOSURE_REVIEW, Who.OFFICE, (),
         "公示期满无异议，提请销号审定", Condition.PERIOD_OVER),

    # Closure by the competent body, not by whoever did the work.
    Edge(S.CLOSURE_REVIEW, "rectification.close", S.CLOSED, Who.CLOSING_AUTHORITY, (N.MINUTES,),
         "集体审定，凭会议纪要或文号销号"),
    Edge(S.CLOSURE_REVIEW, "rectification.return_closure", S.RECTIFYING, Who.CLOSING_AUTHORITY,
         (N.WHAT_IS_MISSING,),
         "审定认为未整改到位"),
    Edge(S.CLOSURE_REVIEW, "rectification.to_standing_duty", S.STANDING_DUTY, Who.CLOSING_AUTHORITY,
         (N.MINUTES,),
         "长期坚持的事项转入常态，不计入已销号", Condition.CONTINUOUS),
    Edge(S.STANDING_DUTY, "rectification.check_standing_duty", S.STANDING_DUTY, Who.OFFICE, (N.CHECK_RECORD,),
         "转常态不是放下，定期核查"),
    Edge(S.STANDING_DUTY, "rectification.propose_closure", S.CLOSURE_REVIEW, Who.LEAD_UNIT, (N.EVIDENCE,),
         "长效机制见效后仍可提请销号审定"),
    Edge(S.STANDING_DUTY, "lookback.rebound", S.RECTIFYING, Who.LOOKBACK_PARTY, (N.CHECK_RECORD,),
         "常态核查发现反弹，重新整改", new_round=True),

    # After closure: filing, a notice that comes later, and looking back.
    Edge(S.CLOSED, "rectification.file", S.CLOSED, Who.OFFICE, (N.FILING_DOCUMENT,),
         "销号后报上级备案", Condition.NOT_FILED),
    Edge(S.CLOSED, "rectification.refuse_filing", S.RECTIFYING, Who.OFFICE, (N.WHAT_IS_MISSING,),
         "上级不予备案，写明哪一关不符合，撤回销号，本轮继续整改", Condition.NOT_FILED),
    Edge(S.CLOSED, "rectification.object", S.RECTIFYING, Who.OFFICE, (N.OBJECTION,),
         "销号后公示期内异议成立，撤回销号，本轮继续整改", Condition.LATER_NOTICE_RUNNING),
    Edge(S.CLOSED, "rectification.end_notice", S.CLOSED, Who.OFFICE, (),
         "销号后公示期满无异议", Condition.LATER_NOTICE_OVER),
    Edge(S.CLOSED, "lookback.hold", S.CLOSED, Who.LOOKBACK_PARTY, (N.CHECK_RECORD,),
         "回头看确认成效保持；看的人不是验收的人"),
    Edge(S.CLOSED, "lookback.rebound", S.RECTIFYING, Who.LOOKBACK_PARTY, (N.CHECK_RECORD,),
         "反弹即重开，轮次加一，原轮次的材料不动", new_round=True),

    # The other endings are looked back at too. What was wrongly ended is triaged anew, for an ending that came
    # before any assignment left nobody in charge.
    *(
        edge
        for ended in (S.MERGED, S.REFERRED, S.UNFOUNDED, S.TERMINATED)
        for edge in (
            Edge(ended, "lookback.hold", ended, Who.LOOKBACK_PARTY, (N.CHECK_RECORD,),
                 "非销号办结的同样回头看，确认处理得当"),
            Edge(ended, "lookback.rebound", S.REGISTERED, Who.LOOKBACK_PARTY, (N.CHECK_RECORD,),
                 "原处理不当的重新登记研判，轮次加一", new_round=True),
        )
    ),

    # A running ledger may be taken over as it stands, in whatever state its rows are.
    *(
        Edge(None, "ledger.import", state, Who.OFFICE, (N.ORIGIN_ROW,),
             "承接已有台账：记明来自哪个文件哪一行，不补造审批")
        for state in State
    ),
)
# fmt: on

VERBS: Final[frozenset[str]] = frozenset(edge.verb for edge in EDGES)
IMPORT: Final = "ledger.import"
MOVED_BY: Final = VERBS | {
    "intake.confirm_candidates",
    "intake.import_rows",
    "ledger.apply_ending",
    "rectification.record_external_acceptance",
    "rectification.call_judges",
    "rectification.decide_sitting",
    "rectification.owe_plan",
}
"""Every verb whose events move problems: the table's own, and those under which a step is taken together with more.
Rooms that follow a problem's life react to these; a test walks the main job and fails on a move by any other."""
ENDED_EARLY: Final = frozenset({S.MERGED, S.REFERRED, S.UNFOUNDED, S.TERMINATED})
"""Ended without closure. Each is looked back at."""
OPEN: Final = frozenset(State) - ENDED_EARLY - {S.CLOSED}
"""The stock. Standing duty belongs to it: it is not counted as closed."""

_RING_STAGE: Final[dict[State, int]] = {
    S.REGISTERED: 1,
    S.PROPOSED: 2,
    S.ASSIGNED: 3,
    S.PLANNING: 4,
    S.RECTIFYING: 4,
    S.SUSPENDED: 4,
    S.ACCEPTING: 5,
    S.NOTICED: 6,
    S.CLOSURE_REVIEW: 7,
    S.CLOSED: 8,
    S.STANDING_DUTY: 8,
    # The ring must not show stages as done that never happened: these ended by a decision of triage.
    S.MERGED: 2,
    S.REFERRED: 2,
    S.UNFOUNDED: 2,
    S.TERMINATED: 2,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a verb is not accepted, and what would be."""

    verb: str
    state: State | None
    unmet: tuple[Condition, ...]
    """Conditions, one of which would have to hold. Empty if the verb may not follow this state at all."""
    may_follow: tuple[State, ...]
    """The states in which the verb is accepted."""
    accepted_here: tuple[str, ...]
    """The verbs accepted as things stand."""

    def explain(self, language: str = "zh") -> str:
        """Say it in a sentence or two."""
        english = language.startswith("en")
        verb = VERB_WORDS[self.verb].say(language)
        state = (
            STATE_WORDS[self.state].say(language)
            if self.state
            else ("not in the ledger" if english else "未入台账")
        )
        joined = (" / " if english else "、").join
        if self.unmet:
            needed = (", or " if english else "，或").join(
                CONDITION_WORDS[unmet].say(language) for unmet in self.unmet
            )
            first = (
                f"“{verb}” in state “{state}” is accepted only if {needed}."
                if english
                else f"“{state}”状态下，只有{needed}，才能“{verb}”。"
            )
        else:
            follows = joined(STATE_WORDS[state].say(language) for state in self.may_follow)
            first = (
                f"“{verb}” may not follow “{state}”; it may follow: {follows or 'nothing, it begins a problem'}."
                if english
                else f"“{state}”状态下不能“{verb}”；可以“{verb}”的状态：{follows or '无（只用于新登记的问题）'}。"
            )
        here = joined(VERB_WORDS[name].say(language) for name in self.accepted_here)
        return first + (f" Accepted now: {here}." if english else f"现在可以：{here}。")


def allowed(state: State | None, facts: Facts) -> list[Edge]:
    """Return the edges open to a problem in `state` with these facts, in the order of the table."""
    return [edge for edge in EDGES if edge.source is state and edge.applies(facts)]


def edge_for(state: State | None, verb: str, facts: Facts) -> Edge | None:
    """Return the edge `verb` takes, or None where it is refused (`refusal` then says why)."""
    return next((edge for edge in allowed(state, facts) if edge.verb == verb), None)


def refusal(state: State | None, verb: str, facts: Facts | None = None) -> Refusal:
    """Explain why `verb` is refused in `state`. A verb that is not of the lifecycle raises `LookupError`."""
    if verb not in VERBS:
        message = f"{verb!r} is not a step of the lifecycle; those are: {', '.join(sorted(VERBS))}"
        raise LookupError(message)
    known = facts or Facts()
    here = [edge for edge in EDGES if edge.source is state]
    sources = {edge.source for edge in EDGES if edge.verb == verb}
    return Refusal(
        verb=verb,
        state=state,
        unmet=tuple(edge.when for edge in here if edge.verb == verb and not edge.applies(known)),
        may_follow=tuple(candidate for candidate in State if candidate in sources),
        accepted_here=tuple(dict.fromkeys(edge.verb for edge in here if edge.applies(known))),
    )


def ring_stage(state: State) -> int:
    """Return the stage of the ring (1 发现 … 8 回头看) at which a problem in `state` stands."""
    return _RING_STAGE[state]
