"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. `CALL_PERIOD` and `REMIND` are also the job's, the last one is a reaction."""

    PREPARE = "drives.prepare_drive"
    WITHDRAW = "drives.withdraw_drive"
    ISSUE = "drives.issue_drive"
    ACKNOWLEDGE = "drives.acknowledge_call"
    ANSWER_ROWS = "drives.answer_with_rows"
    ANSWER_FILE = "drives.answer_with_file"
    PREPARE_NIL = "drives.prepare_nil_return"
    SIGN_NIL = "drives.sign_nil_return"
    EXCUSE = "drives.excuse_line"
    EXPLAIN = "drives.explain_blank"
    CONCLUDE = "drives.conclude_drive"
    PREPARE_PLAN = "drives.prepare_plan"
    START_PLAN = "drives.start_plan"
    SUSPEND_PLAN = "drives.suspend_plan"
    RESUME_PLAN = "drives.resume_plan"
    END_PLAN = "drives.end_plan"
    CALL_PERIOD = "drives.call_period"
    REMIND = "drives.remind_units"
    MARK_SELF_REPORTED = "drives.mark_self_reported"


LABELS: Final = {
    Verb.PREPARE: _("拟定自查"),
    Verb.WITHDRAW: _("撤回自查"),
    Verb.ISSUE: _("下发自查"),
    Verb.ACKNOWLEDGE: _("签收自查"),
    Verb.ANSWER_ROWS: _("填报自查问题"),
    Verb.ANSWER_FILE: _("上传自查表"),
    Verb.PREPARE_NIL: _("拟零报告"),
    Verb.SIGN_NIL: _("签署零报告"),
    Verb.EXCUSE: _("免于自查"),
    Verb.EXPLAIN: _("说明空白"),
    Verb.CONCLUDE: _("办结自查"),
    Verb.PREPARE_PLAN: _("拟定定期自查"),
    Verb.START_PLAN: _("启用定期自查"),
    Verb.SUSPEND_PLAN: _("暂停定期自查"),
    Verb.RESUME_PLAN: _("恢复定期自查"),
    Verb.END_PLAN: _("终止定期自查"),
    Verb.CALL_PERIOD: _("定期发出自查"),
    Verb.REMIND: _("催报自查"),
    Verb.MARK_SELF_REPORTED: _("标记自查上报"),
}
