"""The ways out of the program there are."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How an outlet reaches people: by mail and short message each for themselves, by a robot a group together."""

    MAIL = "mail", _("电子邮件")
    SMS = "sms", _("短信网关")
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")


ROBOTS: Final = frozenset({Way.WECOM, Way.DINGTALK, Way.FEISHU})
PERSONAL: Final = frozenset({Way.MAIL, Way.SMS})
