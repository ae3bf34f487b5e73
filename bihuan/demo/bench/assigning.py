"""Many problems given to their units by one order, as the pages do it, and the floor under the issue of the order."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from bihuan.approvals.models import Approval, Step
from bihuan.demo.bench.effort import Effort, measured
from bihuan.demo.bench.importing import sheet_of
from bihuan.installation.connections import connect
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ImportRun
from bihuan.journal.models import JournalEvent
from bihuan.journal.timesource import today
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Problem
from bihuan.organizations.acting import actor_in, seats_of
from bihuan.organizations.models import Person
from bihuan.rectification import actions as do
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Batch
    from bihuan.organizations.models import Unit

BLOCK: Final = 1000


@dataclass(frozen=True)
class Assigned:
    """What each step took; how many events the issue wrote to problems; seconds of the floor."""

    rows: int
    steps: dict[str, Effort]
    events: int
    floor: float

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "rows": self.rows,
            "events": self.events,
            "steps": {name: effort.as_json() for name, effort in self.steps.items()},
            "floor_seconds": f"{self.floor:.1f}",
            "times_the_floor": f"{self.steps['issue'].wall / self.floor:.1f}",
        }

    def as_table(self) -> str:
        """For people."""
        lines = [f"{name:10}{effort.words()}" for name, effort in self.steps.items()]
        issue = self.steps["issue"].wall
        return "\n".join(
            [*lines, f"{self.events} events; floor {self.floor:.1f} s, {issue / self.floor:.1f} times"]
        )


def registered(rows: int, batch: Batch, actor: Actor) -> list[Problem]:
    """So many problems that nobody was given yet, entered as an imported ledger."""
    run = import_runs.hand_in("bench.xlsx", sheet_of(rows, "", states=("已登记",)), batch, actor=actor)
    import_runs.check(run.pk)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    import_runs.enter(run.pk)
    return list(Problem.objects.filter(batch=batch).order_by("problem_no"))


def assigned(problems: Sequence[Problem], units: Sequence[Unit], actor: Actor) -> Assigned:
    """Propose, draft one order for all, have it approved, issue it; each problem ends as its unit's duty."""
    steps: dict[str, Effort] = {}
    with measured() as steps["propose"]:
        for at in range(0, len(problems), BLOCK):
            ledger.propose(
                problems[at : at + BLOCK],
                handling="按职责整改。",
                lead_unit=units[at // BLOCK % len(units)],
                actor=actor,
            )
    fresh = list(Problem.objects.filter(pk__in=[one.pk for one in problems]).order_by("problem_no"))
    day = today() + timedelta(days=90)
    items = [do.ItemDraft(problem=one.pk, external_deadline=day) for one in fresh]
    with measured() as steps["draft"]:
        order = do.draft_order(fresh, title="交办单", items=items, actor=actor)
    with measured() as steps["approve"]:
        do.submit_order(order, actor=actor)
        _approve(Approval.objects.get(pk=order.approval_id))
    order.refresh_from_db()
    with measured() as steps["issue"]:
        do.issue_order(order, document_no="〔2026〕1号", issued_on=today(), actor=actor)
    events = JournalEvent.objects.filter(
        verb=Verb.ISSUE_ORDER, kind="problem", stream__in=[one.pk for one in fresh]
    ).count()
    return Assigned(len(fresh), steps, events, _floor())


def _approve(approval: Approval) -> None:
    """Whoever sits where each step waits."""
    from bihuan.approvals.actions import decide

    while step := Step.objects.filter(approval=approval, state="pending").order_by("pk").first():
        person, seat = next(
            (person, seat)
            for person in Person.objects.filter(left_on=None)
            for seat in seats_of(person, today())
            if seat.post.pk == step.post_id
        )
        decide(approval, opinion="同意", actor=actor_in(person, seat))


def _floor() -> float:
    """Seconds to hash and copy the same events, and to write the same rows of involvement, clocks and problems again."""
    with connect(settings.CONFIGURATION.owner_database) as owner:
        events = owner.execute(
            "SELECT stream, seq, body::text FROM journal_event WHERE verb = %s", [Verb.ISSUE_ORDER.value]
        ).fetchall()
        owner.execute(
            "CREATE TEMPORARY TABLE bench_event (stream uuid, seq bigint, body text, hash bytea, PRIMARY KEY (stream, seq))"
        )
        for table in ("ledger_problem", "ledger_involvement", "deadlines_clock"):
            owner.execute(f"CREATE TEMPORARY TABLE bench_{table} (LIKE {table})")
        began = time.monotonic()
        with owner.cursor() as cursor, cursor.copy("COPY bench_event FROM STDIN") as copy:
            for stream, seq, body in events:
                copy.write_row((stream, seq, body, hashlib.sha256(body.encode()).digest()))
        streams = [stream for stream, _, _ in events]
        owner.execute(
            "INSERT INTO bench_ledger_problem SELECT * FROM ledger_problem WHERE id = ANY(%s)", [streams]
        )
        for table in ("ledger_involvement", "deadlines_clock"):
            owner.execute(
                f"INSERT INTO bench_{table} SELECT * FROM {table} WHERE problem_id = ANY(%s)",  # noqa: S608
                [streams],
            )
        spent = time.monotonic() - began
        owner.rollback()
    return spent
