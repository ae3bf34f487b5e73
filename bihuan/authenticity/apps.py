"""The authenticity room."""

from __future__ import annotations

from django.apps import AppConfig


class AuthenticityConfig(AppConfig):
    name = "bihuan.authenticity"
    label = "authenticity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.authenticity import registrations

        registrations.register()
