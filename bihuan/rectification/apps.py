"""The rectification room."""

from __future__ import annotations

from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "bihuan.rectification"
    label = "rectification"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.rectification import registrations

        registrations.register()
