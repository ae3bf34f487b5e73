"""Loaded before Django's settings (`-p tests.environment`): tests get a data folder of their own.

A test run must never touch a ledger somebody works with, so nothing here reads the usual folder.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from bihuan.installation.folders import default_data_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _test_folder() -> Path:
    usual = default_data_folder()
    # As root the database's own user must reach the folder: beside the usual one, which is closed to it.
    return usual.with_name(f"{usual.name}-test") if os.geteuid() == 0 else usual / "test"


os.environ["BIHUAN_DATA"] = os.environ.get("BIHUAN_TEST_DATA") or str(_test_folder())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
# What somebody exported for the program they run is not meant for its tests.
for _variable in (
    "BIHUAN_DEBUG",
    "BIHUAN_LANGUAGE",
    "BIHUAN_LANGUAGE_MODEL_NAME",
    "BIHUAN_LANGUAGE_MODEL_URL",
    "BIHUAN_LEVEL",
    "BIHUAN_PORT",
    "BIHUAN_TIME_ZONE",
):
    os.environ.pop(_variable, None)

# Containers like to set it, and then every worker and every child of a test compiles the whole program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def ensure_test_server() -> None:
    """Have the embedded server of the test folder running; with DATABASE_URL the server is somebody else's."""
    from bihuan.installation.configuration import read_configuration
    from bihuan.installation.embedded import EmbeddedServer

    configuration = read_configuration()
    if configuration.embedded:
        EmbeddedServer(configuration.layout, durable=False).ensure_running()


def chromium() -> str | None:
    """The path of a browser for journeys, or None where none is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last test run to end stops the test server; workers and other runs keep it by staying."""
    from bihuan.installation.configuration import read_configuration
    from bihuan.installation.embedded import EmbeddedServer

    configuration = read_configuration()
    if configuration.embedded and not hasattr(config, "workerinput"):
        EmbeddedServer(configuration.layout, durable=False).stop()
