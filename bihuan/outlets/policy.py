"""Who keeps outlets: the system administrator, for the place their post lies in and everything below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.organizations.authority import Arguments, Subjects, has_role, jurisdiction_of
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Role, Unit
from bihuan.outlets.models import Outlet

if TYPE_CHECKING:
    from django.db.models import QuerySet


def place_of(actor: Actor) -> Unit | None:
    """The place whose outlets the actor keeps, or None where they keep none."""
    return jurisdiction_of(actor) if has_role(actor, Role.SYSTEM_ADMINISTRATOR) else None


def visible(actor: Actor) -> QuerySet[Outlet]:
    """The outlets the actor may know of."""
    place = place_of(actor)
    found: QuerySet[Outlet] = Outlet.objects.select_related("unit")
    return found.filter(unit__path__under=place.path) if place is not None else found.none()


def keeps_outlets(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """An outlet of another place is not there; a unit of another place is not theirs to serve."""
    place = place_of(actor)
    if place is None:
        raise NotAllowed(_("渠道由系统管理员管理。"), accepted=_("请联系本级系统管理员。"))
    for subject in subjects:
        if not isinstance(subject, Outlet) or not is_under(subject.unit.path, place.path):
            raise NotVisible(_("没有找到这个渠道。"))
    unit = arguments.get("unit")
    if isinstance(unit, Unit) and not is_under(unit.path, place.path):
        raise NotAllowed(
            _("不能为其他地方的单位设渠道。"),
            accepted=_("请选择%(place)s及其下级单位。") % {"place": place.name},
        )
