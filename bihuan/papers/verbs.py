"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room."""

    DRAFT = "papers.draft_paper"
    # The program's, after a decision of the ladder.
    DRAFT_DECIDED = "papers.draft_decided"
    DRAFT_DELISTED = "papers.draft_delisted"
    DRAFT_SITTING = "papers.draft_sitting"
    REDRAFT = "papers.redraft_paper"
    ENTER = "papers.enter_document_no"
    VOID = "papers.void_paper"
    ENACT = "papers.enact_template"
    WITHDRAW = "papers.withdraw_template"


LABELS: Final = {
    Verb.DRAFT: _("起草文书"),
    Verb.DRAFT_DECIDED: _("起草督办文书"),
    Verb.DRAFT_DELISTED: _("起草摘牌通知"),
    Verb.DRAFT_SITTING: _("起草会审纪要、销号通知和备案表"),
    Verb.REDRAFT: _("重新起草"),
    Verb.ENTER: _("回填文号"),
    Verb.VOID: _("作废文书"),
    Verb.ENACT: _("制定文书模板"),
    Verb.WITHDRAW: _("停用文书模板"),
}
