"""Test databases: one template a schema, migrated once as the owner; every worker and every committing test copies it.

Tests run as the running role, which owns nothing, so what the program may not do its tests may not do either. The
journal's triggers are never disabled: a test that needs real commits gets a database of its own and throws it away.
"""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
SCHEMA_FILES = (
    "bihuan/*/migrations/*.py",
    "bihuan/journal/guards.py",
    "bihuan/*/models.py",
    "bihuan/*/models/*.py",
)


def owner() -> dict[str, Any]:
    return dict(settings.CONFIGURATION.owner_database)


def administer(statement: str, **names: str) -> None:
    """Run one statement about databases as their owner."""
    with psycopg.connect(
        **parameters(owner(), settings.CONFIGURATION.owner_database["NAME"]), autocommit=True
    ) as c:
        c.execute(sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()}))


def parameters(database: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "host": database["HOST"],
        "port": database["PORT"] or None,
        "user": database["USER"],
        "password": database["PASSWORD"],
        "dbname": name,
        **database["OPTIONS"],
    }


@cache
def schema() -> str:
    """A short name for the schema these files make; another one, another name."""
    digest = hashlib.sha256()
    for pattern in SCHEMA_FILES:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def template() -> str:
    """The name of the migrated template for this schema, made if it is not there; safe among workers."""
    name = f"bihuan_template_{schema()}"
    lock = Path(tempfile.gettempdir()) / f"bihuan-template-{settings.CONFIGURATION.data_folder.name}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not exists(name):
            _make(name)
    return name


def exists(name: str) -> bool:
    with psycopg.connect(**parameters(owner(), settings.CONFIGURATION.owner_database["NAME"])) as connection:
        return (
            connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        )


def _make(name: str) -> None:
    half = f"{name}_half"
    administer("DROP DATABASE IF EXISTS {half} WITH (FORCE)", half=half)
    administer("CREATE DATABASE {half}", half=half)
    with pointed_at(half, owner()):
        call_command("migrate", verbosity=0, interactive=False)
    # Only a template that was finished bears the name others look for.
    administer("ALTER DATABASE {half} RENAME TO {name}", half=half, name=name)


@contextmanager
def pointed_at(name: str, database: dict[str, Any] | None = None) -> Iterator[None]:
    """All of Django's connections lead to the named database meanwhile, as the running role if not told otherwise."""
    wanted = {**(database or settings.CONFIGURATION.database), "NAME": name}
    before = {alias: dict(connections[alias].settings_dict) for alias in connections}
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict.update(wanted)
    try:
        yield
    finally:
        connections.close_all()
        for alias, old in before.items():
            connections[alias].settings_dict.update(old)


@contextmanager
def copy_of_template() -> Iterator[str]:
    """A database of one's own, dropped at the end."""
    name = f"bihuan_test_{uuid.uuid4().hex[:12]}"
    # By its files: the other way writes every page into the log, for a server that is not even durable.
    administer(
        "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy", name=name, template=template()
    )
    # A copy brings no rights along: in an installation the running role makes no temporary tables either.
    administer("REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC", name=name)
    try:
        yield name
    finally:
        _drop(name)


def _drop(name: str) -> None:
    """Drop a database; PostgreSQL's own cleaner may be in it just then, and nobody but it may send that away."""
    for attempt in range(20):
        try:
            administer("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            time.sleep(0.2 * (attempt + 1))
        else:
            return
    administer("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)
