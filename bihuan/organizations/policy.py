"""Who may do what in this room.

Units, posts and people are kept by the system administrator, roles and accounts by the security administrator, and
neither does the other's part. The program itself may do all of it: first installation, demonstration, jobs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed
from bihuan.journal.timesource import today
from bihuan.organizations.authority import (
    Arguments,
    Subjects,
    any_of,
    has_role,
    is_principal_of,
    requires_coordinator,
    requires_role,
    system_only,
)
from bihuan.organizations.models import Body, Person, Post, Role, StandIn, Tenure, Unit
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    from bihuan.journal.action import Authority

keeps_structure: Authority = any_of(requires_role(Role.SYSTEM_ADMINISTRATOR), system_only)
grants_roles: Authority = any_of(requires_role(Role.SECURITY_ADMINISTRATOR), system_only)
reads_logs: Authority = requires_role(Role.LOG_AUDITOR)
keeps_people: Authority = any_of(
    requires_role(Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR), system_only
)


def themselves(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The person acts on their own record, in person."""
    if actor.person is None or [subject.pk for subject in subjects] != [actor.person]:
        raise NotAllowed(_("只能修改本人的联系方式。"), accepted=_("请本人或系统管理员办理。"))


changes_contacts: Authority = any_of(keeps_structure, themselves)


def entrusts_post(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The post's holder entrusts it, or the principal of its unit does; a stand-in does not pass it on."""
    for subject in subjects:
        post = subject.post if isinstance(subject, StandIn) else subject
        if not isinstance(post, Post) or not _holds_or_leads(actor, post):
            raise NotAllowed(
                _("不能委托这个岗位的代理。"), accepted=_("由岗位本人、单位主要负责人或系统管理员办理。")
            )


def _holds_or_leads(actor: Actor, post: Post) -> bool:
    if actor.person is None or actor.on_behalf_of is not None:
        return False
    holds = Tenure.objects.filter(in_force(today()), post=post, person=actor.person).exists()
    return holds or is_principal_of(actor, post.unit)


appoints_stand_ins: Authority = any_of(keeps_structure, entrusts_post)


def _place_of_body(subjects: Any, arguments: Arguments) -> Unit | None:
    body = next((subject for subject in subjects if isinstance(subject, Body)), None)
    place: Unit | None = body.jurisdiction if body else arguments.get("jurisdiction")
    return place


keeps_bodies: Authority = any_of(requires_coordinator(_place_of_body), keeps_structure)


def may(authority: Authority, actor: Actor | None, *subjects: Any, **arguments: Any) -> bool:
    """Whether an authority would let the actor through: what a page asks before it shows a button."""
    if actor is None:
        return False
    try:
        authority(actor, subjects, arguments)
    except NotAllowed:
        return False
    return True


def may_reveal(actor: Actor, person: Person) -> bool:
    """Whether the actor may read a person's sealed contacts: themselves, and who keeps the directory."""
    return actor.person == person.pk or may(keeps_people, actor)


def coordinates_somewhere(actor: Actor) -> bool:
    """Whether the actor is the coordinator of some rectification office."""
    return has_role(actor, Role.COORDINATOR)
