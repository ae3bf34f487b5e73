"""What ties units together beside the tree: lines of guidance (条块), stewardship of sectors and sources."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.organizations import policy
from bihuan.organizations.actions.required import filled, still_open
from bihuan.organizations.models import Stewardship, Unit, UnitLine
from bihuan.organizations.spans import not_over


@action("organizations.set_line", may=policy.keeps_structure)
def set_line(unit: Unit, *, superior: Unit, since: date | None = None, actor: Actor) -> None:
    """A superior by trade guides the unit, and sees what it and everything below it has to rectify."""
    still_open(unit, field="unit")
    still_open(superior, field="superior")
    if superior.pk in (unit.pk, unit.parent_id):
        raise Refused(
            _("“%(superior)s”已经是它的上级。") % {"superior": superior.name},
            accepted=_("条线指导单位应是隶属关系以外的单位。"),
            field="superior",
        )
    if UnitLine.objects.filter(not_over(current().today), unit=unit, superior=superior).exists():
        raise Refused(_("这条指导关系已经建立。"), accepted=_("不必重复登记。"), field="superior")
    UnitLine.objects.create(unit=unit, superior=superior, since=since or current().today)


@action("organizations.end_line", may=policy.keeps_structure)
def end_line(unit: Unit, *, superior: Unit, actor: Actor) -> None:
    """The guidance ends today."""
    today = current().today
    lines = list(UnitLine.objects.filter(not_over(today), unit=unit, superior=superior))
    if not lines:
        raise Refused(_("没有这条指导关系。"), accepted=_("请刷新后再看。"), field="superior")
    for line in lines:
        line.until = max(today, line.since)
        line.save()


@action("organizations.steward", may=policy.keeps_structure)
def steward(
    unit: Unit, *, kind: str, code: str, territory: Unit, since: date | None = None, actor: Actor
) -> None:
    """The unit supervises a sector, or answers to a source, everywhere in a territory."""
    still_open(unit, field="unit")
    still_open(territory, field="territory")
    code = filled(code, field="code", label=_("领域或来源"), longest=80)
    today = current().today
    same = Stewardship.objects.filter(not_over(today), unit=unit, kind=kind, code=code, territory=territory)
    if same.exists():
        raise Refused(_("这项归口已经登记。"), accepted=_("不必重复登记。"), field="code")
    Stewardship.objects.create(unit=unit, kind=kind, code=code, territory=territory, since=since or today)


@action("organizations.end_stewardship", may=policy.keeps_structure)
def end_stewardship(unit: Unit, *, kind: str, code: str, territory: Unit, actor: Actor) -> None:
    """The stewardship ends today."""
    today = current().today
    held = list(
        Stewardship.objects.filter(not_over(today), unit=unit, kind=kind, code=code, territory=territory)
    )
    if not held:
        raise Refused(_("没有这项归口。"), accepted=_("请刷新后再看。"), field="code")
    for one in held:
        one.until = max(today, one.since)
        one.save()
