"""What this room tells the shell: the place of rules in the administration area."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.organizations.models import Role


def _makes_rules(request: Any) -> bool:
    seat = getattr(request, "seat_in_use", None)
    return seat is not None and bool({Role.COORDINATOR, Role.REVIEWER} & set(seat.roles))


PLACES = [
    {
        "key": "policies",
        "label": _("规则"),
        "url_name": "policies:list",
        "order": 192,
        "visible": _makes_rules,
        "claims": ["policies"],
    }
]
