"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. The last three are reactions."""

    SWEEP = "deadlines.sweep"
    RAISE_LIGHT = "deadlines.raise_light"
    RECOUNT = "deadlines.recount"
    KEEP_CLOCKS = "deadlines.keep_clocks"
    REAPPLY_POLICY = "deadlines.reapply_policy"
    PLAN_RECOUNT = "deadlines.plan_recount"


LABELS: Final = {
    Verb.SWEEP: _("亮灯更新"),
    Verb.RAISE_LIGHT: _("手工升级亮灯"),
    Verb.RECOUNT: _("按公布的节假日重新计算期限"),
    Verb.KEEP_CLOCKS: _("计时"),
    Verb.REAPPLY_POLICY: _("按新规则计时"),
    Verb.PLAN_RECOUNT: _("安排重新计算期限"),
}
