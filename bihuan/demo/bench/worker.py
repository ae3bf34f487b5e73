"""What a process of its own does for `fill`. It is imported before Django is set up there, so it imports late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bihuan.demo.bench.template import Template

_templates: list[Template] = []


def begin(address: dict[str, dict[str, Any]]) -> None:
    """As `look_at`; and take the streams apart that are copied."""
    look_at(address)
    from bihuan.demo.bench.template import templates

    _templates[:] = templates()


def load_serials(serials: Sequence[int]) -> int:
    """Load the copies with these serial numbers; returns how many events they have."""
    from django.db import connection

    from bihuan.demo.bench.copies import load_copies

    return load_copies(connection.connection, _templates, serials)


def look_at(address: dict[str, dict[str, Any]]) -> None:
    """Set Django up and look at the database the parent looks at.

    A crash may lose the last rows, as it may lose any fill: nobody waits for the disk.
    """
    import django
    from django.db import connection, connections

    django.setup()
    for alias, settings_dict in address.items():
        connections[alias].settings_dict.update(settings_dict)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def fill_reports(serials: Sequence[int], of: int) -> int:
    """Load the made-up reports with these numbers; returns how many."""
    from bihuan.demo.bench.report_rows import load

    return load(serials, of)
