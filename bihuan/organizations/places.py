"""What this room tells the shell: the administration area, who is signed in, where they are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.organizations.models import Role
from bihuan.organizations.tables import page_of
from bihuan.organizations.tree import nearest_jurisdiction


def _may_administer(request: Any) -> bool:
    seat = getattr(request, "seat_in_use", None)
    return seat is not None and (seat.administers or Role.COORDINATOR in seat.roles)


def who_is_signed_in(request: Any) -> dict[str, Any] | None:
    """The person, the post in use and the posts they may switch to."""
    person = getattr(request, "person", None)
    if person is None:
        return None
    seat = request.seat_in_use
    return {
        "name": person.name,
        "post": f"{seat.post.unit} · {seat.post.name}" if seat else _("没有岗位"),
        "posts": [
            {
                "id": str(one.post.pk),
                "name": one.post.name,
                "unit": str(one.post.unit),
                "current": one is seat,
                "stands_in_for": one.stands_in_for.name if one.stands_in_for else "",
            }
            for one in request.seats
        ],
    }


def jurisdiction_words(request: Any) -> str:
    """The jurisdiction the post in use belongs to."""
    post = getattr(request, "post_in_use", None)
    found = nearest_jurisdiction(post.unit) if post is not None else None
    return str(found) if found else ""


def own_links(request: Any) -> list[dict[str, Any]]:
    """One's own page, one's own post (where a stand-in is entrusted), and the directory of units."""
    person = getattr(request, "person", None)
    if person is None:
        return []
    links: list[dict[str, Any]] = [{"words": _("我的信息"), "url": page_of(person)}]
    if request.post_in_use is not None:
        links.append({"words": _("我的岗位与代理"), "url": page_of(request.post_in_use)})
    links.append({"words": _("单位与人员"), "url": reverse("organizations:units")})
    return links


PLACES = [
    {
        "key": "administration",
        "label": _("管理"),
        "url_name": "organizations:units",
        "order": 190,
        "visible": _may_administer,
        "claims": ["policies", "calendars", "outlets"],
    }
]
SHELL = {"me": who_is_signed_in, "jurisdiction": jurisdiction_words, "account_links": own_links}
