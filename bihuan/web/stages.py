"""The standard words of the eight stages and of the six lights; a source may rename a stage, never a light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from bihuan.web.components import Colour, Words

STAGE_NAMES: tuple[Words, ...] = (
    pgettext_lazy("阶段", "发现"),
    pgettext_lazy("阶段", "研判"),
    pgettext_lazy("阶段", "交办"),
    pgettext_lazy("阶段", "整改"),
    pgettext_lazy("阶段", "验收"),
    pgettext_lazy("阶段", "公示"),
    pgettext_lazy("阶段", "销号"),
    pgettext_lazy("阶段", "回头看"),
)

LIGHT_NAMES: dict[Colour, Words] = {
    "green": pgettext_lazy("灯", "绿"),
    "blue": pgettext_lazy("灯", "蓝"),
    "yellow": pgettext_lazy("灯", "黄"),
    "orange": pgettext_lazy("灯", "橙"),
    "red": pgettext_lazy("灯", "红"),
    "off": pgettext_lazy("灯", "停"),
}

LIGHT_MEANINGS: dict[Colour, Words] = {
    "green": _("正常，按序时"),
    "blue": _("临近"),
    "yellow": _("落后"),
    "orange": _("落后过多，或即将到期"),
    "red": _("逾期"),
    "off": _("时钟中止"),
}

ENDING_NAMES: dict[str, Words] = {"closed": _("已销号"), "held": _("巩固"), "suspended": _("中止")}
