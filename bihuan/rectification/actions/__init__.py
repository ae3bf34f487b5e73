"""The verbs of rectification, one module a subject. What follows from an approval is in `reactions.py`."""

from __future__ import annotations

from bihuan.rectification.actions.acceptance import (
    accept,
    apply_acceptance,
    record_external_acceptance,
    return_acceptance,
)
from bihuan.rectification.actions.applications import ask_extension
from bihuan.rectification.actions.assignment import acknowledge, decline
from bihuan.rectification.actions.closure import (
    check_standing_duty,
    close,
    file_closure,
    propose_closure,
    return_closure,
    to_standing_duty,
)
from bihuan.rectification.actions.evidence_versions import replace_evidence
from bihuan.rectification.actions.focus import put_on_focus, take_off_focus
from bihuan.rectification.actions.handing_down import give_back, hand_down, hand_down_whole
from bihuan.rectification.actions.leading import (
    answer_instruction,
    record_instruction,
    record_visit,
    withdraw_leaders_act,
)
from bihuan.rectification.actions.levels import accept_level, refuse_filing
from bihuan.rectification.actions.money import ask_reduction, correct_money, decide_reduction, record_money
from bihuan.rectification.actions.moving import move_duties
from bihuan.rectification.actions.notices import (
    dismiss_objection,
    end_notice,
    hear_objection,
    object_to_result,
)
from bihuan.rectification.actions.orders import (
    draft_order,
    edit_order,
    issue_order,
    submit_order,
    withdraw_order,
)
from bihuan.rectification.actions.panels import (
    change_chair,
    dissolve_panel,
    replace_panellist,
    set_up_panel,
    sign_panel,
)
from bihuan.rectification.actions.plans import propose_amendment, submit_plan
from bihuan.rectification.actions.pressing import press
from bihuan.rectification.actions.sitting_decisions import decide_sitting
from bihuan.rectification.actions.sittings import (
    CaseMark,
    cancel_sitting,
    edit_sitting,
    mark_cases,
    prepare_sitting,
)
from bihuan.rectification.actions.suspensions import ask_suspension, end_suspensions, resume
from bihuan.rectification.actions.work import add_evidence, cite_evidence, report_progress
from bihuan.rectification.order_items import ItemDraft
from bihuan.rectification.plan_trees import MeasureDraft, Milestone

__all__ = [
    "CaseMark",
    "ItemDraft",
    "MeasureDraft",
    "Milestone",
    "accept",
    "accept_level",
    "acknowledge",
    "add_evidence",
    "answer_instruction",
    "apply_acceptance",
    "ask_extension",
    "ask_reduction",
    "ask_suspension",
    "cancel_sitting",
    "change_chair",
    "check_standing_duty",
    "cite_evidence",
    "close",
    "correct_money",
    "decide_reduction",
    "decide_sitting",
    "decline",
    "dismiss_objection",
    "dissolve_panel",
    "draft_order",
    "edit_order",
    "edit_sitting",
    "end_notice",
    "end_suspensions",
    "file_closure",
    "give_back",
    "hand_down",
    "hand_down_whole",
    "hear_objection",
    "issue_order",
    "mark_cases",
    "move_duties",
    "object_to_result",
    "prepare_sitting",
    "press",
    "propose_amendment",
    "propose_closure",
    "put_on_focus",
    "record_external_acceptance",
    "record_instruction",
    "record_money",
    "record_visit",
    "refuse_filing",
    "replace_evidence",
    "replace_panellist",
    "report_progress",
    "resume",
    "return_acceptance",
    "return_closure",
    "set_up_panel",
    "sign_panel",
    "submit_order",
    "submit_plan",
    "take_off_focus",
    "to_standing_duty",
    "withdraw_leaders_act",
    "withdraw_order",
]
