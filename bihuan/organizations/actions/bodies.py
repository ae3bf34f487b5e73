"""Bodies: leading groups, task forces and offices of posts from many units, with dates."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.organizations import policy
from bihuan.organizations.actions.required import filled, post_still_open, still_open
from bihuan.organizations.models import Body, BodyMember, Post, Unit
from bihuan.organizations.spans import not_over


@action("organizations.create_body", may=policy.keeps_bodies)
def create_body(
    *,
    name: str,
    kind: str,
    jurisdiction: Unit,
    since: date | None = None,
    until: date | None = None,
    actor: Actor,
) -> Body:
    """Found a body for a jurisdiction; `until` is the first day on which it no longer exists."""
    still_open(jurisdiction, field="jurisdiction")
    since = since or current().today
    if until is not None and until <= since:
        raise Refused(_("撤销日期不晚于成立日期。"), accepted=_("请填成立之后的日期。"), field="until")
    body: Body = Body.objects.create(
        name=filled(name, field="name", label=_("机构名称")),
        kind=kind,
        jurisdiction=jurisdiction,
        since=since,
        until=until,
    )
    return body


def _still_stands(body: Body) -> None:
    if body.until is not None and body.until <= current().today:
        raise Refused(_("“%(body)s”已撤销。") % {"body": body.name}, accepted=_("请选择现有机构。"))


@action("organizations.add_member", may=policy.keeps_bodies)
def add_member(
    body: Body, *, post: Post, role: str = BodyMember.Role.MEMBER, since: date | None = None, actor: Actor
) -> None:
    """A post joins, whoever holds it."""
    _still_stands(body)
    post_still_open(post)
    today = current().today
    if BodyMember.objects.filter(not_over(today), body=body, post=post).exists():
        raise Refused(
            _("“%(post)s”已是成员。") % {"post": post.name}, accepted=_("不必重复加入。"), field="post"
        )
    if (
        role == BodyMember.Role.CHAIR
        and BodyMember.objects.filter(not_over(today), body=body, role=role).exists()
    ):
        raise Refused(
            _("“%(body)s”已有组长。") % {"body": body.name}, accepted=_("请先让原组长退出。"), field="role"
        )
    BodyMember.objects.create(body=body, post=post, role=role, since=since or today)


@action("organizations.end_membership", may=policy.keeps_bodies)
def end_membership(body: Body, *, post: Post, actor: Actor) -> None:
    """The post leaves the body today."""
    members = list(BodyMember.objects.filter(not_over(current().today), body=body, post=post))
    if not members:
        raise Refused(
            _("“%(post)s”不是成员。") % {"post": post.name}, accepted=_("请刷新后再看。"), field="post"
        )
    _end_all(members)


def _end_all(members: list[BodyMember]) -> None:
    for member in members:
        member.until = max(current().today, member.since)
        member.save()


@action("organizations.end_body", may=policy.keeps_bodies)
def end_body(body: Body, *, reason: str = "", actor: Actor) -> None:
    """The body is dissolved today, and so is every membership of it."""
    _still_stands(body)
    _end_all(list(BodyMember.objects.filter(not_over(current().today), body=body)))
    body.until = max(current().today, body.since)
    body.save()
    current().because(reason)
