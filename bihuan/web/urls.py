"""Addresses of the shell. The root includes them at "/" and names the error pages of `bihuan.web.views`."""

from __future__ import annotations

from django.urls import path

from bihuan.web import views

app_name = "web"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("site.<str:digest>.css", views.site_stylesheet, name="stylesheet"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/dialog/", views.styleguide_dialog, name="styleguide_dialog"),
]
