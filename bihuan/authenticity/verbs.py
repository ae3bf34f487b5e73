"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. The last one is a reaction."""

    EXAMINE = "authenticity.examine"
    WEIGH_FLAG = "authenticity.weigh_flag"
    EXAMINE_APPLICATION = "authenticity.examine_application"


LABELS: Final = {
    Verb.EXAMINE: _("检查佐证真实性"),
    Verb.WEIGH_FLAG: _("判断疑点"),
    Verb.EXAMINE_APPLICATION: _("申请验收时检查佐证真实性"),
}
