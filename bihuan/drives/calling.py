"""Making a call: its batch, its drive and a line for each unit, inside the action that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.drives.models import BasisKind, Drive, DriveLine
from bihuan.drives.notices import CALLED, RECALLED, tell_units
from bihuan.drives.reminding import next_reminder
from bihuan.drives.terms import policy_at, refuse_too_long, reminders_under
from bihuan.journal.action import Refused, current
from bihuan.ledger.models import Sector, Source
from bihuan.ledger.registering import register_batch_row
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.taxonomy import in_tree_order, offered
from bihuan.organizations.models import Unit
from bihuan.policies.queries import quote

if TYPE_CHECKING:
    import uuid

    from bihuan.ledger.models import Batch

SELF_INSPECTION = "self_inspection"


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a call says. `sectors` and `sources` are codes; without sources a problem of any source accounts for a cell.

    Reminders left open are those the office's policy proposes.
    """

    title: str
    code: str
    units: Sequence[Unit]
    sectors: Sequence[str]
    requirement: str
    since: date
    due_on: date
    sources: Sequence[str] = ()
    basis_kind: str = BasisKind.OTHER.value
    basis: str = ""
    basis_no: str = ""
    remind_before: int | None = None
    remind_every: int | None = None


def under_policy(call: Call, place: Unit) -> Call:
    """The call with what it leaves open filled in; the open action quotes the version that decided."""
    body = quote(policy_at(place, current().today)).body
    refuse_too_long(body, current().today, call.due_on)
    before, every = reminders_under(body, call.remind_before, call.remind_every)
    return replace(call, remind_before=before, remind_every=every)


def draft(call: Call, *, jurisdiction: Unit, office: str, prepared_by: uuid.UUID) -> Drive:
    """The rows of a call nobody sees yet but the office. What a policy says is settled before."""
    if not call.since <= current().today <= call.due_on:
        raise Refused(_("自查的日期不对。"), accepted=_("期间应已开始，报送期限不早于今天。"), field="due_on")
    refuse_bad_scope(jurisdiction, call.units, call.sectors, call.sources)
    refuse_bad_basis(call.basis_kind, call.basis)
    refuse_marks_above(f"{call.title}\n{call.requirement}\n{call.basis}\n{call.basis_no}")
    drive: Drive = Drive.objects.create(
        batch=_batch_for(call, jurisdiction, office),
        requirement=refuse_empty(call.requirement, _("自查要求")),
        sectors=in_order(call.sectors),
        sources=sorted(set(call.sources)),
        since=call.since,
        due_on=call.due_on,
        basis_kind=call.basis_kind,
        basis=call.basis.strip(),
        basis_no=call.basis_no.strip(),
        remind_before=call.remind_before,
        remind_every=call.remind_every,
        prepared_by=prepared_by,
    )
    DriveLine.objects.bulk_create([DriveLine(drive=drive, unit=unit) for unit in set(call.units)])
    return drive


def _batch_for(call: Call, jurisdiction: Unit, office: str) -> Batch:
    source = offered(Source.objects.filter(code=SELF_INSPECTION)).first()
    if source is None:
        raise Refused(_("来源里没有“自查自纠”。"), accepted=_("请先在分类管理里启用这个来源。"))
    return register_batch_row(
        jurisdiction=jurisdiction,
        code=refuse_empty(call.code, _("批次代码")),
        title=refuse_empty(call.title, _("名称")),
        source=source,
        source_authority=office,
        received_on=current().today,
        document_no=call.basis_no.strip(),
    )


def in_order(sectors: Sequence[str]) -> list[str]:
    """Codes of sectors as the tree has them, each once."""
    return [one.code for one in in_tree_order(Sector.objects.filter(code__in=set(sectors)))]


def refuse_bad_scope(
    place: Unit, units: Sequence[Unit], sectors: Sequence[str], sources: Sequence[str]
) -> None:
    """Whom a call asks about what: units of the place that exist, sectors and sources on offer."""
    codes = set(sectors)
    if not codes or offered(Sector.objects.filter(code__in=codes)).count() != len(codes):
        raise Refused(_("自查领域不对。"), accepted=_("请从领域树中至少选一个。"), field="sectors")
    wanted = set(sources)
    if offered(Source.objects.filter(code__in=wanted)).count() != len(wanted):
        raise Refused(_("对照的来源不对。"), accepted=_("请从来源中选择，或者不选。"), field="sources")
    allowed = Unit.objects.filter(pk__in=[unit.pk for unit in units], path__under=place.path, closed_on=None)
    if not units or allowed.count() != len({unit.pk for unit in units}):
        raise Refused(_("自查单位不对。"), accepted=_("请选本级管辖内现有的单位。"), field="units")


def refuse_bad_basis(kind: str, basis: str) -> None:
    """What a call rests on is one of three kinds; an instruction or decision is named."""
    if kind not in BasisKind.values:
        raise Refused(_("没有“%(code)s”这一类依据。") % {"code": kind}, field="basis_kind")
    if kind != BasisKind.OTHER and not basis.strip():
        raise Refused(
            _("没有写明依据的是哪一项。"),
            accepted=_("请写明%(kind)s的名称。") % {"kind": BasisKind(kind).label},
            field="basis",
        )


def send_out(drive: Drive, *, issued_by: uuid.UUID) -> None:
    """From now on each unit sees its own line; it is told, and reminded until it has answered."""
    drive.state = Drive.State.ISSUED
    drive.issued_by = issued_by
    drive.save()
    lines = list(DriveLine.objects.filter(drive=drive))
    current().lock(lines)
    remind_later(drive, lines)
    DriveLine.objects.save_all(lines)
    tell_units(lines, CALLED)


def call_back(drive: Drive) -> None:
    """Nobody owes an answer any more; whoever was called and not excused is told, for they may have begun unseen.

    The lines stay as they are: what a unit wrote, sent or signed is its own, and goes on being read.
    """
    lines = list(DriveLine.objects.filter(drive=drive))
    current().lock(lines)
    for line in lines:
        line.next_reminder = None
    DriveLine.objects.save_all(lines)
    tell_units([line for line in lines if line.state != DriveLine.State.EXCUSED], RECALLED)


def remind_later(drive: Drive, lines: Sequence[DriveLine]) -> None:
    """Work out when those who owe their answer are reminded next. The caller saves."""
    coming = next_reminder(
        drive.due_on, current().today, before=drive.remind_before, every=drive.remind_every
    )
    for line in lines:
        line.next_reminder = coming
