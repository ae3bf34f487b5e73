"""What this room tells the shell: its place in the administration area."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.learning.policy import DESKS


def _at_a_desk(request: Any) -> bool:
    seat = getattr(request, "seat_in_use", None)
    return seat is not None and bool(set(DESKS) & set(seat.roles))


PLACES = [
    {
        "key": "learning",
        "label": _("分类学习"),
        "url_name": "learning:page",
        "order": 193,
        "visible": _at_a_desk,
        "claims": ["learning"],
    }
]
