"""Every address of the program, one line a room."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from bihuan.exchange.api import api

ROOMS = {
    "": "web",
    "ledger/": "ledger",
    "organizations/": "organizations",
    "policies/": "policies",
    "calendars/": "calendars",
    "approvals/": "approvals",
    "files/": "files",
    "intake/": "intake",
    "rectification/": "rectification",
    "lookback/": "lookback",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("", include("bihuan.desk.urls")),
    path("api/", api.urls),
    *(
        path(prefix, include(f"bihuan.{room}.urls"))
        for prefix, room in ROOMS.items()
        if find_spec(f"bihuan.{room}.urls")
    ),
]

handler400 = "bihuan.web.views.bad_request"
handler403 = "bihuan.web.views.permission_denied"
handler404 = "bihuan.web.views.page_not_found"
handler500 = "bihuan.web.views.server_error"
