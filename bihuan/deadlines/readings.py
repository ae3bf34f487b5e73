"""Between a clock's row and the pure rule: what the rule is told, and what is kept of what it says."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from bihuan.deadlines import rules
from bihuan.deadlines.achievability import Achievability, Judged, Said, judged
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.deadlines.running import fitted
from bihuan.deadlines.schedule import WHOLE
from bihuan.ledger.schedules import PlannedPart
from bihuan.organizations.models import Unit
from bihuan.policies.models import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

OFF: Final = rules.Light.OFF.value


def with_rules(rows: QuerySet[Clock]) -> list[Clock]:
    """The rows with their problems, tied to policies and places: those are few, however many clocks there are."""
    found = list(rows.select_related("problem"))
    names = ("policy_id", "lights_policy_id", "ladder_policy_id")
    policies = Policy.objects.in_bulk({getattr(row, name) for row in found for name in names} - {None})
    places = Unit.objects.in_bulk({row.problem.jurisdiction_id for row in found})
    for row in found:
        row.policy, row.lights_policy = policies[row.policy_id], policies[row.lights_policy_id]
        row.ladder_policy = policies.get(row.ladder_policy_id)
        row.problem.jurisdiction = places[row.problem.jurisdiction_id]
    return found


def facts_of(row: Clock) -> rules.Clock:
    """The row as the rule sees it. Progress is told only where even progress is expected."""
    measured = row.kind == ClockKind.RECTIFICATION and row.work_from is not None
    return rules.Clock(
        start=row.work_from if measured and row.work_from else row.started_on,
        due=row.due,
        first_due=row.first_due,
        due_at=_local(row.due_at),
        began_at=_local(row.began_at),
        progress=min(row.problem.progress, WHOLE) if measured else None,
        parts=parts_of(row) if measured else (),
        suspended_days=row.suspended_days,
        suspended_on=row.suspended_on if row.state == ClockState.SUSPENDED else None,
        ended_on=row.stopped_on,
        ended_at=_local(row.stopped_at),
        raised_to=rules.Light(row.raised_to) if row.raised_to else None,
        judged=judgment_of(row),
    )


def parts_of(row: Clock) -> tuple[PlannedPart, ...]:
    """The measures of the plan the clock goes by."""
    day = date.fromisoformat
    return tuple(
        PlannedPart(number, day(start), day(due), tuple((day(on), percent) for on, percent in milestones))
        for number, start, due, milestones in row.schedule
    )


def written(parts: Sequence[PlannedPart]) -> list[Any]:
    """Such measures as a row keeps them."""
    return [
        [
            part.number,
            part.start.isoformat(),
            part.due.isoformat(),
            [[on.isoformat(), percent] for on, percent in part.milestones],
        ]
        for part in parts
    ]


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else timezone.localtime(moment)


def judgment_of(row: Clock) -> Judged | None:
    """Whether the day can be kept, as the one whose word counts says."""
    return judged(_said(row.unit_word, row.unit_word_on), _said(row.office_word, row.office_word_on))


def _said(word: str, on: date | None) -> Said | None:
    return Said(Achievability(word), on) if word and on else None


def thresholds_of(row: Clock) -> rules.Thresholds:
    """Those of the lights policy the clock keeps; all but the rectification clock are short, and theirs are fitted.

    To hours the rule fits them itself.
    """
    if row.kind == ClockKind.RECTIFICATION or row.began_at is not None:
        return _thresholds(row.lights_policy, None)
    return _thresholds(row.lights_policy, (row.first_due - row.started_on).days)


@lru_cache(maxsize=1024)
def _thresholds(policy: Policy, days: int | None) -> rules.Thresholds:
    """Read once for each version, which never changes, and each length of time given."""
    thresholds = rules.Thresholds.from_record(policy.body)
    return thresholds if days is None else fitted(thresholds, days)


def reading_of(row: Clock, day: date, now: datetime | None = None) -> rules.Reading:
    """What the rule says of the row on a day. `now` counts only for clocks in hours."""
    moment = timezone.localtime(now) if now is not None and row.due_at is not None else None
    return _judged(facts_of(row), day, thresholds_of(row), moment)


@lru_cache(maxsize=512)
def _judged(
    facts: rules.Clock, day: date, thresholds: rules.Thresholds, moment: datetime | None
) -> rules.Reading:
    """What the rule says; asked once for all that are alike, as the rows of a ledger taken over are."""
    return rules.light_of(facts, day, thresholds, now=moment)


def read(row: Clock, day: date, now: datetime | None = None) -> bool:
    """Set the row's light, its next change and what they rest on. Tells whether anything is different.

    The days left are part of the explanation only as of the day it was made: else every day would be an event.
    """
    reading = reading_of(row, day, now)
    before = (row.light, row.next_change, row.next_change_at, _gist(row.explanation))
    explanation = {**_kept(row.explanation), **explained(row, reading, day)}
    if before == (reading.light.value, reading.next_change, reading.next_change_at, _gist(explanation)):
        return False
    if row.light != OFF and turned_yellow(rules.Light(row.light), reading.light):
        row.yellows += 1
    row.light = reading.light.value
    row.next_change, row.next_change_at = reading.next_change, reading.next_change_at
    row.explanation = explanation
    return True


def turned_yellow(before: rules.Light, after: rules.Light) -> bool:
    """Whether a light became yellow or worse; from yellow to red it is counted only once."""
    return after.severity >= rules.Light.YELLOW.severity > before.severity


def explained(row: Clock, reading: rules.Reading, day: date) -> dict[str, Any]:
    """The facts the light rests on, as plain values."""
    return {
        "on": day.isoformat(),
        "causes": [
            {"rule": cause.rule.value, "light": cause.light.value, "data": dict(cause.data)}
            for cause in reading.causes
        ],
        "policy": _version(row.policy),
        "lights": _version(row.lights_policy),
        "next": _next(row, reading),
    }


def _next(row: Clock, reading: rules.Reading) -> dict[str, str] | None:
    """What happens next if nothing does."""
    if reading.next_change is None:
        return None
    then = reading_of(row, reading.next_change, reading.next_change_at)
    found = {"day": reading.next_change.isoformat(), "light": then.light.value}
    if reading.next_change_at is not None:
        found["at"] = reading.next_change_at.isoformat()
    return found


def _version(policy: Any) -> dict[str, Any]:
    return {"id": str(policy.pk), "code": policy.code, "version": policy.version}


def _kept(explanation: dict[str, Any]) -> dict[str, Any]:
    """What the due day rests on does not change with the light."""
    return {"basis": explanation["basis"]} if "basis" in explanation else {}


def _gist(explanation: dict[str, Any]) -> list[Any]:
    """What makes one explanation another one: rules, lights, reported progress, versions; not the passing of days."""
    named = ("progress", "due", "word", "measure", "by")
    causes = [
        (cause["rule"], cause["light"], *(cause["data"].get(name) for name in named))
        for cause in explanation.get("causes", [])
    ]
    return [
        causes,
        explanation.get("policy"),
        explanation.get("lights"),
        explanation.get("basis"),
        explanation.get("next"),
    ]
