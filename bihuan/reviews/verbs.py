"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. `CALL_NEXT` and `REMIND` are also the job's."""

    PREPARE = "reviews.prepare_review"
    ISSUE = "reviews.issue_review"
    WITHDRAW = "reviews.withdraw_review"
    STOP_REPEATING = "reviews.stop_repeating"
    CONCLUDE = "reviews.conclude_review"
    REMIND = "reviews.remind_units"
    REMIND_BELOW = "reviews.remind_below"
    DRAFT_CIRCULAR = "reviews.draft_circular"
    CALL_NEXT = "reviews.call_next_review"
    ANSWER = "reviews.answer_sheet"
    PASS = "reviews.pass_sheet"  # noqa: S105  (a head lets a sheet pass)
    RETURN = "reviews.return_sheet"
    ASK = "reviews.ask_coordination"
    ANSWER_REQUEST = "reviews.answer_request"
    ACCEPT_REQUEST = "reviews.accept_request"
    REFUSE_REQUEST = "reviews.refuse_request"
    PASS_UP_REQUEST = "reviews.pass_up_request"  # noqa: S105  (to those above)
    SETTLE_REQUEST = "reviews.settle_request"
    ASK_AGAIN = "reviews.ask_again"
    WITHDRAW_REQUEST = "reviews.withdraw_request"


LABELS: Final = {
    Verb.PREPARE: _("拟定月调度"),
    Verb.ISSUE: _("下发月调度"),
    Verb.WITHDRAW: _("撤回月调度"),
    Verb.STOP_REPEATING: _("不再自动发出"),
    Verb.CONCLUDE: _("办结月调度"),
    Verb.REMIND: _("催报月调度"),
    Verb.REMIND_BELOW: _("催报下级调度表"),
    Verb.DRAFT_CIRCULAR: _("起草月调度通报"),
    Verb.CALL_NEXT: _("按期发出月调度"),
    Verb.ANSWER: _("报送调度表"),
    Verb.PASS: _("审定调度表"),
    Verb.RETURN: _("退回调度表"),
    Verb.ASK: _("提请协调"),
    Verb.ANSWER_REQUEST: _("答复提请协调"),
    Verb.ACCEPT_REQUEST: _("受理提请协调"),
    Verb.REFUSE_REQUEST: _("不予协调"),
    Verb.PASS_UP_REQUEST: _("提请领导小组协调"),
    Verb.SETTLE_REQUEST: _("确认已解决"),
    Verb.ASK_AGAIN: _("没有解决，再次提请"),
    Verb.WITHDRAW_REQUEST: _("撤回提请协调"),
}
