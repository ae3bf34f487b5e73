"""Restricted channels, and clues on their way to the body they belong to."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotVisible, Refused, action, current
from bihuan.journal.identity import new_id
from bihuan.journal.models import Payload, PersonalKey
from bihuan.journal.vault import seal_personal
from bihuan.ledger.models import ChannelMember, Clue, ClueState, RestrictedChannel
from bihuan.ledger.policy import may_keep_channels, may_receive_clue
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Post, Role, RoleGrant, Unit


@action(LedgerVerb.CREATE_CHANNEL, may=may_keep_channels)
def create_channel(
    *, jurisdiction: Unit, code: str, name: str, number_pattern: str, keeper: Post, actor: Actor
) -> RestrictedChannel:
    """A readership of named posts with its own numbers; its keeper is the first member."""
    if RestrictedChannel.objects.filter(code=code).exists():
        raise Refused(_("专线代码已经有了。"), field="code")
    channel: RestrictedChannel = RestrictedChannel.objects.create(
        code=code,
        name=refuse_empty(name, _("名称")),
        jurisdiction=jurisdiction,
        number_pattern=number_pattern,
    )
    ChannelMember.objects.create(channel=channel, post=keeper, since=current().today)
    return channel


@action(LedgerVerb.ADMIT, may=may_keep_channels)
def admit(channel: RestrictedChannel, *, post: Post, actor: Actor) -> ChannelMember:
    """Let one more post know. Only somebody who is a member may admit others."""
    if not actor.system and not channel.members.filter(post=actor.post, until=None).exists():
        raise NotVisible(_("没有找到这条专线。"))
    if channel.members.filter(post=post, until=None).exists():
        raise Refused(_("%(post)s已经在知悉范围内。") % {"post": post.name})
    made: ChannelMember = ChannelMember.objects.create(channel=channel, post=post, since=current().today)
    return made


def hold_clue(text: str, *, jurisdiction: Unit, origin: uuid.UUID) -> Clue:
    """Inside an action: seal text that looks like a clue for its receiver; nothing of it stays in the ledger."""
    act = current()
    grant = (
        RoleGrant.objects.filter(role=Role.CHANNEL_KEEPER, until=None, post__closed_on=None)
        .filter(post__unit__path__under=jurisdiction.path)
        .select_related("post")
        .order_by("since", "pk")
        .first()
    )
    if grant is None:
        raise Refused(
            _("材料中有反映个人的线索，但本级没有指定接收线索的岗位。"),
            accepted=_("请由安全管理员先指定专线保管岗，再导入材料。"),
        )
    clue = Clue(jurisdiction=jurisdiction, receiver=grant.post, origin=origin, held_at=act.now)
    # Each clue has a key of its own, so that handing it over can destroy this one and nothing else.
    clue.content = seal_personal(clue, new_id(), "clue", text)
    clue.save()
    return clue


@action(LedgerVerb.HAND_OVER_CLUE, may=may_receive_clue)
def hand_over_clue(clue: Clue, *, receipt_no: str, actor: Actor) -> None:
    """The receiver has it on paper: enter the receipt, and destroy what is kept here."""
    _refuse_unless_held(clue)
    clue.receipt_no = refuse_empty(receipt_no, _("回执编号"))
    clue.state = ClueState.HANDED_OVER
    clue.handed_over_at = current().now
    clue.save()
    destroy_held(clue)


@action(LedgerVerb.RETURN_CLUE, may=may_receive_clue)
def return_clue(clue: Clue, *, reason: str, actor: Actor) -> None:
    """What was held is no clue: it goes back where it came from, and must be accounted for there like anything else.

    The room that handed it in takes the words back by its reaction, and destroys what is held with `destroy_held`.
    """
    _refuse_unless_held(clue)
    clue.return_reason = refuse_empty(reason, _("退回理由"))
    clue.state = ClueState.RETURNED
    clue.returned_at = current().now
    clue.save()


def _refuse_unless_held(clue: Clue) -> None:
    if clue.state != ClueState.HELD or clue.content is None:
        raise Refused(
            _("这条线索“%(state)s”，不能再办。") % {"state": clue.get_state_display()},
            accepted=_("请选择待移交的线索。"),
        )


def destroy_held(clue: Clue) -> None:
    """Inside an action: content and key of a held clue are destroyed; the digest stays, verify says *erased*."""
    payload = Payload.objects.select_related("holder").get(pk=str(clue.content))
    key: PersonalKey | None = payload.holder
    payload.content, payload.erased_at, payload.erased_by = None, current().now, clue.pk
    payload.save(update_fields=["content", "erased_at", "erased_by"])
    if key is not None:
        key.wrapped, key.destroyed_at = None, current().now
        key.save()
