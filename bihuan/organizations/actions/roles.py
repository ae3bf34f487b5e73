"""Roles: given to posts by the security administrator, and by nobody else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.organizations import policy
from bihuan.organizations.actions.required import post_still_open
from bihuan.organizations.actions.separation import (
    holders_of,
    refuse_clash,
    refuse_oneself,
    refuse_stand_in_for_administrator,
    roles_on,
)
from bihuan.organizations.models import Post, Role, RoleGrant, StandIn
from bihuan.organizations.rules import ADMINISTRATORS
from bihuan.organizations.spans import in_force, not_over


@action("organizations.grant_role", may=policy.grants_roles)
def grant_role(post: Post, *, role: str, reason: str = "", actor: Actor) -> None:
    """Give a role to a post, from today on."""
    post_still_open(post)
    if role not in Role.values:
        raise Refused(
            _("没有“%(role)s”这个角色。") % {"role": role},
            accepted=listed(str(known.label) for known in Role),
            field="role",
        )
    held = roles_on(post)
    if role in held:
        raise Refused(
            _("“%(post)s”已有这个角色。") % {"post": post.name}, accepted=_("不必重复授予。"), field="role"
        )
    if StandIn.objects.filter(not_over(current().today), post=post).exists():
        refuse_stand_in_for_administrator({role})
    for person in holders_of(post):
        refuse_oneself(actor, person)
        refuse_clash(person, post, held | {role})
    RoleGrant.objects.create(post=post, role=role, since=current().today)
    current().because(reason)


@action("organizations.withdraw_role", may=policy.grants_roles)
def withdraw_role(post: Post, *, role: str, reason: str = "", actor: Actor) -> None:
    """Take a role back; it ends at once."""
    today = current().today
    grants = list(RoleGrant.objects.filter(not_over(today), post=post, role=role))
    if not grants:
        raise Refused(
            _("“%(post)s”没有这个角色。") % {"post": post.name}, accepted=_("请刷新后再看。"), field="role"
        )
    others = RoleGrant.objects.filter(in_force(today), role=role).exclude(post=post)
    if role in ADMINISTRATORS and not others.exists():
        raise Refused(
            _("这是最后一个“%(role)s”，收回后无人履职。") % {"role": Role(role).label},
            accepted=_("请先授予接替的岗位，再收回。"),
            field="role",
        )
    for grant in grants:
        grant.until = max(today, grant.since)
        grant.save()
    current().because(reason)
