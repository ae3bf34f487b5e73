"""Where self-inspection stands in the navigation: for the office, and for whoever was ever called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.drives.queries import calls_of, to_answer
from bihuan.intake.policy import has_desk
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def has_a_part(request: HttpRequest) -> bool:
    """The two desks of the office, and units with a line to answer or answered."""
    actor = getattr(request, "actor", None)
    if actor is None or sight_of(actor).nothing:
        return False
    return has_desk(actor) or bool(calls_of(actor))


def waiting_here(request: Any) -> int | None:
    """What waits for this very person's answer."""
    return len(to_answer(request.actor)) or None


PLACES = [
    {
        "key": "drives",
        "label": _("自查"),
        "url_name": "drives:list",
        "order": 35,
        "icon": "columns",
        "count": waiting_here,
        "visible": has_a_part,
    }
]
