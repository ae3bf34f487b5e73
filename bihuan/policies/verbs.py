"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room."""

    SEED = "policies.seed"
    ENACT = "policies.enact"
    WITHDRAW = "policies.withdraw"
    REAPPLY = "policies.reapply"


LABELS: Final = {
    Verb.SEED: _("装入起始规则"),
    Verb.ENACT: _("制定规则"),
    Verb.WITHDRAW: _("停用规则"),
    Verb.REAPPLY: _("规则适用于在办事项"),
}
