"""What this room writes into the journal."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

LABELS: Final = {
    "journal.propose_expunge": _("提请清除内容"),
    "journal.propose_erasure": _("提请清除个人信息"),
    "journal.confirm_expunge": _("确认清除"),
}
