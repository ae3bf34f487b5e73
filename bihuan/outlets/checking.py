"""What an administrator writes down about an outlet is checked before it is kept: nothing half-configured."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Refused
from bihuan.organizations.rules import plain_email
from bihuan.outlets.asking import destination_of
from bihuan.outlets.egress import may_reach
from bihuan.outlets.errors import NotAllowedOut
from bihuan.outlets.gateways import FORMATS, BadTemplate, Template
from bihuan.outlets.ways import ROBOTS, Way

Settings = dict[str, str | int]
Secrets = dict[str, str]

HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+")
SENDER: Final = re.compile(r"(?:[^<>\r\n]*<([^<>\s]+)>|([^<>\s]+))")
MAIL: Final = ("host", "port", "security", "user", "sender")
GATEWAY: Final = ("url", "method", "format", "body", "header", "success_field", "success_value")
SECURITY: Final = {"tls": _("TLS"), "starttls": _("STARTTLS"), "none": _("不加密（仅内网）")}
METHODS: Final = ("POST", "GET")
MOST_PORT: Final = 65535
MOST_PER_MINUTE: Final = {Way.MAIL: 600, Way.SMS: 600}
ROBOTS_PER_MINUTE: Final = 20
"""More than that a minute the office messengers refuse."""


def checked_settings(way: str, settings: Mapping[str, Any], secrets: Secrets, *, intranet: bool) -> Settings:
    """The settings as they are kept; a robot keeps the host of its secret address, for people to see."""
    if way == Way.MAIL:
        found = _only(MAIL, settings)
        _check_mail(found, intranet=intranet)
        return found
    if way in ROBOTS:
        url = secrets.get("url", "")
        host = _checked_url(url, intranet=intranet, field="url")
        return {"host": host}
    found = _only(GATEWAY, settings)
    _check_gateway(found, intranet=intranet)
    return found


def check_pace(way: str, per_minute: int) -> None:
    """Not more than the receivers of a way take."""
    most = MOST_PER_MINUTE.get(Way(way), ROBOTS_PER_MINUTE)
    if not 1 <= per_minute <= most:
        raise Refused(
            _("每分钟的条数不合适。"), accepted=_("请填 1 到 %(most)d。") % {"most": most}, field="per_minute"
        )


def checked_site(site: str) -> str:
    """Where people open the program: the beginning of every link."""
    plain = site.strip().rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", plain):
        raise Refused(
            _("本系统的访问地址不对。"),
            accepted=_("请填形如 https://zg.example.gov.cn 的地址。"),
            field="site",
        )
    return plain


def where_to(way: str, settings: Mapping[str, Any]) -> tuple[Any, ...]:
    """What decides who gets to read the secrets: if it changes, they must be given anew."""
    if way == Way.MAIL:
        return settings["host"], settings["port"], settings["security"], settings["user"]
    if way in ROBOTS:
        return ()
    return (settings["url"],)


def _only(names: tuple[str, ...], settings: Mapping[str, Any]) -> Settings:
    if set(settings) != set(names):
        raise Refused(
            _("渠道的设置不完整。"),
            accepted=_("应有且只有：%(names)s。") % {"names": "、".join(names)},
            field="settings",
        )
    return {
        name: value if name == "port" and isinstance(value, int) else str(value).strip()
        for name, value in settings.items()
    }


def _check_mail(settings: Settings, *, intranet: bool) -> None:
    host, port = str(settings["host"]), settings["port"]
    if not HOST.fullmatch(host) or not isinstance(port, int) or not 0 < port <= MOST_PORT:
        raise Refused(
            _("邮件服务器的地址或端口不对。"), accepted=_("请填主机名或 IP 地址，以及端口。"), field="host"
        )
    _check_literal(host, intranet=intranet, field="host")
    if settings["security"] not in SECURITY or (settings["security"] == "none" and not intranet):
        raise Refused(
            _("发往互联网的邮件必须加密传送。"),
            accepted=_("请选 TLS 或 STARTTLS，或注明对方在内网。"),
            field="security",
        )
    found = SENDER.fullmatch(str(settings["sender"]))
    if found is None or plain_email(found[1] or found[2]) is None:
        raise Refused(
            _("发件人不对。"), accepted=_("请填形如 整改办 <zgb@example.gov.cn> 的发件人。"), field="sender"
        )


def _check_gateway(settings: Settings, *, intranet: bool) -> None:
    _checked_url(str(settings["url"]), intranet=intranet, field="url")
    if settings["method"] not in METHODS or settings["format"] not in FORMATS:
        raise Refused(_("请求方式不对。"), accepted=_("请选 POST 或 GET，JSON 或表单。"), field="method")
    if not settings["success_value"]:
        raise Refused(
            _("没有写明怎样算发送成功。"), accepted=_("请填表示成功的值，如 0。"), field="success_value"
        )
    try:
        Template(**{name: str(value) for name, value in settings.items()}).check()
    except BadTemplate as bad:
        field = str(bad)
        accepted = _("请求头写一行，如 Authorization: Bearer {secret}；请求体写 JSON，或每行一个 名称=值。")
        raise Refused(_("模板看不懂。"), accepted=accepted, field=field) from bad
    if not any("{text}" in str(settings[part]) for part in ("url", "body")):
        raise Refused(_("模板里没有 {text}。"), accepted=_("请写明内容放在哪里。"), field="body")


def _checked_url(url: str, *, intranet: bool, field: str) -> str:
    try:
        host = destination_of(url, intranet=intranet).host
    except NotAllowedOut as error:
        raise Refused(
            _("地址不对。"),
            accepted=_("请填 https 地址；对方在内网的可以用 http。"),
            field=field,
        ) from error
    if not url.isascii() or any(one.isspace() for one in url):
        raise Refused(_("地址不对。"), accepted=_("地址里不能有空格和中文。"), field=field)
    _check_literal(host, intranet=intranet, field=field)
    return host


def _check_literal(host: str, *, intranet: bool, field: str) -> None:
    """An address given as numbers can be judged at once; a name is judged whenever it is resolved."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return
    if not may_reach(host, intranet=intranet):
        raise Refused(
            _("这个地址不在允许的范围内。"),
            accepted=_("内网地址须注明“对方在内网”；链路本地等保留地址一律不允许。"),
            field=field,
        )
