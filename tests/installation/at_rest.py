"""A data folder of the whole program, migrated and at rest: made once for a schema, kept, and copied by whoever needs one.

Migrating takes half a minute; `make ci-postgres15` and the demonstration do it from nothing in every run of the CI.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

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
    subprocess.run(
        [sys.executable, "-m", "bihuan.cli", "migrate", "--verbosity", "0"],
        env={**os.environ, "BIHUAN_DATA": str(half), "DJANGO_SETTINGS_MODULE": "bihuan.settings"},
        check=True,
        timeout=600,
    )
    # Only a folder that was finished bears the name others look for.
    half.rename(kept)
