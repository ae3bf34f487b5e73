"""Units: set up, renamed, moved, merged, closed. History keeps the name and place of its day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import cast

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.errors import RetryAction
from bihuan.organizations import policy
from bihuan.organizations.actions.required import filled, still_open
from bihuan.organizations.models import Post, PostKind, Stewardship, Tenure, Unit, UnitLine
from bihuan.organizations.queries import standing_successor
from bihuan.organizations.rules import would_circle
from bihuan.organizations.spans import in_force, not_over
from bihuan.organizations.tree import upwards
from bihuan.organizations.vacancies import look_again


@action("organizations.create_unit", may=policy.keeps_structure)
def create_unit(  # noqa: PLR0913  (the facts of a unit)
    *,
    name: str,
    code: str,
    kind: str,
    level: int,
    parent: Unit | None = None,
    short_name: str = "",
    is_jurisdiction: bool = False,
    party_committee: str = "",
    opened_on: date | None = None,
    position: int = 0,
    actor: Actor,
) -> Unit:
    """Set up a unit below `parent`, or a root where there is none."""
    if parent is not None:
        current().lock([parent])
    unit = check_unit(
        Unit(
            name=name,
            code=code,
            kind=kind,
            level=level,
            parent=parent,
            short_name=short_name,
            is_jurisdiction=is_jurisdiction,
            party_committee=party_committee,
            opened_on=opened_on or current().today,
            position=position,
        )
    )
    unit.save()
    return unit


def check_unit(unit: Unit) -> Unit:
    """A new unit, not yet saved, with its texts tidied; refused where it could not stand in the tree."""
    unit.name = filled(unit.name, field="name", label=_("单位名称"))
    unit.code = filled(unit.code, field="code", label=_("单位代码"), longest=40)
    unit.short_name, unit.party_committee = unit.short_name.strip(), unit.party_committee.strip()
    parent = unit.parent
    if parent is not None:
        still_open(parent, field="parent")
        if unit.level < parent.level:
            raise Refused(
                _("下级单位的层级不能高于“%(parent)s”。") % {"parent": parent.name},
                accepted=_("请选“%(level)s”或更低的层级。") % {"level": parent.get_level_display()},
                field="level",
            )
    if Unit.objects.filter(code=unit.code).exists():
        raise Refused(
            _("单位代码“%(code)s”已被使用。") % {"code": unit.code},
            accepted=_("请换一个代码。"),
            field="code",
        )
    return unit


@action("organizations.rename_unit", may=policy.keeps_structure)
def rename_unit(
    unit: Unit,
    *,
    name: str,
    short_name: str = "",
    party_committee: str | None = None,
    reason: str = "",
    actor: Actor,
) -> None:
    """Give a unit another name; what was written before keeps the name of its day."""
    still_open(unit, field="unit")
    unit.name = filled(name, field="name", label=_("单位名称"))
    unit.short_name = short_name.strip()
    if party_committee is not None:
        unit.party_committee = party_committee.strip()
    unit.save()
    current().because(reason)


@action("organizations.set_jurisdiction", may=policy.keeps_structure)
def set_jurisdiction(unit: Unit, *, is_jurisdiction: bool, actor: Actor) -> None:
    """Say whether a unit has a rectification office of its own."""
    still_open(unit, field="unit")
    unit.is_jurisdiction = is_jurisdiction
    unit.save()


@action("organizations.move_unit", may=policy.keeps_structure)
def move_unit(unit: Unit, *, parent: Unit, reason: str = "", actor: Actor) -> None:
    """Hang a unit, with everything below it, under another."""
    _hang([unit], parent)
    current().because(reason)


def _hang(units: Sequence[Unit], parent: Unit) -> None:
    """Move units under `parent` and recompute every path below them.

    The new ancestors are locked, so that two moves cannot make a circle between them, and so is all that moves,
    so that nothing can be set up below a unit whose path is just changing.
    """
    act = current()
    act.lock(upwards(parent))
    act.lock([parent])
    still_open(parent, field="parent")
    for unit in units:
        still_open(unit, field="unit")
        if would_circle(unit.path, parent.path):
            raise Refused(
                _("“%(parent)s”就在“%(unit)s”之下。") % {"parent": parent.name, "unit": unit.name},
                accepted=_("请选择不在它之下的单位。"),
                field="parent",
            )
    below = [one for unit in units for one in _lock_below(unit)]
    known = {unit.pk: unit for unit in (*units, *below)}
    for unit in units:
        unit.parent = parent
    for one in below:
        one.parent = known[cast(uuid.UUID, one.parent_id)]
    Unit.objects.save_all([*units, *below])


def _lock_below(unit: Unit) -> list[Unit]:
    """Everything under the unit, locked, upper units first."""

    def read() -> list[Unit]:
        found = Unit.objects.filter(path__under=unit.path).exclude(pk=unit.pk)
        return sorted(found, key=lambda one: (one.path.count("."), one.pk))

    below = read()
    current().lock(below)
    if {one.pk for one in read()} != {one.pk for one in below}:
        raise RetryAction(f"something was set up under {unit.row_key} before it was locked")
    return below


@action("organizations.close_unit", may=policy.keeps_structure)
def close_unit(unit: Unit, *, successor: Unit | None = None, reason: str = "", actor: Actor) -> None:
    """Close a unit that has neither open posts nor open units below; `successor` takes over what refers to it."""
    still_open(unit, field="unit")
    posts = Post.objects.filter(unit=unit, closed_on__isnull=True).count()
    if posts:
        raise Refused(
            _("“%(unit)s”还有 %(count)d 个在设岗位。") % {"unit": unit.name, "count": posts},
            accepted=_("请先交接并撤销岗位，或用“合并”把岗位转给承接单位。"),
            open_posts=posts,
        )
    children = Unit.objects.filter(parent=unit, closed_on__isnull=True).count()
    if children:
        raise Refused(
            _("“%(unit)s”之下还有 %(count)d 个单位。") % {"unit": unit.name, "count": children},
            accepted=_("请先调整它们的隶属或撤销。"),
            open_children=children,
        )
    _close(unit, successor)
    current().because(reason)
    look_again()


@action("organizations.name_successor", may=policy.keeps_structure)
def name_successor(unit: Unit, *, successor: Unit, reason: str = "", actor: Actor) -> None:
    """Say who takes over from a unit that was closed without anybody named; what it left can then be moved."""
    if unit.closed_on is None:
        raise Refused(
            _("“%(unit)s”没有撤销。") % {"unit": unit.name}, accepted=_("撤销时写明由谁承接。"), field="unit"
        )
    standing = standing_successor(unit)
    if standing is not None:
        raise Refused(
            _("“%(unit)s”已由“%(successor)s”承接。") % {"unit": unit.name, "successor": standing.name},
            accepted=_("请把问题转给它。"),
            field="successor",
        )
    _refuse_unfit_successor(unit, successor)
    unit.successor = successor
    unit.save()
    current().because(reason)
    look_again()


def _refuse_unfit_successor(unit: Unit, successor: Unit) -> None:
    still_open(successor, field="successor")
    if successor.pk == unit.pk:
        raise Refused(_("单位不能由自己承接。"), accepted=_("请选择另一个单位。"), field="successor")


def _close(unit: Unit, successor: Unit | None) -> None:
    if successor is not None:
        _refuse_unfit_successor(unit, successor)
    today = current().today
    for row in (
        *UnitLine.objects.filter(not_over(today), unit=unit),
        *Stewardship.objects.filter(not_over(today), unit=unit),
    ):
        row.until = max(today, row.since)
        row.save()
    unit.closed_on, unit.successor = today, successor
    unit.save()


@action("organizations.merge_units", may=policy.keeps_structure)
def merge_units(units: Sequence[Unit], *, into: Unit, reason: str = "", actor: Actor) -> None:
    """Close units into another one that takes their posts, subordinate units, lines and stewardships."""
    act = current()
    act.lock([into])
    still_open(into, field="into")
    for unit in units:
        still_open(unit, field="units")
        if unit.pk == into.pk or would_circle(unit.path, into.path):
            raise Refused(
                _("“%(into)s”不能承接“%(unit)s”。") % {"into": into.name, "unit": unit.name},
                accepted=_("请选择不在它之下的单位来承接。"),
                field="into",
            )
        _move_posts(unit, into)
        children = list(Unit.objects.filter(parent=unit, closed_on__isnull=True))
        if children:
            act.lock(children)
            _hang(children, into)
        _pass_on(unit, into)
        _close(unit, into)
    act.because(reason)
    look_again()


def _move_posts(unit: Unit, into: Unit) -> None:
    posts = list(Post.objects.filter(unit=unit, closed_on__isnull=True))
    current().lock(posts)
    for post in posts:
        if post.kind != PostKind.PRINCIPAL:
            post.unit = into
        elif Tenure.objects.filter(not_over(current().today), post=post).exists():
            raise Refused(
                _("“%(unit)s”的主要负责人还在任。") % {"unit": unit.name},
                accepted=_("请先免去其职务：合并后的单位只有一位主要负责人。"),
            )
        else:
            post.closed_on = current().today
    Post.objects.save_all(posts)


def _pass_on(unit: Unit, into: Unit) -> None:
    """The successor inherits guidance and stewardships it does not have yet."""
    today = current().today
    superiors = set(UnitLine.objects.filter(in_force(today), unit=into).values_list("superior_id", flat=True))
    for line in UnitLine.objects.filter(in_force(today), unit=unit):
        if line.superior_id not in superiors and line.superior_id != into.pk:
            UnitLine.objects.create(unit=into, superior_id=line.superior_id, since=today)
    held = set(
        Stewardship.objects.filter(in_force(today), unit=into).values_list("kind", "code", "territory_id")
    )
    for one in Stewardship.objects.filter(in_force(today), unit=unit):
        if (one.kind, one.code, one.territory_id) not in held:
            Stewardship.objects.create(
                unit=into, kind=one.kind, code=one.code, territory_id=one.territory_id, since=today
            )
