"""Why something did not go out.

NotSent          the receiver did not take it; says why, in a word of ours and in the receiver's own words
└── NotAllowedOut   the address is one this outlet may not reach; trying again would change nothing
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Why(StrEnum):
    """The reasons, as they are stored; their words stand in `LABELS`."""

    ADDRESS = "address"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    TIME = "time"
    CERTIFICATE = "certificate"
    REDIRECTED = "redirected"
    STATUS = "status"
    TOO_LARGE = "too_large"
    NONSENSE = "nonsense"
    DECLINED = "declined"
    CREDENTIALS = "credentials"
    RECIPIENT = "recipient"
    NO_RECIPIENT = "no_recipient"
    SWITCHED_OFF = "switched_off"
    NO_SECRET = "no_secret"  # noqa: S105  (that there is none)
    UNFORESEEN = "unforeseen"


LABELS: Final = {
    Why.ADDRESS: _("地址不在允许的范围内"),
    Why.UNRESOLVED: _("域名解析不到地址"),
    Why.UNREACHABLE: _("连接不上，或对方提前断开"),
    Why.TIME: _("对方没有在限定时间内答复"),
    Why.CERTIFICATE: _("对方的证书不可信"),
    Why.REDIRECTED: _("对方要求转到别处，程序不跟随"),
    Why.STATUS: _("对方答复了错误状态"),
    Why.TOO_LARGE: _("对方的答复过长"),
    Why.NONSENSE: _("对方的答复看不懂"),
    Why.DECLINED: _("对方没有接受"),
    Why.CREDENTIALS: _("用户名或密码不被接受"),
    Why.RECIPIENT: _("对方不接受这个收件地址"),
    Why.NO_RECIPIENT: _("收件人没有登记联系方式"),
    Why.SWITCHED_OFF: _("渠道已停用"),
    Why.NO_SECRET: _("没有密钥，或密钥打不开"),
    Why.UNFORESEEN: _("程序没有料到的错误"),
}
# Trying again changes nothing until a person changes something.
FOR_GOOD: Final = frozenset({Why.ADDRESS, Why.RECIPIENT, Why.NO_RECIPIENT, Why.SWITCHED_OFF, Why.NO_SECRET})
# It concerns this one letter; what else waits on the outlet may go on.
OF_ONE_LETTER: Final = frozenset({Why.RECIPIENT, Why.NO_RECIPIENT})


class NotSent(Exception):
    """The receiver did not take it. `words` are the receiver's own; `sending.send` scrubs and shortens them."""

    def __init__(self, why: Why, words: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.words = words


class NotAllowedOut(NotSent):
    """The outlet may not reach this address."""

    def __init__(self, words: str = "") -> None:
        super().__init__(Why.ADDRESS, words)
