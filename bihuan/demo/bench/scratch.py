"""A database of a benchmark's own on the same server: what it is filled with never touches the demonstration's ledger."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from bihuan.installation.connections import connect

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def scratch_database(name: str, *, keep: bool = False) -> Iterator[None]:
    """All connections lead to the named database meanwhile; it is made and migrated where it is not there.

    Kept, it is found again as it was left; otherwise it goes at the end.
    """
    try:
        if not _exists(name):
            _make(name)
        with _pointed_at(name, settings.CONFIGURATION.database):
            yield
    finally:
        if not keep:
            _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def drop_scratch(name: str) -> None:
    """Begin again from nothing."""
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def owner_of_scratch(name: str) -> dict[str, Any]:
    """The address of the scratch database for the schema's owner."""
    return {**settings.CONFIGURATION.owner_database, "NAME": name}


def _exists(name: str) -> bool:
    with connect(settings.CONFIGURATION.owner_database) as owner:
        found = owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return found is not None


def _make(name: str) -> None:
    _administer("CREATE DATABASE {}", name)
    # As in an installation: who may make temporary tables could put them before the real ones.
    _administer("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", name)
    with _pointed_at(name, settings.CONFIGURATION.owner_database):
        call_command("migrate", verbosity=0, interactive=False)


def _administer(statement: str, name: str) -> None:
    with connect(settings.CONFIGURATION.owner_database) as owner:
        owner.execute(sql.SQL(statement).format(sql.Identifier(name)))


@contextmanager
def _pointed_at(name: str, address: dict[str, Any]) -> Iterator[None]:
    before = {alias: dict(connections[alias].settings_dict) for alias in connections}
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict.update({**address, "NAME": name})
    try:
        yield
    finally:
        connections.close_all()
        for alias, old in before.items():
            connections[alias].settings_dict.update(old)
