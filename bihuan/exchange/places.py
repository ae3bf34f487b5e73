"""Where one's own keys stand: under one's name, for those whose duty is business."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def own_links(request: Any) -> list[dict[str, Any]]:
    """The page of keys; administrators make none."""
    seat = getattr(request, "seat_in_use", None)
    if seat is None or seat.administers:
        return []
    return [{"words": _("接口密钥"), "url": reverse("exchange:keys")}]


SHELL = {"account_links": own_links}
