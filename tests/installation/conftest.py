from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING

import pytest

from bihuan.installation import processes
from bihuan.installation.configuration import Configuration, read_configuration
from bihuan.installation.embedded import EmbeddedServer
from bihuan.installation.folders import SYSTEM_FOLDER

if TYPE_CHECKING:
    from pathlib import Path


@contextlib.contextmanager
def temporary_data_folder(tmp_path: Path):
    # As root the server's own user must reach the folder, and pytest's are closed to it.
    folder = SYSTEM_FOLDER / f"test-{uuid.uuid4().hex[:8]}" if os.geteuid() == 0 else tmp_path / "data"
    try:
        yield folder
    finally:
        cluster = folder / "postgresql" / "data"
        if found := processes.postmaster(cluster):
            os.kill(found.pid, signal.SIGQUIT)
        processes.end(processes.left_behind(cluster))
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_folder(tmp_path: Path):
    with temporary_data_folder(tmp_path) as folder:
        yield folder


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory):
    """A data folder with cluster, roles and the small project's schema, at rest; made once, then copied."""
    with temporary_data_folder(tmp_path_factory.mktemp("migrated")) as folder:
        subprocess.run(
            [sys.executable, "-m", "bihuan.cli", "migrate", "--verbosity", "0"],
            env={
                **os.environ,
                "BIHUAN_DATA": str(folder),
                "DJANGO_SETTINGS_MODULE": "tests.installation.small_settings",
            },
            check=True,
            timeout=300,
        )
        yield folder


@pytest.fixture
def migrated_copy(tmp_path: Path, migrated_folder: Path):
    with temporary_data_folder(tmp_path) as folder:
        subprocess.run(["cp", "--archive", str(migrated_folder), str(folder)], check=True)
        yield folder


@pytest.fixture
def configuration(data_folder: Path) -> Configuration:
    return read_configuration({"BIHUAN_DATA": str(data_folder)})


@pytest.fixture
def server(configuration: Configuration) -> EmbeddedServer:
    return EmbeddedServer(configuration.layout, durable=False)


@pytest.fixture(scope="module")
def shared_configuration(tmp_path_factory: pytest.TempPathFactory):
    """A running server that the tests of one file share; they may look, not break."""
    with temporary_data_folder(tmp_path_factory.mktemp("shared")) as folder:
        configuration = read_configuration({"BIHUAN_DATA": str(folder)})
        EmbeddedServer(configuration.layout, durable=False).ensure_running()
        yield configuration
