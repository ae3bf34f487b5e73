"""Where the sittings stand in the navigation: for the office, and for whoever closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.organizations.models import Role

if TYPE_CHECKING:
    from django.http import HttpRequest


def takes_part(request: HttpRequest) -> bool:
    """The office and the deciders; a chair of a leading group finds a sitting through the desk of the office."""
    seat: Any = getattr(request, "seat_in_use", None)
    wanted = {Role.COORDINATOR, Role.REVIEWER, Role.DECIDER}
    return seat is not None and bool(wanted & set(seat.roles))


PLACES = [
    {
        "key": "sittings",
        "label": _("销号会审"),
        "url_name": "sittings:list",
        "order": 108,
        "visible": takes_part,
    }
]
