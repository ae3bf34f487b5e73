"""The verbs of this room, and how they are said."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class LedgerVerb(StrEnum):
    """What can be done to the ledger."""

    SEED_TAXONOMY = "ledger.seed_taxonomy"
    EDIT_TERM = "ledger.edit_term"
    ADD_ENTRY = "ledger.add_entry"
    RETIRE_ENTRY = "ledger.retire_entry"
    EDIT_CUSTOMS = "ledger.edit_customs"
    MOVE_SECTOR = "ledger.move_sector"
    WORD_LOCALLY = "ledger.word_locally"
    CREATE_BATCH = "ledger.create_batch"
    REGISTER = "ledger.register"
    REGISTER_PLACEHOLDER = "ledger.register_placeholder"
    IMPORT = "ledger.import"
    EDIT_FACTS = "ledger.edit_facts"
    PROPOSE = "ledger.propose"
    RETURN_PROPOSAL = "ledger.return_proposal"
    REQUEST_ENDING = "ledger.request_ending"
    MERGE = "ledger.merge"
    REFER = "ledger.refer"
    MARK_UNFOUNDED = "ledger.mark_unfounded"
    TERMINATE = "ledger.terminate"
    RECORD_DETERMINATION = "ledger.record_determination"
    DRAFT_ANSWER = "ledger.draft_answer"
    ANSWER_FINDING = "ledger.answer_finding"
    CREATE_CHANNEL = "ledger.create_channel"
    ADMIT = "ledger.admit"
    DISMISS = "ledger.dismiss"
    HAND_OVER_CLUE = "ledger.hand_over_clue"
    RETURN_CLUE = "ledger.return_clue"
    FOLLOW_STEWARDS = "ledger.follow_stewards"
    REOPEN_FINDINGS = "ledger.reopen_findings"
    KEEP_APART = "ledger.keep_apart"
    LINK_RECURRENCE = "ledger.link_recurrence"
    TAKE_BACK_COMPARISON = "ledger.take_back_comparison"
    TAKE_BACK_MERGER = "ledger.take_back_merger"
    SAVE_VIEW = "ledger.save_view"
    FORGET_VIEW = "ledger.forget_view"


LABELS = {
    LedgerVerb.SEED_TAXONOMY: _("建立分类"),
    LedgerVerb.EDIT_TERM: _("修改分类"),
    LedgerVerb.ADD_ENTRY: _("增加分类"),
    LedgerVerb.RETIRE_ENTRY: _("停用分类"),
    LedgerVerb.EDIT_CUSTOMS: _("修改来源办法"),
    LedgerVerb.MOVE_SECTOR: _("移动领域"),
    LedgerVerb.WORD_LOCALLY: _("本级用词"),
    LedgerVerb.CREATE_BATCH: _("建立批次"),
    LedgerVerb.REGISTER: _("登记"),
    LedgerVerb.REGISTER_PLACEHOLDER: _("登记线下问题占位"),
    LedgerVerb.IMPORT: _("导入"),
    LedgerVerb.EDIT_FACTS: _("补充事实"),
    LedgerVerb.PROPOSE: _("拟办"),
    LedgerVerb.RETURN_PROPOSAL: _("退回拟办"),
    LedgerVerb.REQUEST_ENDING: _("申请办结"),
    LedgerVerb.MERGE: _("并案"),
    LedgerVerb.REFER: _("移送"),
    LedgerVerb.MARK_UNFOUNDED: _("认定不属实"),
    LedgerVerb.TERMINATE: _("终止办理"),
    LedgerVerb.RECORD_DETERMINATION: _("登记认定结果"),
    LedgerVerb.DRAFT_ANSWER: _("草拟答复"),
    LedgerVerb.ANSWER_FINDING: _("答复来源"),
    LedgerVerb.CREATE_CHANNEL: _("建立专线"),
    LedgerVerb.ADMIT: _("准入专线"),
    LedgerVerb.DISMISS: _("移出专线"),
    LedgerVerb.HAND_OVER_CLUE: _("移交线索"),
    LedgerVerb.RETURN_CLUE: _("退回不是线索的文字"),
    LedgerVerb.REOPEN_FINDINGS: _("问题重开，反馈问题待重新答复"),
    LedgerVerb.FOLLOW_STEWARDS: _("归口变动，知悉范围随之调整"),
    LedgerVerb.KEEP_APART: _("认定不是同一问题"),
    LedgerVerb.LINK_RECURRENCE: _("认定为反复"),
    LedgerVerb.TAKE_BACK_COMPARISON: _("撤回比对认定"),
    LedgerVerb.TAKE_BACK_MERGER: _("并案撤回，反馈问题回到原问题"),
    LedgerVerb.SAVE_VIEW: _("存为视图"),
    LedgerVerb.FORGET_VIEW: _("删除视图"),
    # Reactions of this room.
    "ledger.apply_ending": _("办结"),
    "ledger.forget_ending": _("办结申请撤回"),
    "ledger.follow_sector": _("归口变动，知悉范围随之调整"),
}
