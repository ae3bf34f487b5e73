"""The desk's pile of monthly reviews: sheets to fill in or let pass, calls to bring on, requests to answer or look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desk.marks import time_left
from bihuan.journal.timesource import today
from bihuan.reviews.models import MonthlyReview, ReviewSheet
from bihuan.reviews.queries import named, requests_waiting, to_answer, to_move
from bihuan.reviews.rules import TO_BE_SEEN
from bihuan.web import components as ui

if TYPE_CHECKING:
    from datetime import date

    from bihuan.journal.action import Actor
    from bihuan.reviews.models import CoordinationRequest
    from bihuan.reviews.queries import Counted

ROWS: Final = 8
NEAR: Final = 3
"""Days before its due day from which a row turns yellow, where no policy of its own says more."""


def reviews_queue(actor: Actor) -> ui.Queue:
    """One statement for sheets, one for requests, one more for the office's calls."""
    rows = [
        *(_of_sheet(sheet) for sheet in to_answer(actor)),
        *(_of_review(one) for one in to_move(actor)),
        *(_of_request(one) for one in requests_waiting(actor)),
    ]
    return ui.Queue(
        key="reviews",
        title=_("月调度"),
        note=_("只改有变化的格子"),
        who_head=_("谁在等"),
        clock_head=_("报送期限"),
        total=len(rows),
        rows=rows[:ROWS],
        more=ui.Link(words=_("看全部月调度"), url=reverse("reviews:list")) if len(rows) > ROWS else None,
    )


def _of_sheet(sheet: ReviewSheet) -> ui.QueueRow:
    url, words = reverse("reviews:sheet", args=[sheet.pk]), named(sheet.review)
    label = _("去填报")
    if sheet.state == ReviewSheet.State.PREPARED:
        words, label = _("调度表待审定：%(title)s") % {"title": words}, _("去审定")
    return _row(url, words, sheet.above.name if sheet.above else sheet.review.office, sheet.day, label)


def _of_review(one: Counted) -> ui.QueueRow:
    review = one.review
    url, title = reverse("reviews:review", args=[review.pk]), named(review)
    if review.state == MonthlyReview.State.DRAFT:
        return _row(url, _("待下发：%(title)s") % {"title": title}, review.office, review.due_on, _("去下发"))
    if one.owing:
        words = _("过期还有 %(n)s 个单位没有报：%(title)s") % {"n": one.owing, "title": title}
        return _row(url, words, review.office, review.due_on, _("查看"))
    words = _("都已报送，可以办结：%(title)s") % {"title": title}
    return _row(url, words, review.office, review.due_on, _("去办结"))


def _of_request(request: CoordinationRequest) -> ui.QueueRow:
    url = reverse("reviews:request", args=[request.pk])
    if request.state in TO_BE_SEEN:
        words = _("提请协调有了答复，请看是否解决：%(matter)s") % {"matter": request}
        return _row(url, words, request.asking_unit.name, request.due_on, _("去看"), no=_("提请协调"))
    words = _("提请协调待答复：%(matter)s") % {"matter": request}
    return _row(url, words, request.asking_unit.name, request.due_on, _("去答复"), no=_("提请协调"))


def _row(url: str, sentence: str, who: str, due_on: date, label: str, *, no: str = "") -> ui.QueueRow:
    """What it is, in one sentence; a review has no number, so its kind stands there."""
    left = (due_on - today()).days
    colour: ui.Colour = "red" if left < 0 else "yellow" if left <= NEAR else "green"
    because = _("期限 %(due)s，剩 %(n)s 天以内转黄，过期转红。") % {"due": due_on.isoformat(), "n": NEAR}
    return ui.QueueRow(
        no=no or _("月调度"),
        url=url,
        sentence=sentence,
        who=who,
        light=ui.Light(colour=colour, words=time_left(due_on, today()), because=because),
        act=ui.QueueAct(label=label, url=url, how="link"),
    )
