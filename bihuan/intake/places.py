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
    }
]
