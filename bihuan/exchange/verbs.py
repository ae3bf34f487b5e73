"""The verbs of this room."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class ExchangeVerb(StrEnum):
    """What can be done to keys."""

    MAKE_KEY = "exchange.make_key"
    WITHDRAW_KEY = "exchange.withdraw_key"


LABELS = {ExchangeVerb.MAKE_KEY: _("签发接口密钥"), ExchangeVerb.WITHDRAW_KEY: _("停用接口密钥")}
