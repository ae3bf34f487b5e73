"""The verbs of intake, with their labels."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class IntakeVerb(StrEnum):
    """What can be done in intake."""

    RECEIVE_DOCUMENT = "intake.receive_document"
    WITHDRAW_DOCUMENT = "intake.withdraw_document"
    DISPOSE = "intake.dispose"
    ACCEPT_PROPOSALS = "intake.accept_proposals"
    ADD_CANDIDATE = "intake.add_candidate"
    EDIT_CANDIDATE = "intake.edit_candidate"
    SPLIT_CANDIDATE = "intake.split_candidate"
    MERGE_CANDIDATES = "intake.merge_candidates"
    DROP_CANDIDATE = "intake.drop_candidate"
    CONFIRM_CANDIDATES = "intake.confirm_candidates"
    COMPARE_CANDIDATE = "intake.compare_candidate"
    UNDO = "intake.undo"
    DRAW_SAMPLE = "intake.draw_sample"
    CHECK_PASSAGES = "intake.check_passages"
    SEAL_BATCH = "intake.seal_batch"
    IMPORT_ROWS = "intake.import_rows"
    APPLY_CHANGES = "intake.apply_changes"
    ASK_AFTER = "intake.ask_after"
    KEEP_FORM = "intake.keep_form"
    MATCH_FORM = "intake.match_form"
    WITHDRAW_FORM = "intake.withdraw_form"
    MATCH_COLUMNS = "intake.match_columns"
    RECEIVE_FILE = "intake.receive_file"
    HEAR_LANGUAGE_MODEL = "intake.hear_language_model"
    # A reaction: the program does it when a clue's receiver gives the words back.
    TAKE_BACK_CLUE = "intake.take_back_clue"


LABELS = {
    IntakeVerb.RECEIVE_DOCUMENT: _("收下文件"),
    IntakeVerb.WITHDRAW_DOCUMENT: _("撤回文件"),
    IntakeVerb.DISPOSE: _("交代片段"),
    IntakeVerb.ACCEPT_PROPOSALS: _("按建议交代"),
    IntakeVerb.ADD_CANDIDATE: _("增补候选问题"),
    IntakeVerb.EDIT_CANDIDATE: _("修改候选问题"),
    IntakeVerb.SPLIT_CANDIDATE: _("拆分候选问题"),
    IntakeVerb.MERGE_CANDIDATES: _("合并候选问题"),
    IntakeVerb.DROP_CANDIDATE: _("不采用候选问题"),
    IntakeVerb.CONFIRM_CANDIDATES: _("确认候选问题"),
    IntakeVerb.COMPARE_CANDIDATE: _("认定候选问题是否重复"),
    IntakeVerb.UNDO: _("撤销"),
    IntakeVerb.DRAW_SAMPLE: _("抽取复核样本"),
    IntakeVerb.CHECK_PASSAGES: _("复核样本"),
    IntakeVerb.SEAL_BATCH: _("封账"),
    IntakeVerb.IMPORT_ROWS: _("导入台账"),
    IntakeVerb.APPLY_CHANGES: _("采用新版台账的改动"),
    IntakeVerb.ASK_AFTER: _("标记待问：新版台账里没有"),
    IntakeVerb.KEEP_FORM: _("收下上级表样"),
    IntakeVerb.MATCH_FORM: _("给上级表样对列"),
    IntakeVerb.WITHDRAW_FORM: _("停用上级表样"),
    IntakeVerb.MATCH_COLUMNS: _("给来源的表对列"),
    IntakeVerb.RECEIVE_FILE: _("收下文件"),
    IntakeVerb.HEAR_LANGUAGE_MODEL: _("收到语言模型的建议"),
    IntakeVerb.TAKE_BACK_CLUE: _("收回不是线索的文字"),
}
