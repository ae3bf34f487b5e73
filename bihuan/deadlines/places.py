"""Where the ladder stands in the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.organizations.models import Role
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def may_see(request: HttpRequest) -> bool:
    """The rectification office: it takes up what the program proposes."""
    return bool({Role.COORDINATOR, Role.REVIEWER} & set(sight_of(getattr(request, "actor", None)).roles))


PLACES = [
    {
        "key": "ladder",
        "label": _("督办"),
        "url_name": "deadlines:proposals",
        "order": 105,
        "visible": may_see,
        "claims": [
            "deadlines:request",
            "deadlines:delisting",
            "deadlines:conduct",
            "deadlines:take_up",
            "deadlines:dismiss",
        ],
    }
]
