"""Shapes of the policies about evidence (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Final

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.policies.shapes import DAYS_MOST, Days, Shape, column


class EvidenceShape(Shape):
    """The least each measure must be proved by (`bihuan.rectification.evidence_needs`)."""

    each_measure: bool = column(_("每条措施都要有佐证"))
    photo_words: Annotated[str, Field(max_length=120)] = column(
        _("成果形式含有这些字的要整改后照片"), help=_("用顿号隔开。"), default=""
    )
    before_too: bool = column(_("同时要整改前照片"))


class AuthenticityShape(Shape):
    """From where on evidence is doubted (`bihuan.authenticity.rules`). Every doubt is weighed by a person."""

    place_metres: Annotated[int, Field(ge=100, le=100_000)] = column(
        _("照片离点位多远算不符（米）"), help=_("地图坐标与卫星坐标本来就差几百米。")
    )
    photo_days: Days = column(_("填写的日期比拍摄晚几天算不符"))
    paper_days: Days = column(_("文件开始编写比所称日期晚几天算不符"), help=_("只用于没有落款日期的文件。"))
    completion_days: Days = column(_("最早的佐证比报告完成晚几天算不符"))
    copied_percent: Annotated[int, Field(ge=70, le=100)] = column(
        _("进展文字相同多少算照抄（%）"), help=_("日期不算；数字不同的不算照抄。")
    )
    visit_days: Annotated[int, Field(ge=1, le=90)] = column(_("检查前几天"))
    visit_acts: Annotated[int, Field(ge=2, le=1000)] = column(_("集中补了几次以上"))
    visit_percent: Annotated[int, Field(ge=50, le=100)] = column(_("占到那时全部的（%）"))
    quiet_days: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(_("此前至少几天没有动静"))
    weigh_first: bool = column(_("疑点没有判断完不得通过验收"))


STARTING_AUTHENTICITY: Final = {
    "place_metres": 1000,
    "photo_days": 7,
    "paper_days": 30,
    "completion_days": 15,
    "copied_percent": 90,
    "visit_days": 7,
    "visit_acts": 4,
    "visit_percent": 80,
    "quiet_days": 30,
    "weigh_first": True,
}
