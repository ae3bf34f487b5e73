"""The files room."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "bihuan.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
