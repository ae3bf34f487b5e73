"""Reminding who has not answered: by the program, by the office, and by a unit of those it handed tasks to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.reviews.below import sheets_below
from bihuan.reviews.calling import remind_later
from bihuan.reviews.models import MonthlyReview, ReviewSheet
from bihuan.reviews.notices import DUE, LATE, tell_units
from bihuan.reviews.policy import may_answer
from bihuan.reviews.rules import OWING
from bihuan.reviews.settling import settle
from bihuan.reviews.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@action(Verb.REMIND_BELOW, may=may_answer)
def remind_below(sheet: ReviewSheet, *, actor: Actor) -> int:
    """Remind those below this unit who have not answered. Whoever was reminded lately is left in peace."""
    review, today = sheet.review, current().today
    if review.state != MonthlyReview.State.ISSUED:
        raise Refused(_("月调度“%(state)s”，不能这样办。") % {"state": review.get_state_display()})
    owing = sheets_below(sheet)
    current().lock(owing)
    settle(owing)
    owing = [one for one in owing if one.state in OWING]
    if not owing:
        raise Refused(_("下级都已报送，不用催报。"))
    due = [one for one in owing if may_be_reminded(one, today)]
    if not due:
        raise Refused(
            _("没有报的下级近日都已催过。"),
            accepted=_("同一单位 %(n)s 天内只催一次。") % {"n": review.remind_every},
        )
    remind(review, due)
    current().fact(sheet, reminded=len(due))
    return len(due)


def may_be_reminded(sheet: ReviewSheet, today: date) -> bool:
    """Not again within the days after which policy has late units reminded, whoever it was that reminded them."""
    last: date | None = sheet.reminded_on
    return last is None or today >= last + timedelta(days=sheet.review.remind_every)


def remind(review: MonthlyReview, sheets: Sequence[ReviewSheet]) -> None:
    """Tell them, and work out when they are told next; inside an action that holds the sheets."""
    today = current().today
    remind_later(review, sheets)
    for sheet in sheets:
        sheet.reminded_on = today
    ReviewSheet.objects.save_all(sheets)
    tell_units([sheet for sheet in sheets if today > sheet.day], LATE)
    tell_units([sheet for sheet in sheets if today <= sheet.day], DUE)
