"""`bihuan demo` from an empty folder to its last line, as `make demo` runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.installation.conftest import temporary_data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEPS = 13

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bihuan(tmp_path: Path) -> Iterator[Run]:
    """The command line over a data folder of its own, in Chinese."""
    with temporary_data_folder(tmp_path) as folder:

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "bihuan.cli", *arguments],
                env={**os.environ, "BIHUAN_DATA": str(folder), "BIHUAN_LANGUAGE": "zh-hans"},
                capture_output=True,
                text=True,
                timeout=1200,
                check=False,
            )

        yield run


@pytest.mark.long
def test_the_demonstration_runs_to_its_end_and_verifies(bihuan: Run) -> None:
    first = bihuan("demo")
    assert first.returncode == 0, first.stdout[-2000:] + first.stderr[-4000:]
    numbered = re.findall(r"^ *(\d+)\. ", first.stdout, flags=re.MULTILINE)
    assert [int(number) for number in numbered] == list(range(1, STEPS + 1)), first.stdout
    assert "shenyan" in first.stdout

    again = bihuan("demo")
    assert (again.returncode, "演示市已经建好" in again.stdout) == (0, True)

    verified = bihuan("verify", "--derived")
    assert verified.returncode == 0, verified.stdout
