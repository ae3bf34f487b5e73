"""The drives room."""

from __future__ import annotations

from django.apps import AppConfig


class DrivesConfig(AppConfig):
    name = "bihuan.drives"
    label = "drives"
    default_auto_field = "django.db.models.BigAutoField"
