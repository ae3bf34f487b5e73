"""What follows here from what the ladder or a sitting decided."""

from __future__ import annotations

from bihuan.deadlines.models import Delisting, LadderRequest
from bihuan.journal.action import current
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.papers.following import LETTERS
from bihuan.papers.jobs import draft_letters
from bihuan.papers.verbs import Verb
from bihuan.rectification.models import ClosureSitting


@reacts_to("deadlines.settle_rungs")
def plan_letters(happened: Happened) -> None:
    """After the commit the letters of a granted rung are drafted."""
    for request in happened.of(LadderRequest):
        if request.state == LadderRequest.State.GRANTED and request.rung in LETTERS:
            current().defer(draft_letters, verb=Verb.DRAFT_DECIDED.value, subject=str(request.pk))


@reacts_to("deadlines.settle_delisting")
def plan_delisting_notice(happened: Happened) -> None:
    """After the commit the notice of a delisting is drafted."""
    for row in happened.of(Delisting):
        if row.state == Delisting.State.GRANTED:
            current().defer(draft_letters, verb=Verb.DRAFT_DELISTED.value, subject=str(row.pk))


@reacts_to("rectification.decide_sitting")
def plan_minutes(happened: Happened) -> None:
    """After the commit the minutes, the closure notices and the filing form of a sitting are drafted."""
    for sitting in happened.of(ClosureSitting):
        current().defer(draft_letters, verb=Verb.DRAFT_SITTING.value, subject=str(sitting.pk))
