"""What the program may propose of a new problem: the shape of that policy."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.policies.shapes import Shape, column

SPONSOR_FROM: Final = {
    "minor": _("一般"),
    "major": _("较大"),
    "severe": _("重大"),
    "never": _("不建议"),
}


class HandlingShape(Shape):
    """What the program proposes of a new problem, before a person decides."""

    history_months: Annotated[int, Field(ge=1, le=240)] = column(
        _("看多久以内的同类问题（月）"), help=_("同一来源、同一领域、已经交办的问题。")
    )
    least_cases: Annotated[int, Field(ge=1, le=1000)] = column(_("至少有几件才作依据"))
    least_percent: Annotated[int, Field(ge=1, le=100)] = column(
        _("至少占多少才作依据（%）"), help=_("其中由同一单位牵头（配合）的比例。")
    )
    sponsor_from: Literal["minor", "major", "severe", "never"] = column(
        _("从哪个等级起建议包抓领导"), choices=SPONSOR_FROM, help=_("领导小组成员中分管这个领域的。")
    )
