"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("<uuid:pk>/raise/", views.raise_light, name="raise_light"),
    path("policies/<uuid:pk>/reapply/", views.ask_reapplication, name="ask_reapplication"),
    path("reapplications/<uuid:pk>/", views.reapplication, name="reapplication"),
]
