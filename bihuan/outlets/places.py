"""What this room tells the shell: where one's own choice stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def own_links(request: Any) -> list[dict[str, Any]]:
    """What one is told outside the program."""
    if getattr(request, "person", None) is None:
        return []
    return [{"words": _("消息接收"), "url": reverse("outlets:choose")}]


SHELL = {"account_links": own_links}
