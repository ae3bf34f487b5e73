"""Where monthly reviews stand in the navigation: for the office, whoever was ever called, and whoever is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.organizations.sight import sight_of
from bihuan.reviews.queries import office_of, requests_waiting, sheets_of_own_unit, to_answer

if TYPE_CHECKING:
    from django.http import HttpRequest


def has_a_part(request: HttpRequest) -> bool:
    """The two desks of the office, units with a sheet, and those of whom something is asked."""
    actor = getattr(request, "actor", None)
    if actor is None or sight_of(actor).nothing:
        return False
    return office_of(actor) is not None or bool(sheets_of_own_unit(actor)) or bool(requests_waiting(actor))


def waiting_here(request: Any) -> int | None:
    """What waits for this very person."""
    return len(to_answer(request.actor)) + len(requests_waiting(request.actor)) or None


PLACES = [
    {
        "key": "reviews",
        "label": _("月调度"),
        "url_name": "reviews:list",
        "order": 36,
        "icon": "calendar",
        "count": waiting_here,
        "visible": has_a_part,
    }
]
