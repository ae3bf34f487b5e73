"""Any slice of the ledger: filters from an address, keyset pages, and a count that says when it is rounded.

Sort keys are a closed list, each NOT NULL, each in one direction together with the id, each with its index. A cursor
carries the sort and a digest of the filters, so that it cannot be taken along to another slice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused
from bihuan.ledger.counters import exact_count
from bihuan.ledger.lifecycle import ENDED_EARLY, OPEN
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.search import as_query
from bihuan.ledger.sight import visible
from bihuan.organizations.remembering import remembered, tell

PAGE: Final = 50
DAYS: Final = {
    "due_before": "external_deadline__lte",
    "due_after": "external_deadline__gte",
    "closed_after": "closed_on__gte",
    "registered_after": "registered_on__gte",
}
EVERYTHING: Final = ~Q(pk__in=[])
Number = tuple[int, bool]
"""How many, and whether that is exact; where not, there are more."""
MOST_COUNTED: Final = 10_000
FEW_COUNTED: Final = 400
SORTS: Final = {
    "deadline": ("external_deadline", "id"),
    "registered": ("-registered_on", "-id"),
}
COUNTED: Final = frozenset({"state", "unit"})
STATE_GROUPS: Final = {
    "open": OPEN,
    "closed": frozenset({State.CLOSED}),
    "ended": ENDED_EARLY,
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The conditions of a slice, as they stand in an address. Empty means no condition."""

    q: str = ""
    state: str = ""
    source: str = ""
    sector: str = ""
    grade: str = ""
    level: str = ""
    unit: str = ""
    batch: str = ""
    kind: str = ""
    round: str = ""
    due_before: str = ""
    due_after: str = ""
    closed_after: str = ""
    registered_after: str = ""
    proposed: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        """Read the known conditions of an address; unknown names are ignored, bad values refused when used."""
        return cls(**{name: str(query.get(name, "")).strip()[:200] for name in cls.__dataclass_fields__})

    def given(self) -> dict[str, str]:
        """The conditions that are set."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def digest(self) -> str:
        """A short mark of this very set of conditions."""
        return hashlib.sha256(json.dumps(self.given(), sort_keys=True).encode()).hexdigest()[:12]


_conditions: dict[str, Callable[[str], Q]] = {}


def register_condition(name: str, condition: Callable[[str], Q]) -> None:
    """Let a room above say what one of the `Filters` means; called when the program starts."""
    _conditions[name] = condition


def slice_of(actor: Actor, filters: Filters) -> QuerySet[Problem]:
    """The problems the actor sees that meet all the conditions."""
    return visible(actor, Problem.objects.all()).filter(condition_of(filters))


def condition_of(filters: Filters) -> Q:
    """All the conditions as one."""
    return reduce(and_, (_condition(name, value) for name, value in filters.given().items()), EVERYTHING)


def _condition(name: str, value: str) -> Q:  # noqa: PLR0911  (one line a condition)
    if name in _conditions:
        return _conditions[name](value)
    if name == "q":
        return Q(search__tokens=as_query(value)) if as_query(value) else Q(pk__isnull=True)
    if name == "state":
        return Q(state__in=STATE_GROUPS.get(value, {value}))
    if name == "sector":
        return Q(sector__code=value) | Q(sector__code__startswith=value + ".")
    if name == "unit":
        return Q(lead_unit__path__under=_path(value))
    if name in DAYS:
        return Q(**{DAYS[name]: _day(value)})
    if name == "round":
        return Q(round__gte=int(value)) if value.isdigit() else Q()
    columns = {
        "source": "source__code",
        "batch": "batch__code",
        "level": "supervision_level",
        "grade": "grade",
    }
    return Q(**{columns.get(name, "rectification_kind"): value})


def _path(value: str) -> str:
    from bihuan.organizations.models import Unit

    try:
        found = Unit.objects.filter(pk=uuid.UUID(value)).values_list("path", flat=True).first()
    except ValueError:
        found = None
    # A path no unit stands under: an unknown unit gives an empty list, not an error and not everything.
    return found or uuid.UUID(int=0).hex


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refused(
            _("“%(value)s”不是日期。") % {"value": value}, accepted=_("请写成 2026-12-31。")
        ) from error


@dataclass(frozen=True)
class Page:
    """One page: rows, and the cursors of its neighbours (empty where there is none)."""

    rows: list[Problem]
    previous: str
    next: str


def page_of(
    problems: QuerySet[Problem], filters: Filters, *, sort: str = "deadline", cursor: str = ""
) -> Page:
    """The page behind (or, for a cursor of a previous page, before) a cursor."""
    order = SORTS.get(sort, SORTS["deadline"])
    backwards, position = _read(cursor, sort, filters)
    ordered = problems.order_by(*(_turned(key) for key in order)) if backwards else problems.order_by(*order)
    if position is not None:
        ordered = ordered.filter(_beyond(order, position, backwards=backwards))
    rows = list(ordered[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (backwards or more)
    has_previous = bool(rows) and (more if backwards else position is not None)
    return Page(
        rows=rows,
        previous=_write("p", rows[0], sort, filters) if has_previous else "",
        next=_write("n", rows[-1], sort, filters) if has_next else "",
    )


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else "-" + key


def _beyond(order: tuple[str, str], position: tuple[str, str], *, backwards: bool) -> Q:
    """The row comparison that begins behind a position, in the direction of the order."""
    name = order[0].lstrip("-")
    downwards = order[0].startswith("-") != backwards
    sign = "lt" if downwards else "gt"
    key, pk = position
    # The first condition repeats what the second implies: it lets the planner start in the index.
    return Q(**{f"{name}__{sign}e": key}) & (
        Q(**{f"{name}__{sign}": key}) | Q(**{name: key, f"id__{sign}": pk})
    )


def _write(direction: str, row: Problem, sort: str, filters: Filters) -> str:
    name = SORTS.get(sort, SORTS["deadline"])[0].lstrip("-")
    parts = [direction, sort, filters.digest, str(getattr(row, name)), str(row.pk)]
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def _read(cursor: str, sort: str, filters: Filters) -> tuple[bool, tuple[str, str] | None]:
    """Direction and position of a cursor; one that belongs to another slice or is damaged starts at the beginning."""
    if not cursor:
        return False, None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction, of_sort, digest, key, pk = text.split("|")
        date.fromisoformat(key)
        uuid.UUID(pk)
    except (ValueError, binascii.Error):
        return False, None
    if of_sort != sort or digest != filters.digest:
        return False, None
    return direction == "p", (key, pk)


@remembered
def number_in(actor: Actor, filters: Filters) -> Number:
    """How many problems of a slice the actor sees: read off the counters, or counted."""
    known = number_known(actor, filters)
    return count_of(slice_of(actor, filters)) if known is None else (known, True)


def numbers_in(
    actor: Actor, slices: Mapping[str, Filters], piles: Mapping[str, Q] | None = None
) -> dict[str, Number]:
    """The same for several slices, and for other conditions beside them: what must be counted is counted in one pass."""
    known, conditions = {}, dict(piles or {})
    for name, filters in slices.items():
        number = number_known(actor, filters)
        if number is None:
            conditions[name] = condition_of(filters)
        else:
            known[name] = (number, True)
    counted = numbers_of(visible(actor, Problem.objects.all()), conditions) if conditions else {}
    found = {**counted, **known}
    for name, filters in slices.items():
        tell(number_in, found[name], actor, filters)
    return found


def number_known(actor: Actor, filters: Filters) -> int | None:
    """How many it is, where the counters can say: they are kept by state and lead unit."""
    if not filters.given().keys() <= COUNTED:
        return None
    states = frozenset(STATE_GROUPS.get(filters.state, {filters.state})) if filters.state else None
    return exact_count(actor, states, _path(filters.unit) if filters.unit else "")


def count_of(problems: QuerySet[Problem]) -> Number:
    """How many: beyond ten thousand nobody counts them one by one.

    A few are looked for first: asked for few, the database looks each problem up; asked for many, it reads every
    involvement. It is one statement all the same, whose second half runs only where the first did not reach.
    """
    try:
        few, parameters = _limited(problems, FEW_COUNTED)
        many, more = _limited(problems, MOST_COUNTED)
    except EmptyResultSet:
        return 0, True
    statement = (
        f"SELECT CASE WHEN few.n <= {FEW_COUNTED} THEN few.n"  # noqa: S608  (the queryset's own statements)
        f" ELSE (SELECT count(*) FROM ({many}) AS those) END FROM (SELECT count(*) AS n FROM ({few}) AS these) AS few"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*more, *parameters])
        found = int(cursor.fetchone()[0])
    return (found, True) if found <= MOST_COUNTED else (MOST_COUNTED, False)


def _limited(problems: QuerySet[Problem], most: int) -> tuple[str, tuple[Any, ...]]:
    """One more than so many of them, as a statement and its parameters."""
    statement, parameters = problems.order_by().values("pk")[: most + 1].query.sql_with_params()
    return statement, tuple(parameters)


def numbers_of(problems: QuerySet[Problem], conditions: Mapping[str, Q]) -> dict[str, Number]:
    """How many of the problems meet each condition: one statement, one pass over them."""
    no = Value(False, output_field=BooleanField())
    marks = {name: Case(When(condition, then=True), default=no) for name, condition in conditions.items()}
    those = problems.filter(reduce(or_, conditions.values())).order_by().annotate(**marks).values(*marks)
    try:
        statement, parameters = those[: MOST_COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return dict.fromkeys(conditions, (0, True))
    sums = ", ".join(f'count(*) FILTER (WHERE "{name}")' for name in conditions)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), {sums} FROM ({statement}) AS those", parameters)  # noqa: S608  (ours)
        read, *found = cursor.fetchone()
    return {name: (int(count), read <= MOST_COUNTED) for name, count in zip(conditions, found, strict=True)}
