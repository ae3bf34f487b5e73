"""The policies room."""

from __future__ import annotations

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "bihuan.policies"
    label = "policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from bihuan.policies.supplying import supply_missing

        post_migrate.connect(supply_missing, sender=self)
