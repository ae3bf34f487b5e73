"""A database's address as Django wants it: from a URL, or from the embedded server's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from bihuan.installation.errors import ConfigurationError
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from bihuan.installation.folders import Layout

ENGINE = "django.db.backends.postgresql"
DATABASE = "bihuan"
OWNER_ROLE = "bihuan_owner"
RUNNING_ROLE = "bihuan"
ADMINISTRATOR_ROLE = "bihuan_admin"
PORT = "5432"
CONNECT_SECONDS = 5

Connection = dict[str, Any]


def embedded(layout: Layout, *, role: str, password: str) -> Connection:
    return {
        "ENGINE": ENGINE,
        "NAME": DATABASE,
        "USER": role,
        "PASSWORD": password,
        "HOST": str(layout.socket),
        "PORT": PORT,
        "OPTIONS": {},
    }


def from_url(url: str, *, variable: str) -> Connection:
    """`postgresql://user:password@host:port/name?sslmode=…`; a socket folder goes in as `?host=/path`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise _unreadable(
            variable, phrase("只支持 postgresql:// 地址", "only postgresql:// addresses are understood")
        )
    try:
        port = parts.port
    except ValueError as error:
        raise _unreadable(variable, phrase("端口不是数字", "the port is not a number")) from error
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.removeprefix("/"))
    user = unquote(parts.username or "")
    if not name or not user:
        raise _unreadable(
            variable, phrase("缺少数据库名或用户名", "the database's name or the user is missing")
        )
    return {
        "ENGINE": ENGINE,
        "NAME": name,
        "USER": user,
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def connect(address: Connection) -> psycopg.Connection:
    """A plain connection, each statement its own transaction, with what Django would connect with."""
    return psycopg.connect(
        host=address["HOST"] or None,
        port=address["PORT"] or None,
        dbname=address["NAME"],
        user=address["USER"],
        password=address["PASSWORD"] or None,
        autocommit=True,
        **{"connect_timeout": CONNECT_SECONDS, **address["OPTIONS"]},
    )


def _unreadable(variable: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        phrase(
            "环境变量 {variable} 无法识别:{why}", "cannot read {variable}: {why}", variable=variable, why=why
        ),
        variable=variable,
        mend=phrase(
            "应形如 postgresql://用户:密码@主机:5432/数据库",
            "It should look like postgresql://user:password@host:5432/database",
        ),
    )
