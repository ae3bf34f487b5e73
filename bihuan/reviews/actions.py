"""The verbs of a call: prepared, issued by another, reminded of, concluded; and the one the calendar makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.deadlines.queries import lights_for
from bihuan.deadlines.rules import Light
from bihuan.journal.action import Actor, Refused, action, current, system_only
from bihuan.journal.wording import listed
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import Unit
from bihuan.policies.queries import quote
from bihuan.reviews.calling import (
    ReviewCall,
    call_back,
    draft,
    numbers_of,
    send_out,
    sheets_of,
)
from bihuan.reviews.coverage import owing_office
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.policy import may_call, may_remind, may_run
from bihuan.reviews.pressing import remind
from bihuan.reviews.rules import OWING, REVIEW
from bihuan.reviews.settling import settle
from bihuan.reviews.slices import is_asked_of
from bihuan.reviews.terms import default_due, policy_at
from bihuan.reviews.verbs import Verb

if TYPE_CHECKING:
    from datetime import date


@action(Verb.PREPARE, may=may_call)
def prepare_review(*, jurisdiction: Unit, call: ReviewCall, actor: Actor) -> MonthlyReview:
    """Make a call; no unit sees it until a second person issues it."""
    if actor.person is None:
        raise Refused(_("月调度要由人来拟定。"))
    return draft(call, place=jurisdiction, office=actor.unit_name, prepared_by=actor.person)


@action(Verb.ISSUE, may=may_run)
def issue_review(review: MonthlyReview, *, actor: Actor) -> None:
    """Send the call out: each lead unit gets its sheet, once."""
    if actor.person is None or review.prepared_by in (actor.person, actor.on_behalf_of):
        raise Refused(_("拟定的人不能自己下发。"), accepted=_("请由整改办另一位同志下发。"))
    _advance(review, Verb.ISSUE)
    send_out(review, issued_by=actor.person)


@action(Verb.WITHDRAW, may=may_run)
def withdraw_review(review: MonthlyReview, *, reason: str, actor: Actor) -> None:
    """Put a draft aside, or call back what was sent out; the latter takes who did not prepare it."""
    was_out = review.state == MonthlyReview.State.ISSUED
    if was_out and (actor.person is None or review.prepared_by in (actor.person, actor.on_behalf_of)):
        raise Refused(_("拟定的人不能自己撤回已下发的月调度。"), accepted=_("请由整改办另一位同志撤回。"))
    _advance(review, Verb.WITHDRAW)
    refuse_marks_above(reason)
    review.reason, review.next_on = refuse_empty(reason, _("理由")), None
    review.save()
    if was_out:
        call_back(review)


@action(Verb.STOP_REPEATING, may=may_run)
def stop_repeating(review: MonthlyReview, *, actor: Actor) -> None:
    """The series ends with this call."""
    if review.next_on is None:
        raise Refused(_("这次月调度以后没有要自动发出的。"))
    review.next_on, review.repeats = None, False
    review.save()


@action(Verb.REMIND, may=may_remind)
def remind_units(review: MonthlyReview, *, actor: Actor) -> int:
    """Remind who has not answered: everybody when a person asks, those whose day has come when the program does."""
    owing = [sheet for sheet in sheets_of(review) if sheet.state in OWING]
    current().lock(owing)
    if review.state != MonthlyReview.State.ISSUED:
        raise Refused(_("月调度“%(state)s”，不能这样办。") % {"state": review.get_state_display()})
    settle(owing)
    today, called = current().today, owing_office(review)
    sheets = [
        sheet
        for sheet in owing
        if sheet.state in OWING
        and (
            (sheet.next_reminder or today) <= today
            if actor.system
            # Whom units above ask, those remind.
            else sheet.pk in called
        )
    ]
    if not sheets and not actor.system:
        raise Refused(_("各单位都已报送，不用催报。"))
    remind(review, sheets)
    current().fact(review, reminded=len(sheets))
    return len(sheets)


@action(Verb.CONCLUDE, may=may_run)
def conclude_review(review: MonthlyReview, *, actor: Actor) -> None:
    """Answered by all, or its day is over: the lights of today are kept, and who did not answer stays on record."""
    sheets = sheets_of(review)
    current().lock(sheets)
    _advance(review, Verb.CONCLUDE)
    settle([sheet for sheet in sheets if sheet.state in OWING])
    called = [sheet for sheet in sheets if sheet.above_id is None]
    open_rows = owing_office(review)
    owing = [
        sheet.unit.name
        for sheet in called
        if sheet.pk in open_rows or sheet.state == ReviewSheet.State.PREPARED
    ]
    if owing and current().today <= review.due_on:
        raise Refused(
            _("还没到报送期限，这些单位还没有报：%(units)s。") % {"units": listed(owing)},
            accepted=_("到期以后可以办结，没报的记为未报。"),
            units=owing,
        )
    review.state = MonthlyReview.State.CONCLUDED
    review.concluded_on = current().today
    review.save()
    for sheet in sheets:
        sheet.next_reminder = None
    ReviewSheet.objects.save_all(sheets)
    _keep_lights(sheets)
    current().fact(review, answered=len(called) - len(owing), owing=len(owing))


def _keep_lights(sheets: list[ReviewSheet]) -> None:
    rows = list(ReviewRow.objects.filter(sheet__in=sheets).select_related("problem"))
    lights = lights_for(list({row.problem_id: row.problem for row in rows}.values()))
    units = {sheet.pk: sheet.unit_id for sheet in sheets}
    for row in rows:
        if row.depth == 0 and not is_asked_of(row.problem, units[row.sheet_id]):
            row.state = ReviewRow.State.LEFT
        row.light_after = lights[row.problem_id].light if row.problem_id in lights else Light.OFF.value
    ReviewRow.objects.save_all(rows)


@action(Verb.CALL_NEXT, may=system_only)
def call_next_review(review: MonthlyReview, *, actor: Actor) -> MonthlyReview | None:
    """Make the call after this one and send it out, in the names of the two; nothing to ask means none this time."""
    today = current().today
    if review.next_on is None or review.next_on > today or review.issued_by is None:
        raise Refused(_("这个周期不用发出月调度。"))
    place = review.jurisdiction
    body = quote(policy_at(place, today)).body
    review.next_on = None
    review.save()
    made: MonthlyReview = MonthlyReview.objects.create(
        jurisdiction=place,
        office=review.office,
        title=review.title,
        requirement=review.requirement,
        sources=review.sources,
        sectors=review.sectors,
        grades=review.grades,
        due_on=default_due(body, place, today),
        repeats=True,
        follows=review,
        prepared_by=review.prepared_by,
        **numbers_of(body),
    )
    send_out(made, issued_by=review.issued_by)
    return made


def call_due(day: date) -> int:
    """Make every call that is due, each exactly once whoever asks how often; returns how many were made."""
    made = 0
    for review in MonthlyReview.objects.filter(next_on__lte=day).order_by("next_on", "id"):
        once = call_next_review.call(key=f"reviews.next:{review.pk}:{review.next_on}")
        try:
            made += once(review, actor=Actor.the_system("reviews.call")) is not None
        except Refused:
            # Nothing is under way there today, or another call went out too short a time ago: asked again tomorrow.
            continue
    return made


def remind_due(day: date) -> int:
    """Remind whoever's day has come; returns how many units were."""
    due = MonthlyReview.objects.filter(state=MonthlyReview.State.ISSUED, sheets__next_reminder__lte=day)
    actor = Actor.the_system("reviews.remind")
    return sum(remind_units(review, actor=actor) for review in due.distinct().order_by("due_on", "id"))


def _advance(review: MonthlyReview, verb: Verb) -> None:
    to = REVIEW.get((review.state, verb))
    if to is None:
        raise Refused(_("月调度“%(state)s”，不能这样办。") % {"state": review.get_state_display()})
    review.state = to
