"""The papers room."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "bihuan.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.papers import reactions, registrations  # noqa: F401 -- reactions register themselves

        registrations.register()
