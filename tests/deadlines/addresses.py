"""The program's addresses with this room's among them, wherever they are joined."""

from __future__ import annotations

from django.urls import include, path

from bihuan import urls

handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
urlpatterns = [
    path("deadlines/", include("bihuan.deadlines.urls")),
    *(one for one in urls.urlpatterns if str(one.pattern) != "deadlines/"),
]
