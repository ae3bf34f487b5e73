"""What a process of its own does for `fill`. It is imported before Django is set up there, so it imports late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bihuan.demo.bench.template import Template

_templates: list[Template] = []


def begin(address: dict[str, dict[str, Any]]) -> None:
    """Set Django up, look at the database the parent looks at, and take the streams apart that are copied.

    A crash may lose the last copies, as it may lose any fill: nobody waits for the disk.
    """
    import django
    from django.db import connection, connections

    django.setup()
    for alias, settings_dict in address.items():
        connections[alias].settings_dict.update(settings_dict)
    from bihuan.demo.bench.template import templates

    _templates[:] = templates()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def load_serials(serials: Sequence[int]) -> int:
    """Load the copies with these serial numbers; returns how many events they have."""
    from django.db import connection

    from bihuan.demo.bench.copies import load_copies

    return load_copies(connection.connection, _templates, serials)
