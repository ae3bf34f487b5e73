"""Making and withdrawing keys for programs."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.exchange.models import ApiKey
from bihuan.exchange.verbs import ExchangeVerb
from bihuan.journal.action import Actor, NotVisible, Refused, action, anyone_signed_in, current
from bihuan.organizations.authority import acts_as_administrator, open_post_of
from bihuan.policies.queries import policy_for, quote

if TYPE_CHECKING:
    from bihuan.policies.models import Policy

POLICY: Final = "api_key"


def digest_of(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def policy_at(actor: Actor, on: date) -> Policy:
    """The version that decides for keys of the actor's own post; who may have none is refused here."""
    if acts_as_administrator(actor):
        raise Refused(_("管理员岗位不签发接口密钥。"), accepted=_("请由业务岗位签发。"))
    post = open_post_of(actor)
    if post is None or actor.on_behalf_of is not None:
        raise Refused(_("只能以自己的岗位签发接口密钥。"))
    return policy_for(POLICY, jurisdiction=post.unit, on=on)


@action(ExchangeVerb.MAKE_KEY, may=anyone_signed_in)
def make_key(*, digest: str, purpose: str, expires_on: date, actor: Actor) -> ApiKey:
    """Store the digest of a key made by the caller; it acts for this person in this post until it expires."""
    day = current().today
    longest = quote(policy_at(actor, day)).body["longest_days"]
    if not 0 < (expires_on - day).days <= longest:
        raise Refused(
            _("有效期不合适。"),
            accepted=_("应晚于今天，最长 %(days)d 天。") % {"days": longest},
            field="expires_on",
        )
    made: ApiKey = ApiKey.objects.create(
        person_id=actor.person,
        post_id=actor.post,
        purpose=purpose,
        digest=digest,
        made_at=current().now,
        expires_on=expires_on,
    )
    return made


@action(ExchangeVerb.WITHDRAW_KEY, may=anyone_signed_in)
def withdraw_key(key: ApiKey, *, actor: Actor) -> None:
    """The key opens nothing from now on."""
    if key.person_id != actor.person:
        raise NotVisible(_("没有找到这个密钥。"))
    key.withdrawn_at = key.withdrawn_at or current().now
    key.save()
