"""The configuration of this installation, read once from the environment and the data folder.

Reading it starts nothing: no server, no connection. What is half said is refused here, before
anything was done with it.
"""

from __future__ import annotations

import os
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bihuan.installation import connections
from bihuan.installation.errors import ConfigurationError
from bihuan.installation.folders import Layout, default_data_folder, make_private
from bihuan.installation.language_model import LanguageModel, read_language_model
from bihuan.installation.secret_files import key_file, text_secret
from bihuan.installation.variables import refused_variable
from bihuan.installation.wording import CHINESE, ENGLISH, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.installation.connections import Connection

LEVELS = ("internet", "government", "classified")
LANGUAGES = (CHINESE, ENGLISH)
ALGORITHMS = ("sha256", "sm3")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})
HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Configuration:
    """All an installation is told from outside.

    `embedded` is true when we run the database ourselves. `database` connects as the running role,
    `owner_database` as the one the schema belongs to. Settings copy them: Django writes into what it is given.
    """

    data_folder: Path
    secret_key: str = field(repr=False)
    debug: bool
    allowed_hosts: list[str]
    trusted_origins: list[str]
    address: str
    embedded: bool
    database: Connection = field(repr=False)
    owner_database: Connection = field(repr=False)
    time_zone: str
    language: str
    installation_level: str
    master_key_file: Path
    signing_key_file: Path
    journal_algorithm: str
    demonstration: bool
    language_model: LanguageModel | None
    host: str
    port: int

    @property
    def layout(self) -> Layout:
        return Layout(self.data_folder)


def read_configuration(environment: Mapping[str, str] | None = None) -> Configuration:
    """Read, check and return it; secrets that are not there yet are made on the way."""
    given = os.environ if environment is None else environment
    layout = Layout(_data_folder(given))
    make_private(layout.data)
    make_private(layout.secrets)
    running, owner = _databases(given, layout)
    return Configuration(
        data_folder=layout.data,
        secret_key=text_secret(layout.secrets / "secret_key"),
        debug=_switch(given, "BIHUAN_DEBUG"),
        allowed_hosts=_items(given, "BIHUAN_ALLOWED_HOSTS") or list(LOCAL_HOSTS),
        trusted_origins=_trusted_origins(given),
        address=_address(given, layout),
        embedded="DATABASE_URL" not in given,
        database=running,
        owner_database=owner,
        time_zone=_time_zone(given),
        language=_one_of(given, "BIHUAN_LANGUAGE", LANGUAGES, default=CHINESE),
        installation_level=_one_of(given, "BIHUAN_LEVEL", LEVELS, default="internet"),
        master_key_file=key_file(layout.secrets / "master_key"),
        signing_key_file=layout.secrets / "signing_key.pem",
        journal_algorithm=_one_of(given, "BIHUAN_JOURNAL_ALGORITHM", ALGORITHMS, default="sha256"),
        demonstration=layout.demonstration_marker.is_file(),
        language_model=read_language_model(given, layout.secrets),
        host=given.get("BIHUAN_HOST", "").strip() or "127.0.0.1",
        port=_port(given),
    )


def _data_folder(given: Mapping[str, str]) -> Path:
    named = given.get("BIHUAN_DATA", "").strip()
    if not named:
        return default_data_folder()
    folder = Path(named).expanduser()
    if not folder.is_absolute():
        raise refused_variable("BIHUAN_DATA", named, phrase("一个绝对路径", "an absolute path"))
    return folder.resolve()


def _databases(given: Mapping[str, str], layout: Layout) -> tuple[Connection, Connection]:
    url, owner_url = given.get("DATABASE_URL"), given.get("BIHUAN_OWNER_DATABASE_URL")
    if url is None and owner_url is None:
        return _embedded_databases(layout)
    if not url or not owner_url:
        missing = "BIHUAN_OWNER_DATABASE_URL" if url else "DATABASE_URL"
        raise ConfigurationError(
            phrase(
                "使用外部数据库时还缺少 {missing}",
                "an external database also needs {missing}",
                missing=missing,
            ),
            variable=missing,
            mend=phrase(
                "程序以无权改表的角色运行(DATABASE_URL),结构变更由所有者角色执行(BIHUAN_OWNER_DATABASE_URL);两者都要给出。",
                "The program runs as a role that may not alter tables (DATABASE_URL); the schema belongs to "
                "another one (BIHUAN_OWNER_DATABASE_URL). Give both, or neither for the embedded server.",
            ),
        )
    running = connections.from_url(url, variable="DATABASE_URL")
    owner = connections.from_url(owner_url, variable="BIHUAN_OWNER_DATABASE_URL")
    _refuse_mismatch(running, owner)
    return running, owner


def _refuse_mismatch(running: Connection, owner: Connection) -> None:
    if running["USER"] == owner["USER"]:
        raise ConfigurationError(
            phrase(
                "DATABASE_URL 与 BIHUAN_OWNER_DATABASE_URL 用了同一个角色 {role}",
                "DATABASE_URL and BIHUAN_OWNER_DATABASE_URL name the same role {role}",
                role=running["USER"],
            ),
            variable="DATABASE_URL",
            mend=phrase(
                "所有者可以停用触发器,日志就不再可信:请另建一个运行角色。",
                "An owner can disable triggers, and the journal would prove nothing: create a second role.",
            ),
        )
    if any(running[part] != owner[part] for part in ("NAME", "HOST", "PORT")):
        raise ConfigurationError(
            phrase(
                "DATABASE_URL 与 BIHUAN_OWNER_DATABASE_URL 指向不同的数据库",
                "DATABASE_URL and BIHUAN_OWNER_DATABASE_URL point to different databases",
            ),
            variable="BIHUAN_OWNER_DATABASE_URL",
            mend=phrase("主机、端口和数据库名必须一致。", "Host, port and database name must be equal."),
        )


def _embedded_databases(layout: Layout) -> tuple[Connection, Connection]:
    running, owner = (
        connections.embedded(layout, role=role, password=text_secret(layout.secrets / f"password_{role}"))
        for role in (connections.RUNNING_ROLE, connections.OWNER_ROLE)
    )
    return running, owner


def _items(given: Mapping[str, str], variable: str) -> list[str]:
    return [item.strip() for item in given.get(variable, "").split(",") if item.strip()]


def _trusted_origins(given: Mapping[str, str]) -> list[str]:
    origins = _items(given, "BIHUAN_TRUSTED_ORIGINS")
    for origin in origins:
        if not origin.startswith(("http://", "https://")):
            raise refused_variable("BIHUAN_TRUSTED_ORIGINS", origin, "https://zg.example.gov.cn")
    return origins


def _address(given: Mapping[str, str], layout: Layout) -> str:
    """Where people reach this installation, as papers print it; empty where nobody said so."""
    address = given.get("BIHUAN_ADDRESS", "").strip().rstrip("/")
    if address:
        if not address.startswith(("http://", "https://")) or len(address.split()) != 1:
            raise refused_variable("BIHUAN_ADDRESS", address, "https://zg.example.gov.cn")
        return address
    if origins := [one for one in _trusted_origins(given) if "*" not in one]:
        return origins[0].rstrip("/")
    # A demonstration is looked at where it runs; a printed address of one's own machine leads nobody else anywhere.
    if layout.demonstration_marker.is_file():
        return f"http://127.0.0.1:{_port(given)}"
    return ""


def _switch(given: Mapping[str, str], variable: str) -> bool:
    value = given.get(variable, "").strip().lower()
    if value in YES:
        return True
    if value in NO:
        return False
    raise refused_variable(variable, value, "1 | 0")


def _one_of(given: Mapping[str, str], variable: str, accepted: tuple[str, ...], *, default: str) -> str:
    value = given.get(variable, "").strip().lower() or default
    if value not in accepted:
        raise refused_variable(variable, value, " | ".join(accepted))
    return value


def _time_zone(given: Mapping[str, str]) -> str:
    name = given.get("BIHUAN_TIME_ZONE", "").strip() or "Asia/Shanghai"
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refused_variable("BIHUAN_TIME_ZONE", name, "Asia/Shanghai, Asia/Urumqi") from error
    return name


def _port(given: Mapping[str, str]) -> int:
    value = given.get("BIHUAN_PORT", "").strip() or "8000"
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= HIGHEST_PORT:
        raise refused_variable("BIHUAN_PORT", value, "1-65535")
    return int(value)
