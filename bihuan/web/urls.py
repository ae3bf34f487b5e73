"""Addresses of the shell. The root includes them at "/" and names the error pages of `bihuan.web.views`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from bihuan.web import views

app_name = "web"
urlpatterns = [
    path("", views.landing, name="landing"),
    # Django's own address for this asks who is there; the language is chosen before one signs in, too.
    path("language/", login_not_required(set_language), name="set_language"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("site.<str:digest>.css", views.site_stylesheet, name="stylesheet"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/dialog/", views.styleguide_dialog, name="styleguide_dialog"),
]
