"""How long something holds: from `since` on, until the first day on which it no longer does.

Half-open everywhere, so that the day somebody hands over belongs to the successor alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from datetime import date


def in_force(on: date, prefix: str = "") -> Q:
    """Rows that hold on a day; `prefix` leads to them over a relation (``"post__role_grants__"``)."""
    return Q(**{f"{prefix}since__lte": on}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": on})
    )


def not_over(on: date, prefix: str = "") -> Q:
    """Rows that hold on a day or will hold later."""
    return Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": on})
