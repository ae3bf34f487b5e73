"""The row of tabs over the lists of the administration area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from bihuan.organizations.views.oversight import sections_for

if TYPE_CHECKING:
    from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def administration_tabs(context: Context, current: str = "") -> dict[str, Any]:
    """Tabs as the piece `saved_views` draws them."""
    views = [
        {"name": one["words"], "url": one["url"], "current": one["key"] == current}
        for one in sections_for(context["request"])
    ]
    return {"views": views}
