"""Making a call inside the action that is open, sending it out and calling it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.drives.reminding import next_reminder
from bihuan.journal.action import Refused, current
from bihuan.ledger.models import Sector, Source
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.taxonomy import offered
from bihuan.policies.queries import quote
from bihuan.reviews.laying_out import lay_out
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.notices import CALLED, RECALLED, tell_units
from bihuan.reviews.rules import OWING
from bihuan.reviews.slices import problems_asked
from bihuan.reviews.terms import default_due, next_day, policy_at, refuse_bad_due, refuse_too_often
from bihuan.text.starting_taxonomy import GRADES

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from bihuan.organizations.models import Unit


@dataclass(frozen=True, kw_only=True)
class ReviewCall:
    """What a call says. Codes; none of a kind means all. Without a day the policy gives one."""

    title: str
    requirement: str = ""
    sources: Sequence[str] = ()
    sectors: Sequence[str] = ()
    grades: Sequence[str] = ()
    due_on: date | None = None
    repeats: bool = False


def draft(call: ReviewCall, *, place: Unit, office: str, prepared_by: uuid.UUID) -> MonthlyReview:
    """The row of a call nobody sees yet but the office; the version of the policy that decided is quoted."""
    today = current().today
    body = quote(policy_at(place, today)).body
    refuse_too_often(body, last_issued(place), today)
    due_on = call.due_on or default_due(body, place, today)
    refuse_bad_due(body, today, due_on)
    _refuse_bad_slice(call)
    refuse_marks_above(f"{call.title}\n{call.requirement}")
    made: MonthlyReview = MonthlyReview.objects.create(
        jurisdiction=place,
        office=office,
        title=refuse_empty(call.title, _("名称")),
        requirement=call.requirement.strip(),
        sources=sorted(set(call.sources)),
        sectors=sorted(set(call.sectors)),
        grades=sorted(set(call.grades)),
        due_on=due_on,
        repeats=call.repeats,
        prepared_by=prepared_by,
        **numbers_of(body),
    )
    return made


def numbers_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a call keeps of the policy it began under."""
    numbers = {
        name: body[name] for name in ("remind_before", "remind_every", "unchanged_times", "head_passes")
    }
    # A version of the policy older than this number asks nobody below.
    return numbers | {"below_days_before": body.get("below_days_before", 0)}


def last_issued(place: Unit) -> date | None:
    """The day of the last call of a place that was not called back."""
    out = (MonthlyReview.State.ISSUED, MonthlyReview.State.CONCLUDED)
    found: date | None = (
        MonthlyReview.objects.filter(jurisdiction=place, state__in=out)
        .order_by("-issued_on")
        .values_list("issued_on", flat=True)
        .first()
    )
    return found


def _refuse_bad_slice(call: ReviewCall) -> None:
    for model, codes, field in ((Source, call.sources, "sources"), (Sector, call.sectors, "sectors")):
        wanted = set(codes)
        if wanted and offered(model.objects.filter(code__in=wanted)).count() != len(wanted):
            raise Refused(_("调度范围不对。"), accepted=_("请从清单中选择，或者不选。"), field=field)
    if set(call.grades) - {grade.code for grade in GRADES}:
        raise Refused(_("没有这样的等级。"), accepted=_("请从清单中选择，或者不选。"), field="grades")


def send_out(review: MonthlyReview, *, issued_by: uuid.UUID) -> list[ReviewSheet]:
    """From now on each lead unit, and each that carries a part, has its sheet; it is told, and reminded until it answered."""
    act = current()
    place = review.jurisdiction
    body = quote(policy_at(place, act.today)).body
    refuse_too_often(body, last_issued(place), act.today)
    problems = list(problems_asked(review))
    if not problems:
        raise Refused(
            _("这个范围里没有在办的问题，不用调度。"), accepted=_("请放宽来源、领域或等级，或等交办以后。")
        )
    review.state = MonthlyReview.State.ISSUED
    review.issued_by, review.issued_on = issued_by, act.today
    if review.repeats:
        review.next_on = next_day(body, place, act.today)
    review.save()
    made, rows = lay_out(review, problems, act.today)
    asked = [sheet for sheet in made if sheet.state in OWING]
    remind_later(review, asked)
    ReviewSheet.objects.bulk_create(made)
    ReviewRow.objects.bulk_create(rows)
    tell_units(asked, CALLED)
    called = sum(sheet.above_id is None for sheet in made)
    act.fact(review, units=called, problems=len(problems), below=len(asked) - called)
    return made


def remind_later(review: MonthlyReview, sheets: Iterable[ReviewSheet]) -> None:
    """Work out when those who owe their answer are reminded next, each by its own day. The caller saves."""
    for sheet in sheets:
        sheet.next_reminder = next_reminder(
            sheet.day, current().today, before=review.remind_before, every=review.remind_every
        )


def call_back(review: MonthlyReview) -> None:
    """Nobody owes an answer any more, and whoever was called is told. What was reported is progress and stays."""
    sheets = sheets_of(review)
    current().lock(sheets)
    for sheet in sheets:
        sheet.next_reminder = None
    ReviewSheet.objects.save_all(sheets)
    tell_units(sheets, RECALLED)


def sheets_of(review: MonthlyReview) -> list[ReviewSheet]:
    """The sheets of a call, in the order of the tree."""
    rows = ReviewSheet.objects.filter(review=review).select_related("unit", "above").order_by("unit__path")
    found = list(rows)
    for sheet in found:
        sheet.review = review
    return found
