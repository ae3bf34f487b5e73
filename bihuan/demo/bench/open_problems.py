"""Made-up open problems with running clocks, of which a chosen number is due on the next working day.

Two templates are made by the program's own code (a row, its clock, its light, the day of its next rung); the database
copies them under new ids. Their streams have a head and no events before it: what the night writes is real, what lies
before it is not, so this is no ledger anybody could verify, and it lies in a database of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.utils import timezone

from bihuan.calendars.queries import calendar_for
from bihuan.calendars.rules import add_working_days, next_working_day, subtract_working_days
from bihuan.deadlines.keeping import Notices, keep
from bihuan.deadlines.models import Clock
from bihuan.demo.city import PEOPLE
from bihuan.journal import timesource
from bihuan.journal.action import Actor, action, system_only
from bihuan.ledger.models import Batch, Problem, Sector
from bihuan.organizations.models import Unit
from bihuan.organizations.tree import ids_on

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS_AT_A_TIME: Final = 50_000
ACTOR: Final = Actor.the_system("demo.bench_open")
# Ids that sort by time, as the program makes them: the milliseconds, the version, then digits of the serial's digest.
ID: Final = (
    "(lpad(to_hex(%(moment)s + serial), 12, '0') || '7' || substr(md5(%(salt)s || serial), 1, 3) || '8' "
    "|| substr(md5(%(salt)s || serial), 4, 15))::uuid"
)


@dataclass(frozen=True)
class Night:
    """The day the clocks are made on, and the one after it, on which they are swept; both are worked."""

    eve: date
    day: date

    @classmethod
    def to_come(cls, place: Unit) -> Night:
        """The next two working days that follow each other."""
        days = calendar_for(*reversed(ids_on(place.path)))
        eve = next_working_day(timesource.today(), days)
        while not days.is_working(eve + timedelta(days=1)):
            eve = next_working_day(eve + timedelta(days=1), days)
        return cls(eve, eve + timedelta(days=1))

    @staticmethod
    def moment(day: date) -> datetime:
        """Three in the morning, when nobody writes."""
        return datetime.combine(day, time(3), timezone.get_default_timezone())


@action("demo.bench_open", may=system_only)
def open_template(*, title: str, batch: Batch, lead: Unit, due: date, actor: Actor) -> Problem:
    """One open problem, with the clock its state calls for."""
    problem: Problem = Problem.objects.create(
        problem_no=title,
        title=title,
        text=title,
        state="rectifying",
        grade="major",
        urgency="normal",
        rectification_kind="by_date",
        readership="internal",
        batch=batch,
        source=batch.source,
        sector=Sector.objects.order_by("code").first(),
        jurisdiction=batch.jurisdiction,
        lead_unit=lead,
        registered_on=timesource.today(),
        assigned_on=timesource.today(),
        external_deadline=due,
    )
    keep([problem.pk], Notices())
    return problem


def fill(rows: int, fire: int, night: Night, batch: Batch, say: Callable[[str], object]) -> None:
    """So many open problems, so many of them due: half of those are to be reminded, half to be proposed a letter."""
    days = calendar_for(*reversed(ids_on(batch.jurisdiction.path)))
    leads = _leads()
    quiet = add_working_days(night.day, 200, days)
    reminded = night.eve
    lettered = subtract_working_days(night.eve, 5, days)
    with timesource.at(Night.moment(night.eve)):
        shares = ((rows - fire, quiet, "Q"), (fire - fire // 2, reminded, "R"), (fire // 2, lettered, "L"))
        for count, due, mark in shares:
            template = open_template(title=f"T-{mark}", batch=batch, lead=leads[0], due=due, actor=ACTOR)
            _settle_the_eve(template, night)
            for start in range(0, count, ROWS_AT_A_TIME):
                stop = min(start + ROWS_AT_A_TIME, count)
                _copies(template, mark, (start, stop), [unit.pk for unit in leads])
                say(f"{mark} {stop:,} / {count:,}")


def _settle_the_eve(problem: Problem, night: Night) -> None:
    """Nothing is due on the eve itself, whatever the policies say: the night that is measured finds only its own."""
    clock = Clock.objects.get(problem=problem)
    if clock.next_rung is not None and clock.next_rung <= night.eve:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('bihuan.action', 'demo.bench', false)")
            cursor.execute("UPDATE deadlines_clock SET next_rung = %s WHERE id = %s", [night.day, clock.pk])
            cursor.execute("SELECT set_config('bihuan.action', '', false)")


def _leads() -> list[Unit]:
    """Units in which somebody sits, so that there is somebody to tell."""
    names = {unit for _, _, unit, *_ in PEOPLE}
    return list(Unit.objects.filter(code__in=names).order_by("code")) or list(Unit.objects.all()[:20])


def _copies(template: Problem, mark: str, serials: tuple[int, int], leads: list[Any]) -> None:
    values: dict[str, Any] = {
        "first": serials[0] + 1,
        "last": serials[1],
        "mark": mark,
        "template": template.pk,
    }
    values |= {"leads": leads, "moment": int(timesource.now().timestamp() * 1000)}
    lead = "(%(leads)s::uuid[])[1 + serial %% cardinality(%(leads)s::uuid[])]"
    problem_id, clock_id = ID, ID
    series = "generate_series(%(first)s::int, %(last)s::int) AS serial"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'demo.bench', false)")
        problems = {"id": problem_id, "problem_no": "%(mark)s || '-' || serial", "lead_unit_id": lead}
        cursor.execute(_copied(Problem, problems, series, "id"), values | {"salt": f"p{mark}"})
        clocks = {
            "id": clock_id,
            "unit_id": lead,
            "problem_id": problem_id.replace("%(salt)s", "%(salt_of_problem)s"),
        }
        cursor.execute(
            _copied(Clock, clocks, series, "problem_id"),
            values | {"salt": f"c{mark}", "salt_of_problem": f"p{mark}"},
        )
        cursor.execute(
            f"INSERT INTO journal_stream_head (stream, kind, seq, hash) "  # noqa: S608  (our own names)
            f"SELECT {problem_id}, head.kind, head.seq, head.hash FROM journal_stream_head head, {series} "
            f"WHERE head.stream = %(template)s",
            values | {"salt": f"p{mark}"},
        )
        cursor.execute("SELECT set_config('bihuan.action', '', false)")


def _copied(model: type[Problem | Clock], own: dict[str, str], series: str, key: str) -> str:
    """The template's row for each serial, with columns of its own."""
    names = [str(field.column) for field in model._meta.concrete_fields]
    listed = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(own.get(name, f'template."{name}"') for name in names)
    table = model._meta.db_table
    return (
        f'INSERT INTO "{table}" ({listed}) SELECT {values} FROM "{table}" template, {series} '  # noqa: S608  (our own names)
        f'WHERE template."{key}" = %(template)s'
    )
