"""Telling a called unit that something waits: count and link, nothing of the matter itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.drives.policy import SIGNERS
from bihuan.messages.kinds import Matter, register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.seats import receivers_of, seats_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from bihuan.drives.models import DriveLine

CALLED: Final = "drives.called"
DUE: Final = "drives.due"
LATE: Final = "drives.late"
TO_SIGN: Final = "drives.to_sign"
RECALLED: Final = "drives.recalled"

register_kind(CALLED, _("有 %(count)s 项自查等您单位报告。"), Matter.SELF_INSPECTION)
register_kind(DUE, _("您单位有 %(count)s 项自查快到报送期限，还没有报告。"), Matter.SELF_INSPECTION)
register_kind(LATE, _("您单位有 %(count)s 项自查已过报送期限，还没有报告。"), Matter.SELF_INSPECTION)
register_kind(RECALLED, _("有 %(count)s 项自查已经撤回，您单位不用再报告。"), Matter.SELF_INSPECTION)
register_kind(TO_SIGN, _("有 %(count)s 份零报告等您签署。"), Matter.SELF_INSPECTION)


def tell_units(lines: Sequence[DriveLine], kind: str) -> None:
    """Tell each called unit once; a late one through its heads too."""
    receivers = receivers_of({line.unit_id for line in lines}, heads=kind == LATE)
    for line in lines:
        _tell(receivers[line.unit_id], kind, line)


def tell_signers(line: DriveLine) -> None:
    """A nil return waits for a head of the unit who did not write it."""
    here = seats_of({line.unit_id})[line.unit_id]
    _tell({person for post, person in here if post in SIGNERS} - {line.nil_prepared_by}, TO_SIGN, line)


def _tell(people: Iterable[uuid.UUID | None], kind: str, line: DriveLine) -> None:
    link = reverse("drives:line", args=[line.pk])
    for person in sorted(one for one in people if one is not None):
        queue_message(to_person=person, kind=kind, link=link)
