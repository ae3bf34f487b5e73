"""The ledger room."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "bihuan.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from bihuan.ledger.registrations import register
        from bihuan.ledger.supplying import supply_lists

        register()
        post_migrate.connect(supply_lists, sender=self)
