"""The words of the lifecycle in both languages: data beside the table of `lifecycle.py`.

The Chinese is the language of the offices; stage words can be renamed per source, the identifiers never.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Words(NamedTuple):
    """One label in both languages."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """Return the label in `language` (any code beginning with "en", else Chinese)."""
        return self.en if language.startswith("en") else self.zh


class State(StrEnum):
    """Where a problem stands. Neither its grade, nor its supervision level, nor the source's determination."""

    REGISTERED = "registered"
    PROPOSED = "proposed"
    ASSIGNED = "assigned"
    PLANNING = "planning"
    RECTIFYING = "rectifying"
    ACCEPTING = "accepting"
    NOTICED = "noticed"
    CLOSURE_REVIEW = "closure_review"
    CLOSED = "closed"
    STANDING_DUTY = "standing_duty"
    SUSPENDED = "suspended"
    MERGED = "merged"
    REFERRED = "referred"
    UNFOUNDED = "unfounded"
    TERMINATED = "terminated"


class Who(StrEnum):
    """In which capacity somebody acts. Who holds the capacity is answered by policies and organizations."""

    OFFICE = "rectification_office"
    APPROVER = "approver"
    LEADING_GROUP = "leading_group"
    LEAD_UNIT = "lead_unit"
    DOING_UNIT = "doing_unit"
    PLAN_APPROVER = "plan_approver"
    ACCEPTOR = "acceptor"
    CLOSING_AUTHORITY = "closing_authority"
    LOOKBACK_PARTY = "lookback_party"


class Need(StrEnum):
    """What must be brought along for a step to be taken."""

    REASON = "reason"
    PROPOSED_HANDLING = "proposed_handling"
    ASSIGNMENT_ORDER = "assignment_order"
    PROPOSED_UNIT = "proposed_unit"
    PLAN = "plan"
    PLAN_AMENDMENT = "plan_amendment"
    PROGRESS = "progress"
    SUBORDINATE_UNIT = "subordinate_unit"
    EVIDENCE = "evidence"
    SELF_CHECK = "self_check"
    WHAT_IS_MISSING = "what_is_missing"
    INDEPENDENCE = "independence"
    OBJECTION = "objection"
    MINUTES = "minutes"
    FILING_DOCUMENT = "filing_document"
    APPROVED_APPLICATION = "approved_application"
    SECOND_PERSON = "second_person"
    SOURCE_DOCUMENT = "source_document"
    LATER_DATE = "later_date"
    RESUMPTION_DATE = "resumption_date"
    INTO_PROBLEM = "into_problem"
    RECEIVING_BODY = "receiving_body"
    CHECK_RECORD = "check_record"
    ORIGIN_ROW = "origin_row"


STATE_WORDS: Final[dict[State, Words]] = {
    State.REGISTERED: Words("已登记", "Registered"),
    State.PROPOSED: Words("拟办", "Handling proposed"),
    State.ASSIGNED: Words("已交办", "Assigned"),
    State.PLANNING: Words("制定方案", "Planning"),
    State.RECTIFYING: Words("整改中", "Rectifying"),
    State.ACCEPTING: Words("待验收", "Awaiting acceptance"),
    State.NOTICED: Words("公示中", "Under public notice"),
    State.CLOSURE_REVIEW: Words("销号审定", "Closure review"),
    State.CLOSED: Words("已销号", "Closed"),
    State.STANDING_DUTY: Words("转常态", "Standing duty"),
    State.SUSPENDED: Words("中止", "Suspended"),
    State.MERGED: Words("并案", "Merged"),
    State.REFERRED: Words("移送", "Referred"),
    State.UNFOUNDED: Words("不属实", "Unfounded"),
    State.TERMINATED: Words("终止办理", "Terminated"),
}

RING_WORDS: Final[dict[int, Words]] = {
    1: Words("发现", "discover"),
    2: Words("研判", "triage"),
    3: Words("交办", "assign"),
    4: Words("整改", "rectify"),
    5: Words("验收", "accept"),
    6: Words("公示", "notify"),
    7: Words("销号", "close"),
    8: Words("回头看", "look back"),
}

WHO_WORDS: Final[dict[Who, Words]] = {
    Who.OFFICE: Words("整改办", "rectification office"),
    Who.APPROVER: Words("审批人", "approver"),
    Who.LEADING_GROUP: Words("领导小组", "leading group"),
    Who.LEAD_UNIT: Words("牵头单位", "lead unit"),
    Who.DOING_UNIT: Words("承担整改的单位", "a unit doing the work"),
    Who.PLAN_APPROVER: Words("方案审批机关", "authority that approves the plan"),
    Who.ACCEPTOR: Words("独立验收方", "independent acceptor"),
    Who.CLOSING_AUTHORITY: Words("销号审定机关", "closing authority"),
    Who.LOOKBACK_PARTY: Words("回头看核查方", "party that looks back"),
}

NEED_WORDS: Final[dict[Need, Words]] = {
    Need.REASON: Words("理由", "a reason"),
    Need.PROPOSED_HANDLING: Words("拟办意见", "the proposed handling"),
    Need.ASSIGNMENT_ORDER: Words("经批准的交办单", "an approved assignment order"),
    Need.PROPOSED_UNIT: Words("建议承办单位", "the unit proposed instead"),
    Need.PLAN: Words("整改方案", "a plan"),
    Need.PLAN_AMENDMENT: Words(
        "经原审批层级或以上批准的方案调整", "an amendment approved at the first level or above"
    ),
    Need.PROGRESS: Words("进展情况", "the progress made"),
    Need.SUBORDINATE_UNIT: Words("承接的下级单位", "the subordinate unit that takes it"),
    Need.EVIDENCE: Words("佐证材料", "evidence"),
    Need.SELF_CHECK: Words("自验结论", "the unit's self-check"),
    Need.WHAT_IS_MISSING: Words("缺什么、怎样补正", "what is missing and how to mend it"),
    Need.INDEPENDENCE: Words("验收人与整改各方无隶属、未参与", "an acceptor outside the doing units"),
    Need.OBJECTION: Words("经核实的异议", "an objection found to be right"),
    Need.MINUTES: Words("会议纪要或审定文号", "minutes or document number of the decision"),
    Need.FILING_DOCUMENT: Words("备案文件", "the filing document"),
    Need.APPROVED_APPLICATION: Words("经批准的申请", "an approved application"),
    Need.SECOND_PERSON: Words("第二人审批", "approval by a second person"),
    Need.SOURCE_DOCUMENT: Words("来源机关的文件", "the source authority's document"),
    Need.LATER_DATE: Words("新的期限", "the later date"),
    Need.RESUMPTION_DATE: Words("恢复日期", "a date of resumption"),
    Need.INTO_PROBLEM: Words("并入的问题", "the problem it is merged into"),
    Need.RECEIVING_BODY: Words("接收机关", "the receiving body"),
    Need.CHECK_RECORD: Words("核查记录", "a record of the check"),
    Need.ORIGIN_ROW: Words("原台账文件与行号", "file and row of the old ledger"),
}

VERB_WORDS: Final[dict[str, Words]] = {
    "ledger.register": Words("登记", "register"),
    "ledger.import": Words("导入", "import"),
    "ledger.propose": Words("提出拟办意见", "propose handling"),
    "ledger.return_proposal": Words("退回拟办", "return the proposal"),
    "ledger.merge": Words("并案", "merge"),
    "ledger.refer": Words("移送", "refer"),
    "ledger.mark_unfounded": Words("认定不属实", "mark as unfounded"),
    "ledger.terminate": Words("终止办理", "terminate"),
    "rectification.issue_order": Words("下达交办单", "issue the assignment order"),
    "rectification.acknowledge": Words("签收", "acknowledge"),
    "rectification.decline": Words("提出交办异议", "decline"),
    "rectification.submit_plan": Words("报送方案", "submit the plan"),
    "rectification.approve_plan": Words("批准方案", "approve the plan"),
    "rectification.return_plan": Words("退回方案", "return the plan"),
    "rectification.amend_plan": Words("调整方案", "amend the plan"),
    "rectification.report_progress": Words("报告进展", "report progress"),
    "rectification.hand_down": Words("层层交办", "hand down"),
    "rectification.extend": Words("延期", "extend"),
    "rectification.suspend": Words("中止", "suspend"),
    "rectification.resume": Words("恢复", "resume"),
    "rectification.apply_acceptance": Words("申请验收", "apply for acceptance"),
    "rectification.accept": Words("验收通过", "accept"),
    "rectification.return_acceptance": Words("验收退回", "return from acceptance"),
    "rectification.object": Words("采纳公示异议", "uphold an objection"),
    "rectification.end_notice": Words("结束公示", "end the notice"),
    "rectification.close": Words("销号", "close"),
    "rectification.return_closure": Words("审定退回", "return from closure review"),
    "rectification.file": Words("备案", "file"),
    "rectification.refuse_filing": Words("登记不予备案", "record that filing was refused"),
    "rectification.to_standing_duty": Words("转为常态", "turn into standing duty"),
    "rectification.check_standing_duty": Words("常态核查", "check the standing duty"),
    "rectification.propose_closure": Words("提请销号审定", "propose closure"),
    "lookback.hold": Words("回头看：巩固", "look back: held"),
    "lookback.rebound": Words("回头看：反弹", "look back: rebounded"),
}
