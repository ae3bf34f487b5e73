"""The lookback room."""

from __future__ import annotations

from django.apps import AppConfig


class LookbackConfig(AppConfig):
    name = "bihuan.lookback"
    label = "lookback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.lookback import registrations

        registrations.register()
