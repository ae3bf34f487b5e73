"""The policy of reviews: when they go out, how long units have, and what is too long or too often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.calendars.queries import calendar_for
from bihuan.journal.action import Refused
from bihuan.organizations.tree import ids_on
from bihuan.policies.queries import policy_for
from bihuan.reviews.periods import due_day, next_call
from bihuan.reviews.rules import too_soon

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bihuan.calendars.rules import WorkingCalendar
    from bihuan.organizations.models import Unit
    from bihuan.policies.models import Policy

POLICY: Final = "monthly_review"


def policy_at(place: Unit, on: date) -> Policy:
    """The version that decides at a place on a day."""
    return policy_for(POLICY, jurisdiction=place, on=on)


def days_of(place: Unit) -> WorkingCalendar:
    """The working days of a place."""
    return calendar_for(*reversed(ids_on(place.path)))


def default_due(body: Mapping[str, Any], place: Unit, on: date) -> date:
    """The last day to answer a call that goes out on a day."""
    return due_day(on, working_days=body["working_days_to_answer"], days=days_of(place))


def default_answer_day(body: Mapping[str, Any], place: Unit, on: date) -> date:
    """The day by which a request asked on a day should be answered."""
    return due_day(on, working_days=body["working_days_to_coordinate"], days=days_of(place))


def next_day(body: Mapping[str, Any], place: Unit, issued: date) -> date:
    """The day on which the call after one of a day is made."""
    return next_call(
        issued,
        every_months=body["every_months"],
        day_of_month=body["day_of_month"],
        least_days=body["least_days_between"],
        days=days_of(place),
    )


def refuse_bad_due(body: Mapping[str, Any], today: date, due_on: date) -> None:
    """The last day lies ahead, and within what the policy allows."""
    if due_on < today:
        raise Refused(_("报送期限已经过去。"), accepted=_("请填今天或以后的日期。"), field="due_on")
    if (due_on - today).days > body["longest_to_answer"]:
        raise Refused(
            _("报送期限太远。"),
            accepted=_("从今天起最长 %(n)s 天。") % {"n": body["longest_to_answer"]},
            field="due_on",
        )


def refuse_too_often(body: Mapping[str, Any], last: date | None, day: date) -> None:
    """A review is no check-in: what happens in between is reported on the problem's own page when it happens."""
    if too_soon(last, day, body["least_days_between"]):
        raise Refused(
            _(
                "距上一次调度（%(last)s）不到 %(n)s 天。不得按日、按周调度：2023年《关于防治“指尖上的形式主义”的若干意见》不许强制打卡、多头填报。"
            )
            % {"last": last.isoformat() if last else "", "n": body["least_days_between"]},
            accepted=_("急的事项请在问题页督办；平时的进展各单位在问题页随时可报。"),
        )
