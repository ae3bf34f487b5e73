"""Carrying a trial out: asked for by a person, a small one at once, a large one by a job that tells how far it is.

What came out is written bundle by bundle, each only if nobody has written it meanwhile: a job that is killed goes on
where it stood, and one that runs twice counts nothing twice.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.deadlines.models import PolicyTrial
from bihuan.deadlines.trial.asking import Line, Mark, Trial, cases
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed
from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bihuan.journal.action import Actor
    from bihuan.policies.models import Policy

BUNDLE: Final = 200
AT_ONCE: Final = 200
"""So many cases are a second or two; more are left to a job."""
MOST_LINES: Final = 5000
"""More lines than anybody reads; sums are of all."""


def begin(policy: Policy, actor: Actor, since: date, until: date) -> PolicyTrial:
    """Ask for a trial; the one this person had of the same version goes. The caller has asked the authority."""
    if actor.person is None or actor.post is None:
        raise NotAllowed(_("试算要由本人在岗位上提出。"))
    whose = {"policy": policy, "person": actor.person, "post": actor.post}
    with transaction.atomic():
        PolicyTrial.objects.filter(**whose).delete()
        found = cases(policy, actor, since, until)
        row: PolicyTrial = PolicyTrial.objects.create(
            **whose,
            since=since,
            until=until,
            cases=[str(pk) for pk in found],
            total=len(found),
            asked_at=timesource.now(),
        )
        if len(found) > AT_ONCE:
            from bihuan.deadlines.jobs import try_version

            try_version.defer(trial=str(row.pk))
    if len(found) <= AT_ONCE:
        run(row.pk)
    row.refresh_from_db()
    return row


def run(pk: uuid.UUID) -> int:
    """Bundle after bundle to the end; whoever asked must still sit in that post."""
    row = PolicyTrial.objects.select_related("policy__jurisdiction").filter(pk=pk).first()
    if row is None:
        return 0
    try:
        actor_for(Person.objects.get(pk=row.person), row.post)
    except NotAllowed:
        PolicyTrial.objects.filter(pk=pk).update(state=PolicyTrial.State.FAILED)
        return row.done
    trial = Trial(row.policy, row.since, row.until, timesource.today())
    while row.done < row.total:
        if not _bundle(row, trial):
            return row.done
    PolicyTrial.objects.filter(pk=pk).update(state=PolicyTrial.State.DONE)
    return row.done


def _bundle(row: PolicyTrial, trial: Trial) -> bool:
    """One bundle; false where the trial is gone or another has written this bundle."""
    here = cases_of(row)[row.done : row.done + BUNDLE]
    found = list(trial.lines(here))
    different = [line for line in found if line.differs]
    new = {
        "state": PolicyTrial.State.RUNNING,
        "done": row.done + len(here),
        "sums": _summed(row.sums, found),
        "different": row.different + len(different),
    }
    if different and len(row.lines) < MOST_LINES:
        # What stands there is not written again with every bundle.
        new["lines"] = [*row.lines, *map(_written, different[: MOST_LINES - len(row.lines)])]
    if not PolicyTrial.objects.filter(pk=row.pk, done=row.done).update(**new):
        return False
    for name, value in new.items():
        setattr(row, name, value)
    return True


def cases_of(row: PolicyTrial) -> list[uuid.UUID]:
    """The problems it looks at, in order."""
    return [uuid.UUID(pk) for pk in row.cases]


def progress_of(pk: uuid.UUID) -> PolicyTrial | None:
    """How far it is: what a page asks again and again leaves the long lists unread."""
    rows = PolicyTrial.objects.select_related("policy__jurisdiction").defer("cases", "sums", "lines")
    found: PolicyTrial | None = rows.filter(pk=pk).first()
    return found


def _summed(sums: list[dict[str, Any]], lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The sums of a unit and grade with these lines added."""
    groups: dict[tuple[str, str], dict[str, Any]] = defaultdict(
        lambda: {"count": 0, "different": 0, "was": Counter(), "would": Counter()}
    )
    for one in sums:
        groups[one["unit"], one["grade"]] = {
            "count": one["count"],
            "different": one["different"],
            "was": Counter(one["was"]),
            "would": Counter(one["would"]),
        }
    for line in lines:
        group = groups[str(line.unit or ""), line.grade]
        was, would = line.sums()
        group["count"] += 1
        group["different"] += line.differs
        group["was"] += was
        group["would"] += would
    return [{"unit": unit, "grade": grade, **group} for (unit, grade), group in sorted(groups.items())]


def _written(line: Line) -> dict[str, Any]:
    return {
        "problem": str(line.problem),
        "kind": line.kind,
        "unit": str(line.unit or ""),
        "grade": line.grade,
        "was": [_mark(one) for one in line.was],
        "would": [_mark(one) for one in line.would],
    }


def _mark(mark: Mark) -> list[str]:
    return [mark.first.isoformat(), mark.last.isoformat(), mark.name]
