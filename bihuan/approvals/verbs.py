"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room."""

    REQUEST = "approvals.request_approval"
    DECIDE = "approvals.decide"
    RECORD_PAPER = "approvals.record_paper_decision"
    CONFIRM_PAPER = "approvals.confirm_paper_decision"
    REFUSE_PAPER = "approvals.refuse_paper_decision"
    RETURN = "approvals.return_approval"
    ADD_SIGNER = "approvals.add_signer"
    WITHDRAW = "approvals.withdraw"


LABELS: Final = {
    Verb.REQUEST: _("提请审批"),
    Verb.DECIDE: _("审批"),
    Verb.RECORD_PAPER: _("登记纸面审批"),
    Verb.CONFIRM_PAPER: _("复核纸面审批"),
    Verb.REFUSE_PAPER: _("纸面审批复核不符"),
    Verb.RETURN: _("退回"),
    Verb.ADD_SIGNER: _("加签"),
    Verb.WITHDRAW: _("撤回"),
}

# An approval may become final under any of these; rooms above react to all of them (see outcomes.py).
FINAL_VERBS: Final = (Verb.DECIDE.value, Verb.CONFIRM_PAPER.value, Verb.RETURN.value)
