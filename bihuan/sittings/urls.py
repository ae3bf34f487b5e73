"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.sittings import views

app_name = "sittings"
urlpatterns = [
    path("", views.sittings, name="list"),
    path("prepare/", views.prepare, name="prepare"),
    path("<uuid:pk>/", views.sitting, name="sitting"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/decide/", views.decide, name="decide"),
    path("<uuid:pk>/sheet/", views.sheet, name="sheet"),
    path("<uuid:pk>/filing/", views.filing, name="filing"),
]
