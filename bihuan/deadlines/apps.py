"""The deadlines room."""

from __future__ import annotations

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "bihuan.deadlines"
    label = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.deadlines import calendar_keeping, registrations

        calendar_keeping.register()
        registrations.register()
