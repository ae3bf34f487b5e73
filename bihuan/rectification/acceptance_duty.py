"""Whose duty acceptance is: by the customs of the source first, and always somebody outside the doing units.

Where a place has nobody independent the duty goes to the jurisdiction above, then to a neighbouring one (交叉验收); it
is never waived.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.journal.action import Refused, current
from bihuan.journal.ahead import remembered_in_block, rows_of
from bihuan.journal.timesource import today
from bihuan.ledger.models import Involvement, InvolvementRole
from bihuan.ledger.models.problems import DOING_ROLES
from bihuan.ledger.rigour import RIGOUR, rigour_of
from bihuan.ledger.steps import doing_units, involve, units_in
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Role, RoleGrant, Unit
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction, upwards
from bihuan.policies.queries import book_of
from bihuan.rectification.levels import is_outside, next_level, office_at

if TYPE_CHECKING:
    import uuid
    from collections.abc import Hashable, Iterable, Sequence

    from bihuan.ledger.models import Problem

BY_SOURCE: Final = "source"
BY_SUPERIOR: Final = "superior"
ELSEWHERE: Final = frozenset({BY_SOURCE, BY_SUPERIOR})
"""Recognised by somebody who may not work in this program at all; then their document is recorded."""


def acceptor_units(problem: Problem) -> list[Unit]:
    """The units that may be asked to accept, by nearness: the source's, ours, above us, beside us."""
    level, _is_last = next_level(problem)
    if level is not None:
        office = office_at(problem, level)
        return _outside(doing_units(problem), [office]) if office is not None else []
    sources = units_in(problem, [InvolvementRole.SOURCE])
    return _by_nearness(problem.jurisdiction, rigour_of(problem).accepts, doing_units(problem), sources)


def _outside(doing: Iterable[Unit], places: Sequence[Unit]) -> list[Unit]:
    """The units of these places that accept and stand under nobody who does the work."""
    paths = [unit.path for unit in doing]
    able = [unit for unit in _units_with_acceptors() if not any(is_under(unit.path, path) for path in paths)]
    return _of_places(able, places)


def _by_nearness(place: Unit, accepts: str, doing: Iterable[Unit], named_by: Iterable[Unit]) -> list[Unit]:
    paths = [unit.path for unit in doing]
    able = [unit for unit in _units_with_acceptors() if not any(is_under(unit.path, path) for path in paths)]
    sources = {unit.pk for unit in named_by}
    groups: list[list[Unit]] = []
    if accepts == BY_SOURCE:
        groups.append([unit for unit in able if unit.pk in sources])
    if accepts != BY_SUPERIOR:
        groups.append(_of_places(able, [place]))
    groups += [_of_places(able, [above]) for above in _jurisdictions_above(place)]
    groups.append(_of_places(able, _neighbours(place)))
    return next((group for group in groups if group), [])


@remembered_in_block
def _units_with_acceptors() -> list[Unit]:
    grants = RoleGrant.objects.filter(in_force(today()), role=Role.ACCEPTOR, post__closed_on=None)
    found: Iterable[Unit] = Unit.objects.filter(pk__in=grants.values("post__unit"), closed_on=None)
    return sorted(found, key=lambda unit: unit.pk)


def _of_places(units: Sequence[Unit], places: Sequence[Unit]) -> list[Unit]:
    wanted = {place.pk for place in places}
    return [unit for unit in units if (home := nearest_jurisdiction(unit)) is not None and home.pk in wanted]


def _jurisdictions_above(place: Unit) -> list[Unit]:
    return [unit for unit in upwards(place) if unit.is_jurisdiction and unit != place]


@remembered_in_block
def _neighbours(place: Unit) -> list[Unit]:
    beside = Unit.objects.filter(parent=place.parent_id, is_jurisdiction=True, closed_on=None)
    return list(beside.exclude(pk=place.pk))


def call_acceptors(problem: Problem) -> None:
    """Inside an action: those who are to accept get sight of the problem."""
    found = acceptor_units(problem)
    if not found and rigour_of(problem).accepts not in ELSEWHERE and not is_outside(problem):
        raise Refused(
            _("没有独立的验收单位：有验收岗的单位都参与了整改。"),
            accepted=_("请在整改各方以外的单位设验收岗，或由上级、邻近的整改办交叉验收。"),
        )
    for unit in found:
        involve(problem, InvolvementRole.ACCEPTOR, unit=unit)


def ask_ahead(place: Unit) -> None:
    """What calling acceptors of a place's problems will ask."""
    book_of([RIGOUR], jurisdiction=place, on=today())
    upwards(place)
    _neighbours(place)
    for unit in _units_with_acceptors():
        nearest_jurisdiction(unit)


def call_acceptors_of_taken_over(problems: Sequence[Problem]) -> None:
    """The same for many rows just taken over: what is alike is asked once, and there may be nobody yet."""
    doing: dict[uuid.UUID, dict[uuid.UUID, Unit]] = defaultdict(dict)
    sources: dict[uuid.UUID, list[Unit]] = defaultdict(list)
    for row in rows_of(Involvement, "problem_id", [problem.pk for problem in problems], "unit"):
        if row.unit is None or row.until is not None:
            continue
        if row.role in DOING_ROLES:
            doing[row.problem_id][row.unit.pk] = row.unit
        elif row.role == InvolvementRole.SOURCE:
            sources[row.problem_id].append(row.unit)
    accepts: dict[Hashable, str] = {}
    able: dict[Hashable, list[Unit]] = {}
    rows: list[Involvement] = []
    for problem in problems:
        customs = (problem.source_id, problem.sector_id, problem.grade, problem.supervision_level)
        if customs not in accepts:
            accepts[customs] = rigour_of(problem).accepts
        # Of the customs only who accepts decides which units are near: sectors and grades are many, answers few.
        alike = (
            problem.jurisdiction_id,
            frozenset(doing[problem.pk]),
            problem.source_id,
            accepts[customs],
        )
        if alike not in able:
            able[alike] = _by_nearness(
                problem.jurisdiction,
                accepts[customs],
                doing[problem.pk].values(),
                sources[problem.pk],
            )
        rows += [
            Involvement.newly(
                problem=problem, role=InvolvementRole.ACCEPTOR.value, unit=unit, since=current().today
            )
            for unit in able[alike]
        ]
    Involvement.objects.bulk_create(rows)


def refuse_wrong_acceptor(problem: Problem, unit: Unit) -> None:
    """The source or the superior accepts where that is the custom; their document is recorded if they do it outside."""
    accepts = rigour_of(problem).accepts
    if accepts == BY_SOURCE:
        right = any(unit.pk == one.pk for one in units_in(problem, [InvolvementRole.SOURCE]))
    elif accepts == BY_SUPERIOR:
        place = nearest_jurisdiction(unit)
        right = place is not None and place in _jurisdictions_above(problem.jurisdiction)
    else:
        right = True
    if not right:
        raise Refused(
            _("按来源规定，这个问题由%(who)s认定。")
            % {"who": _("来源机关") if accepts == BY_SOURCE else _("上级整改办")},
            accepted=_("由其在系统内验收，或由整改办登记其认定文件。"),
        )
