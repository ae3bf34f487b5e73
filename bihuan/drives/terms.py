"""How long units have to answer and when they are reminded: what the office's policy proposes and how far one may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.journal.action import Refused
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bihuan.organizations.models import Unit
    from bihuan.policies.models import Policy

POLICY: Final = "self_inspection"


def policy_at(place: Unit, on: date) -> Policy:
    """The version that decides for calls made at a place on a day."""
    return policy_for(POLICY, jurisdiction=place, on=on)


def reminders_under(body: Mapping[str, int], before: int | None, every: int | None) -> tuple[int, int]:
    """The two numbers as asked for, or as the policy proposes; neither months ahead nor several times a day."""
    before = body["remind_before"] if before is None else before
    every = body["remind_every"] if every is None else every
    most = body["longest_reminder"]
    if not (0 <= before <= most and 1 <= every <= most):
        raise Refused(
            _("提醒的天数不对。"),
            accepted=_("到期前 0 至 %(n)s 天，逾期后每 1 至 %(n)s 天。") % {"n": most},
            field="remind_before",
        )
    return before, every


def days_under(body: Mapping[str, int], days: int | None) -> int:
    """The days a plan gives for the answer, as asked for or as the policy proposes."""
    days = body["days_to_answer"] if days is None else days
    if not 1 <= days <= body["longest_to_answer"]:
        raise Refused(
            _("报送天数不对。"),
            accepted=_("请填 1 至 %(n)s 天。") % {"n": body["longest_to_answer"]},
            field="days_to_answer",
        )
    return days


def refuse_too_long(body: Mapping[str, int], today: date, due_on: date) -> None:
    """The last day of a single call lies within what the policy allows."""
    if (due_on - today).days > body["longest_to_answer"]:
        raise Refused(
            _("报送期限太远。"),
            accepted=_("从今天起最长 %(n)s 天。") % {"n": body["longest_to_answer"]},
            field="due_on",
        )
