"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. The last one is a reaction."""

    OPEN = "lookback.open_lookback"
    ASSIGN = "lookback.assign_lookback"
    HOLD = "lookback.hold"
    REBOUND = "lookback.rebound"
    SCHEDULE = "lookback.schedule"


LABELS: Final = {
    Verb.OPEN: _("增加回头看"),
    Verb.ASSIGN: _("派出回头看"),
    Verb.HOLD: _("成效保持"),
    Verb.REBOUND: _("反弹重开"),
    Verb.SCHEDULE: _("安排回头看"),
}
