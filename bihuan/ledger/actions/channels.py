"""Restricted channels, and clues on their way to the body they belong to."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.identity import new_id
from bihuan.journal.models import Payload, PersonalKey
from bihuan.journal.vault import seal_personal
from bihuan.ledger.models import ChannelMember, Clue, ClueState, RestrictedChannel
from bihuan.ledger.numbering import NUMBERING_PROBLEM
from bihuan.ledger.numbering_rules import WIDEST_SERIAL, NumberFacts, NumberingError, pattern
from bihuan.ledger.policy import may_keep_channels, may_receive_clue
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Post, Role, RoleGrant, Unit
from bihuan.organizations.spans import in_force, not_over
from bihuan.policies.models import Policy

# As many digits as a serial may have: whatever the width of two patterns, their numbers meet there if they ever do.
LONG_SERIAL: Final = 10**WIDEST_SERIAL - 1


@action(LedgerVerb.CREATE_CHANNEL, may=may_keep_channels)
def create_channel(
    *, jurisdiction: Unit, code: str, name: str, number_pattern: str, keeper: Post, actor: Actor
) -> RestrictedChannel:
    """A readership of named posts with its own numbers; its keeper is the first member."""
    if RestrictedChannel.objects.filter(code=code).exists():
        raise Refused(_("专线代码已经有了。"), accepted=_("请换一个代码。"), field="code")
    _refuse_bad_pattern(number_pattern, jurisdiction)
    channel: RestrictedChannel = RestrictedChannel.objects.create(
        code=refuse_empty(code, _("代码")),
        name=refuse_empty(name, _("名称")),
        jurisdiction=jurisdiction,
        number_pattern=number_pattern,
    )
    ChannelMember.objects.create(channel=channel, post=keeper, since=current().today)
    return channel


def _refuse_bad_pattern(text: str, jurisdiction: Unit) -> None:
    """Numbers of a channel may never look like others: two series would then give out one number."""
    facts = NumberFacts(day=current().today, source="来源", jurisdiction=jurisdiction.code, batch="批次")
    try:
        wanted, sample = pattern(text), pattern(text).render(facts, LONG_SERIAL)
    except NumberingError as error:
        raise Refused(
            _("编号样式“%(pattern)s”不能用：%(what)s。") % {"pattern": text, "what": error.what},
            accepted=_("要有流水号，例如 ZX-{year}-{serial:03}。"),
            field="number_pattern",
        ) from error
    taken = set(RestrictedChannel.objects.values_list("number_pattern", flat=True))
    taken |= {rule.body["pattern"] for rule in Policy.objects.filter(code=NUMBERING_PROBLEM)}
    for other in map(pattern, taken):
        if other.read(sample) or wanted.read(other.render(facts, LONG_SERIAL)):
            raise Refused(
                _("这样的编号会和别的编号混在一起。"),
                accepted=_("请换一个开头，例如 ZX-{year}-{serial:03}。"),
                field="number_pattern",
            )


@action(LedgerVerb.ADMIT, may=may_keep_channels)
def admit(
    channel: RestrictedChannel,
    *,
    post: Post,
    since: date | None = None,
    until: date | None = None,
    actor: Actor,
) -> ChannelMember:
    """Let one more post know, from a day on (today) and up to the day before `until`. The keeper does it."""
    day = current().today
    since = since or day
    if since < day:
        raise Refused(_("准入日期已经过去。"), accepted=_("应是今天或以后。"), field="since")
    if until is not None and until <= since:
        raise Refused(_("知悉期限在准入以前就到了。"), accepted=_("应晚于准入日期。"), field="until")
    if channel.members.filter(not_over(day), post=post).exists():
        raise Refused(
            _("%(post)s已经在知悉范围内。") % {"post": post.name},
            accepted=_("要改期限的，请先移出。"),
            field="post",
        )
    made: ChannelMember = ChannelMember.objects.create(channel=channel, post=post, since=since, until=until)
    return made


@action(LedgerVerb.DISMISS, may=may_keep_channels)
def dismiss(channel: RestrictedChannel, *, post: Post, reason: str, actor: Actor) -> None:
    """A post may not know any more, from today on. One keeper always stays, or nobody could open the channel."""
    day = current().today
    member = channel.members.filter(not_over(day), post=post).first()
    if member is None:
        raise Refused(_("%(post)s不在知悉范围内。") % {"post": post.name}, field="post")
    others = channel.members.filter(in_force(day), until=None).exclude(post=post)
    if not others.filter(
        in_force(day, "post__role_grants__"),
        post__role_grants__role=Role.CHANNEL_KEEPER,
        post__closed_on=None,
    ).exists():
        raise Refused(
            _("移出以后这条专线就没有保管岗了。"), accepted=_("请先准入另一个专线保管岗。"), field="post"
        )
    current().because(refuse_empty(reason, _("理由")))
    # Who was let in from a later day on never knew: the span is empty.
    member.until = max(day, member.since)
    member.save()


def hold_clue(text: str, *, jurisdiction: Unit, origin: uuid.UUID) -> Clue:
    """Inside an action: seal text that looks like a clue for its receiver; nothing of it stays in the ledger."""
    act = current()
    grant = (
        RoleGrant.objects.filter(in_force(act.today), role=Role.CHANNEL_KEEPER, post__closed_on=None)
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
    current().fact(clue, erased=[str(payload.pk)])
    if key is not None:
        key.wrapped, key.destroyed_at = None, current().now
        key.save()
