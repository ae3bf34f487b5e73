"""Where intake stands in the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.intake.policy import has_desk
from bihuan.intake.queries import waiting_batches

if TYPE_CHECKING:
    from django.http import HttpRequest


def may_see_intake(request: HttpRequest) -> bool:
    """The two desks of the rectification office."""
    return has_desk(getattr(request, "actor", None))


def may_see_language_model(request: HttpRequest) -> bool:
    """The three administrators, who answer for what leaves, and the two desks, who work with what comes back."""
    seat = getattr(request, "seat_in_use", None)
    return seat is not None and (seat.administers or may_see_intake(request))


def open_batches(request: HttpRequest) -> int | None:
    """Batches not sealed yet."""
    return waiting_batches(getattr(request, "actor", None)) or None


PLACES = [
    {
        "key": "intake",
        "label": _("摸底"),
        "url_name": "intake:list",
        "order": 30,
        "icon": "intake",
        "count": open_batches,
        "visible": may_see_intake,
    },
    {
        "key": "language_model",
        "label": _("语言模型"),
        "url_name": "intake:language_model",
        "order": 194,
        "visible": may_see_language_model,
        "claims": ["intake:language_model"],
    },
]
