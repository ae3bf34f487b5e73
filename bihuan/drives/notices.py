"""Telling a called unit that something waits: count and link, nothing of the matter itself."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.drives.policy import SIGNERS
from bihuan.journal.action import current
from bihuan.messages.kinds import register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.models import PostKind, StandIn, Tenure, UnitKind
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from bihuan.drives.models import DriveLine

CALLED: Final = "drives.called"
DUE: Final = "drives.due"
LATE: Final = "drives.late"
TO_SIGN: Final = "drives.to_sign"
RECALLED: Final = "drives.recalled"

register_kind(CALLED, _("有 %(count)s 项自查等您单位报告。"))
register_kind(DUE, _("您单位有 %(count)s 项自查快到报送期限，还没有报告。"))
register_kind(LATE, _("您单位有 %(count)s 项自查已过报送期限，还没有报告。"))
register_kind(RECALLED, _("有 %(count)s 项自查已经撤回，您单位不用再报告。"))
register_kind(TO_SIGN, _("有 %(count)s 份零报告等您签署。"))

# Who receives for a unit. Where there is nobody of these, and where the day has passed, its heads are told.
RECEIVE: Final = frozenset({PostKind.LIAISON, PostKind.HANDLER, PostKind.SECTION_HEAD})


def tell_units(lines: Sequence[DriveLine], kind: str) -> None:
    """Tell each called unit once; a late one through its heads too."""
    seats = _seats_of({line.unit_id for line in lines})
    for line in lines:
        here = seats[line.unit_id]
        people = {person for post, person in here if post in RECEIVE}
        if kind == LATE or not people:
            people |= {person for post, person in here if post in SIGNERS}
        _tell(people, kind, line)


def tell_signers(line: DriveLine) -> None:
    """A nil return waits for a head of the unit who did not write it."""
    here = _seats_of({line.unit_id})[line.unit_id]
    _tell({person for post, person in here if post in SIGNERS} - {line.nil_prepared_by}, TO_SIGN, line)


def _tell(people: Iterable[uuid.UUID | None], kind: str, line: DriveLine) -> None:
    link = reverse("drives:line", args=[line.pk])
    for person in sorted(one for one in people if one is not None):
        queue_message(to_person=person, kind=kind, link=link)


def _seats_of(units: set[uuid.UUID]) -> dict[uuid.UUID, set[tuple[str, uuid.UUID]]]:
    """(kind of post, person) of whoever holds or stands in today, in each unit and its own sections. Two statements."""
    day = current().today
    wanted = Q(post__unit__in=units) | Q(post__unit__kind=UnitKind.SECTION, post__unit__parent__in=units)
    seats: dict[uuid.UUID, set[tuple[str, uuid.UUID]]] = defaultdict(set)
    for model in (Tenure, StandIn):
        rows = model.objects.filter(wanted, in_force(day), post__closed_on=None)
        for unit, above, kind, person in rows.values_list(
            "post__unit", "post__unit__parent", "post__kind", "person"
        ):
            seats[unit if unit in units else above].add((kind, person))
    return seats
