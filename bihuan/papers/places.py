"""Where papers and their templates stand in the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.organizations.models import Role
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def may_see(request: HttpRequest) -> bool:
    """Whoever sees business; administrators do not."""
    return not sight_of(getattr(request, "actor", None)).nothing


def keeps_templates(request: Any) -> bool:
    """The rectification office."""
    seat = getattr(request, "seat_in_use", None)
    return seat is not None and bool({Role.COORDINATOR, Role.REVIEWER} & set(seat.roles))


PLACES = [
    {"key": "papers", "label": _("文书"), "url_name": "papers:list", "order": 115, "visible": may_see},
    {
        "key": "paper_templates",
        "label": _("文书模板"),
        "url_name": "papers:templates",
        "order": 193,
        "visible": keeps_templates,
        "claims": [
            "papers:templates", "papers:template", "papers:edit_template", "papers:withdraw_template",
        ],
    },
]  # fmt: skip
