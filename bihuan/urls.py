"""Every address of the program, one line a room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bihuan.exchange.api import routes

ROOMS = {
    "": "web",
    "ledger/": "ledger",
    "organizations/": "organizations",
    "policies/": "policies",
    "calendars/": "calendars",
    "approvals/": "approvals",
    "files/": "files",
    "messages/": "messages",
    "outlets/": "outlets",
    "learning/": "learning",
    "intake/": "intake",
    "rectification/": "rectification",
    "lookback/": "lookback",
    "authenticity/": "authenticity",
    "papers/": "papers",
    "deadlines/": "deadlines",
    "keys/": "exchange",
    "drives/": "drives",
    "sittings/": "sittings",
    "reviews/": "reviews",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("", include("bihuan.desk.urls")),
    path("api/", routes()),
    *(path(prefix, include(f"bihuan.{room}.urls")) for prefix, room in ROOMS.items()),
]

handler400 = "bihuan.web.views.bad_request"
handler403 = "bihuan.web.views.permission_denied"
handler404 = "bihuan.web.views.page_not_found"
handler500 = "bihuan.web.views.server_error"
