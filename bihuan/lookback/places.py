"""Where looking back stands in the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.lookback.queries import due_lookbacks
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def may_see(request: HttpRequest) -> bool:
    """Whoever sees business; administrators do not."""
    return not sight_of(getattr(request, "actor", None)).nothing


def waiting_here(request: Any) -> int | None:
    """What waits for this very post."""
    return due_lookbacks(request.actor).count() or None


PLACES = [
    {
        "key": "lookback",
        "label": _("回头看"),
        "url_name": "lookback:list",
        "order": 110,
        "count": waiting_here,
        "visible": may_see,
    }
]
