"""What a process of its own does for `verify`. It is imported before Django is set up there, so it imports late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bihuan.journal.verify.report import Tally


def begin(address: dict[str, dict[str, Any]]) -> None:
    """Set Django up, and look at the database the parent looks at."""
    import django
    from django.db import connections

    django.setup()
    for alias, settings_dict in address.items():
        connections[alias].settings_dict.update(settings_dict)


def verify_named(name: str) -> tuple[str, Tally]:
    """Verify one partition in a snapshot."""
    from bihuan.journal.verify.partition import verify_partition
    from bihuan.journal.verify.whole import snapshot

    with snapshot():
        return name, verify_partition(name)
