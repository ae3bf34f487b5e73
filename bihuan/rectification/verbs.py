"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. Those of the lifecycle's table are named as the table names them."""

    DRAFT_ORDER = "rectification.draft_order"
    EDIT_ORDER = "rectification.edit_order"
    SUBMIT_ORDER = "rectification.submit_order"
    WITHDRAW_ORDER = "rectification.withdraw_order"
    ISSUE_ORDER = "rectification.issue_order"
    ACKNOWLEDGE = "rectification.acknowledge"
    DECLINE = "rectification.decline"
    PRESS = "rectification.press"
    SUBMIT_PLAN = "rectification.submit_plan"
    PROPOSE_AMENDMENT = "rectification.propose_amendment"
    HAND_DOWN = "rectification.hand_down"
    HAND_DOWN_WHOLE = "rectification.hand_down_whole"
    GIVE_BACK = "rectification.give_back"
    REPORT_PROGRESS = "rectification.report_progress"
    ADD_EVIDENCE = "rectification.add_evidence"
    REPLACE_EVIDENCE = "rectification.replace_evidence"
    CITE_EVIDENCE = "rectification.cite_evidence"
    ASK_EXTENSION = "rectification.ask_extension"
    ASK_SUSPENSION = "rectification.ask_suspension"
    RESUME = "rectification.resume"
    END_SUSPENSIONS = "rectification.end_suspensions"
    APPLY_ACCEPTANCE = "rectification.apply_acceptance"
    ACCEPT = "rectification.accept"
    RETURN_ACCEPTANCE = "rectification.return_acceptance"
    ACCEPT_LEVEL = "rectification.accept_level"
    SET_UP_PANEL = "rectification.set_up_panel"
    SIGN_PANEL = "rectification.sign_panel"
    REPLACE_PANELLIST = "rectification.replace_panellist"
    CHANGE_CHAIR = "rectification.change_chair"
    DISSOLVE_PANEL = "rectification.dissolve_panel"
    RECORD_EXTERNAL_ACCEPTANCE = "rectification.record_external_acceptance"
    HEAR_OBJECTION = "rectification.hear_objection"
    DISMISS_OBJECTION = "rectification.dismiss_objection"
    OBJECT = "rectification.object"
    END_NOTICE = "rectification.end_notice"
    CLOSE = "rectification.close"
    RETURN_CLOSURE = "rectification.return_closure"
    TO_STANDING_DUTY = "rectification.to_standing_duty"
    CHECK_STANDING_DUTY = "rectification.check_standing_duty"
    PROPOSE_CLOSURE = "rectification.propose_closure"
    FILE = "rectification.file"
    REFUSE_FILING = "rectification.refuse_filing"
    RECORD_MONEY = "rectification.record_money"
    CORRECT_MONEY = "rectification.correct_money"
    ASK_REDUCTION = "rectification.ask_reduction"
    DECIDE_REDUCTION = "rectification.decide_reduction"
    RECORD_VISIT = "rectification.record_visit"
    RECORD_INSTRUCTION = "rectification.record_instruction"
    ANSWER_INSTRUCTION = "rectification.answer_instruction"
    WITHDRAW_LEADERS_ACT = "rectification.withdraw_leaders_act"
    PUT_ON_FOCUS = "rectification.put_on_focus"
    TAKE_OFF_FOCUS = "rectification.take_off_focus"
    MOVE_DUTIES = "rectification.move_duties"
    PREPARE_SITTING = "rectification.prepare_sitting"
    EDIT_SITTING = "rectification.edit_sitting"
    MARK_CASES = "rectification.mark_cases"
    DECIDE_SITTING = "rectification.decide_sitting"
    CANCEL_SITTING = "rectification.cancel_sitting"
    # What follows from an approval; the program itself does these, in the transaction of the last step.
    APPROVE_ORDER = "rectification.approve_order"
    RETURN_ORDER = "rectification.return_order"
    APPROVE_PLAN = "rectification.approve_plan"
    RETURN_PLAN = "rectification.return_plan"
    AMEND_PLAN = "rectification.amend_plan"
    RETURN_AMENDMENT = "rectification.return_amendment"
    EXTEND = "rectification.extend"
    REFUSE_EXTENSION = "rectification.refuse_extension"
    SUSPEND = "rectification.suspend"
    REFUSE_SUSPENSION = "rectification.refuse_suspension"
    TAKE_BACK = "rectification.take_back"
    OWE_PLAN = "rectification.owe_plan"
    CALL_JUDGES = "rectification.call_judges"


LABELS = {
    Verb.DRAFT_ORDER: _("起草交办单"),
    Verb.EDIT_ORDER: _("修改交办单"),
    Verb.SUBMIT_ORDER: _("交办单送审"),
    Verb.WITHDRAW_ORDER: _("撤回交办单"),
    Verb.ISSUE_ORDER: _("下达交办单"),
    Verb.ACKNOWLEDGE: _("签收"),
    Verb.DECLINE: _("提出交办异议"),
    Verb.PRESS: _("催签"),
    Verb.SUBMIT_PLAN: _("报送方案"),
    Verb.PROPOSE_AMENDMENT: _("申请调整方案"),
    Verb.HAND_DOWN: _("层层交办"),
    Verb.HAND_DOWN_WHOLE: _("整件交下级办理"),
    Verb.GIVE_BACK: _("退回交办任务"),
    Verb.REPORT_PROGRESS: _("报告进展"),
    Verb.ADD_EVIDENCE: _("上传佐证材料"),
    Verb.REPLACE_EVIDENCE: _("更换佐证材料"),
    Verb.CITE_EVIDENCE: _("引用佐证材料"),
    Verb.ASK_EXTENSION: _("申请延期"),
    Verb.ASK_SUSPENSION: _("申请中止"),
    Verb.APPLY_ACCEPTANCE: _("申请验收"),
    Verb.ACCEPT: _("验收通过"),
    Verb.RETURN_ACCEPTANCE: _("验收退回"),
    Verb.ACCEPT_LEVEL: _("本级验收通过"),
    Verb.SET_UP_PANEL: _("组成验收组"),
    Verb.SIGN_PANEL: _("签署验收意见"),
    Verb.REPLACE_PANELLIST: _("更换验收组成员"),
    Verb.CHANGE_CHAIR: _("变更验收组组长"),
    Verb.DISSOLVE_PANEL: _("撤销验收组"),
    Verb.RECORD_EXTERNAL_ACCEPTANCE: _("登记外部认定"),
    Verb.HEAR_OBJECTION: _("登记公示异议"),
    Verb.DISMISS_OBJECTION: _("公示异议不成立"),
    Verb.OBJECT: _("采纳公示异议"),
    Verb.END_NOTICE: _("结束公示"),
    Verb.CLOSE: _("销号"),
    Verb.RETURN_CLOSURE: _("审定退回"),
    Verb.TO_STANDING_DUTY: _("转为常态"),
    Verb.CHECK_STANDING_DUTY: _("常态核查"),
    Verb.PROPOSE_CLOSURE: _("提请销号审定"),
    Verb.FILE: _("备案"),
    Verb.REFUSE_FILING: _("登记不予备案"),
    Verb.RECORD_MONEY: _("登记资金整改"),
    Verb.CORRECT_MONEY: _("更正资金登记"),
    Verb.ASK_REDUCTION: _("申请核减"),
    Verb.DECIDE_REDUCTION: _("审批核减"),
    Verb.RECORD_VISIT: _("登记现场督导"),
    Verb.RECORD_INSTRUCTION: _("登记领导批示"),
    Verb.ANSWER_INSTRUCTION: _("报告批示办理情况"),
    Verb.WITHDRAW_LEADERS_ACT: _("撤回督导、批示登记"),
    Verb.PUT_ON_FOCUS: _("列入重点问题清单"),
    Verb.TAKE_OFF_FOCUS: _("移出重点问题清单"),
    Verb.MOVE_DUTIES: _("职责转由承接单位"),
    Verb.PREPARE_SITTING: _("筹备销号会审"),
    Verb.EDIT_SITTING: _("调整销号会审"),
    Verb.MARK_CASES: _("填写会审意见"),
    Verb.DECIDE_SITTING: _("审定销号会审"),
    Verb.CANCEL_SITTING: _("取消销号会审"),
    Verb.APPROVE_ORDER: _("批准交办单"),
    Verb.RETURN_ORDER: _("退回交办单"),
    Verb.APPROVE_PLAN: _("批准方案"),
    Verb.RETURN_PLAN: _("退回方案"),
    Verb.AMEND_PLAN: _("调整方案"),
    Verb.RETURN_AMENDMENT: _("不同意调整方案"),
    Verb.EXTEND: _("延期"),
    Verb.REFUSE_EXTENSION: _("不同意延期"),
    Verb.SUSPEND: _("中止"),
    Verb.REFUSE_SUSPENSION: _("不同意中止"),
    Verb.RESUME: _("恢复"),
    Verb.END_SUSPENSIONS: _("中止期满恢复"),
    Verb.TAKE_BACK: _("撤回申请"),
    Verb.CALL_JUDGES: _("请验收方介入、开始公示"),
    Verb.OWE_PLAN: _("等级变动后是否须报方案"),
}
