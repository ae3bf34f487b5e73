"""Where the assignment orders stand in the navigation: for the rectification office, which drafts and issues them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.organizations.authority import has_role
from bihuan.organizations.models import Role
from bihuan.rectification.queries import to_issue

if TYPE_CHECKING:
    from django.http import HttpRequest


def works_in_the_office(request: HttpRequest) -> bool:
    """The preparer and the reviewer."""
    actor = getattr(request, "actor", None)
    return actor is not None and has_role(actor, Role.COORDINATOR, Role.REVIEWER)


def orders_to_issue(request: HttpRequest) -> int | None:
    """Approved orders that wait to be issued."""
    actor = getattr(request, "actor", None)
    return (to_issue(actor).count() or None) if actor is not None else None


PLACES = [
    {
        "key": "orders",
        "label": _("交办单"),
        "url_name": "rectification:orders",
        "order": 35,
        "icon": "file",
        "visible": works_in_the_office,
        "count": orders_to_issue,
        "claims": [
            f"rectification:{name}"
            for name in (
                "order",
                "draft_order",
                "edit_order",
                "edit_item",
                "order_sheet",
                "remove_item",
                "submit_order",
                "issue_order",
                "withdraw_order",
            )
        ],
    }
]
