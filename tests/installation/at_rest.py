"""A data folder of the whole program, migrated and at rest: made once for a schema, kept, and copied by whoever needs one.

Migrating takes half a minute, so its schema is that of the migrated template all tests copy, carried over by PostgreSQL's
own programs; `make ci-postgres15` and the demonstration migrate from nothing in every run of the CI.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bihuan.installation.configuration import read_configuration
from bihuan.installation.embedded import EmbeddedServer
from tests import databases
from tests.installation.conftest import temporary_data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_program(tmp_path: Path) -> Iterator[Path]:
    """A data folder of one's own, thrown away at the end."""
    with temporary_data_folder(tmp_path) as folder:
        subprocess.run(["cp", "--archive", str(_kept()), str(folder)], check=True)
        yield folder


def _kept() -> Path:
    """The folder others copy, beside that of the tests; safe among workers."""
    beside = Path(settings.CONFIGURATION.data_folder)
    kept = beside.with_name(f"{beside.name}-at-rest-{databases.schema()}")
    lock = Path(tempfile.gettempdir()) / f"bihuan-at-rest-{beside.name}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not kept.exists():
            for older in beside.parent.glob(f"{beside.name}-at-rest-*"):
                shutil.rmtree(older)
            _make(kept)
    return kept


def _make(kept: Path) -> None:
    half = kept.with_name(f"{kept.name}-half")
    shutil.rmtree(half, ignore_errors=True)
    fresh = read_configuration({"BIHUAN_DATA": str(half)})
    server = EmbeddedServer(fresh.layout)
    server.ensure_running()
    try:
        _carry_over(server, fresh.owner_database)
    finally:
        server.stop(even_if_used=True)
    # Only a folder that was finished bears the name others look for.
    half.rename(kept)


def _carry_over(server: EmbeddedServer, database: dict[str, Any]) -> None:
    """The schema and the rows of the template, as the owner, who owns them there too."""
    dump = [server.program("pg_dump"), "--format=custom", *_address(databases.owner()), databases.template()]
    restore = [
        server.program("pg_restore"),
        "--exit-on-error",
        *_address(database),
        "--dbname",
        database["NAME"],
    ]
    with tempfile.TemporaryFile() as carried:
        subprocess.run(dump, stdout=carried, env=_password(databases.owner()), check=True, timeout=300)
        carried.seek(0)
        subprocess.run(restore, stdin=carried, env=_password(database), check=True, timeout=300)


def _address(database: dict[str, Any]) -> list[str]:
    return ["--host", database["HOST"], "--port", str(database["PORT"]), "--username", database["USER"]]


def _password(database: dict[str, Any]) -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": database["PASSWORD"]}
