"""What `tests.environment` promises of the processes tests run in."""

from __future__ import annotations

import os
import subprocess
import sys


def test_children_do_not_compile_the_program_anew():
    """Not even where the shell asked for that: it takes longer than most tests."""
    asked = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    told = "import sys; import tests.environment; import os; print(sys.dont_write_bytecode, 'PYTHONDONTWRITEBYTECODE' in os.environ)"
    done = subprocess.run([sys.executable, "-c", told], env=asked, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
