"""The outlets room."""

from __future__ import annotations

from django.apps import AppConfig


class OutletsConfig(AppConfig):
    name = "bihuan.outlets"
    label = "outlets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.organizations.logs import open_journal
        from bihuan.outlets.verbs import KINDS

        open_journal(KINDS)
