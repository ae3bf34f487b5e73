"""What a further process does at an import. It is read before Django is set up there, so it imports late."""

from __future__ import annotations

import os
import signal
from typing import Any


def lend(run: str, there: dict[str, dict[str, Any]], parent: int) -> None:
    """Enter blocks of this run in the databases `there`, until none is left or the parent has ended."""
    from bihuan.installation.child import end_with_parent

    end_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        return
    import django
    from django.db import connections

    django.setup()
    for alias, settings in there.items():
        connections[alias].settings_dict.update(settings)
    from bihuan.intake.imports import runs

    try:
        runs.lend_a_hand(run)
    finally:
        connections.close_all()
