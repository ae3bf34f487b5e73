"""Shapes of the policies by which an office calls on many units at once (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from bihuan.policies.shapes import DAYS_MOST, Days, Shape, ShapeProblem, column

SHORTEST_PERIOD: Final = 15
"""Fewer days between two calls would be a check-in, whatever it is called. The opinions of 2023 name no number; this is
how we read them: what is called monthly may move by a holiday, and may not become fortnightly. It binds the policy, and is
therefore none."""


class SelfInspectionShape(Shape):
    """What a self-inspection drive proposes, and how far one may depart from it; days are calendar days."""

    days_to_answer: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(_("几天内报送（默认）"))
    longest_to_answer: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(
        _("几天内报送（最长）"), help=_("一次自查和定期自查都不得更长。")
    )
    remind_before: Days = column(_("到期前几天提醒（默认）"))
    remind_every: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(_("逾期后每几天催报（默认）"))
    longest_reminder: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(
        _("提醒和催报的天数最多"), help=_("拟定自查的人可以另定天数，但不得超过此数。")
    )

    @model_validator(mode="after")
    def _in_order(self) -> SelfInspectionShape:
        if self.days_to_answer > self.longest_to_answer:
            raise ShapeProblem(_("默认的报送天数不能超过最长的天数。"))
        if max(self.remind_before, self.remind_every) > self.longest_reminder:
            raise ShapeProblem(_("默认的提醒天数不能超过最多的天数。"))
        return self


class MonthlyReviewShape(Shape):
    """When problems under way are reported on, and what the office makes of it."""

    every_months: Annotated[int, Field(ge=1, le=12)] = column(_("几个月调度一次"))
    day_of_month: Annotated[int, Field(ge=1, le=28)] = column(
        _("每月几日发出"), help=_("遇休息日顺延到下一个工作日。")
    )
    least_days_between: Days = column(
        _("两次调度至少相隔几天"), help=_("不得按日、按周调度：不搞打卡，不多头填报。")
    )
    working_days_to_answer: Annotated[int, Field(ge=1, le=60)] = column(_("几个工作日内报送（默认）"))
    longest_to_answer: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(_("报送期限最长（自然日）"))
    remind_before: Days = column(_("到期前几天提醒"))
    remind_every: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(_("逾期后每几天催报"))
    unchanged_times: Annotated[int, Field(ge=2, le=60)] = column(_("连续几次无变化要向整改办标出"))
    head_passes: bool = column(_("调度表要经单位负责人审定"))
    below_days_before: Annotated[int, Field(ge=0, le=30)] = column(
        _("下级比上一级早几个工作日报送"),
        help=_("承担措施的下级和配合单位各填一张表，先报；每往下一层再早这么多天。填 0 时只调度牵头单位。"),
        default=0,
    )
    working_days_to_coordinate: Annotated[int, Field(ge=1, le=60)] = column(
        _("提请协调几个工作日内答复（默认）")
    )
    longest_to_coordinate: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(
        _("提请协调的期限最长（自然日）")
    )

    @model_validator(mode="after")
    def _no_check_in(self) -> MonthlyReviewShape:
        if self.least_days_between < SHORTEST_PERIOD:
            raise ShapeProblem(
                _(
                    "两次调度不得少于 15 天。2023年《关于防治“指尖上的形式主义”的若干意见》不许强制打卡、"
                    "过度留痕、多头填报；平时的进展在问题页上随时可报，不必另设日报、周报。"
                )
            )
        return self


STARTING_REVIEW: Final[dict[str, Any]] = {
    "every_months": 1,
    "day_of_month": 25,
    "least_days_between": 20,
    "working_days_to_answer": 5,
    "longest_to_answer": 31,
    "remind_before": 1,
    "remind_every": 3,
    "unchanged_times": 3,
    "head_passes": False,
    "below_days_before": 2,
    "working_days_to_coordinate": 10,
    "longest_to_coordinate": 90,
}
"""What a new place begins with."""


STARTING_SELF_INSPECTION: Final = {
    "days_to_answer": 20,
    "longest_to_answer": 180,
    "remind_before": 3,
    "remind_every": 3,
    "longest_reminder": 30,
}
