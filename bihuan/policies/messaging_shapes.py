"""Shape of the policy about messages that leave the program (`bihuan.outlets`)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.messages.kinds import Matter
from bihuan.policies.shapes import Shape, column

WEIGHTS: Final = {
    "free": _("由个人选择是否接收"),
    "compulsory": _("必须接收"),
    "urgent": _("必须接收，静默时段也发"),
}
Weight: TypeAlias = Literal["free", "compulsory", "urgent"]
OClock: TypeAlias = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class MessagingShape(Shape):
    """When messages may leave the program, what is gathered into one, and what nobody may switch off for themselves."""

    quiet_from: OClock = column(_("静默时段开始"), help=_("如 20:00；与结束时刻相同即不设静默时段。"))
    quiet_until: OClock = column(_("静默时段结束"), help=_("如 08:00；此前要发的等到这时再发。"))
    working_days_only: bool = column(_("只在工作日发送"))
    gather_minutes: Annotated[int, Field(ge=0, le=1440)] = column(
        _("几分钟内的消息合成一条"), help=_("填 0 即随到随发。")
    )
    approval: Weight = column(Matter.APPROVAL.label, choices=WEIGHTS)
    coming: Weight = column(Matter.COMING.label, choices=WEIGHTS)
    overdue: Weight = column(Matter.OVERDUE.label, choices=WEIGHTS)
    supervision: Weight = column(Matter.SUPERVISION.label, choices=WEIGHTS)
    self_inspection: Weight = column(Matter.SELF_INSPECTION.label, choices=WEIGHTS)
    other: Weight = column(Matter.OTHER.label, choices=WEIGHTS)


STARTING_MESSAGING: Final[dict[str, Any]] = {
    "quiet_from": "20:00",
    "quiet_until": "08:00",
    "working_days_only": False,
    "gather_minutes": 30,
    "approval": "free",
    "coming": "free",
    "overdue": "compulsory",
    "supervision": "compulsory",
    "self_inspection": "free",
    "other": "free",
}
