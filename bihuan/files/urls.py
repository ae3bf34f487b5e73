"""Addresses of files."""

from __future__ import annotations

from django.urls import path

from bihuan.files import views

app_name = "files"
urlpatterns = [
    path("<uuid:reference>/", views.download, name="download"),
    path("<uuid:reference>/preview/<slug:size>", views.preview, name="preview"),
]
