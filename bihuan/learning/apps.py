"""The learning room."""

from __future__ import annotations

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "bihuan.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.learning import checks  # noqa: F401  (registers the doctor's check)
        from bihuan.learning.live import proposed_as
        from bihuan.ledger.listing import register_condition

        register_condition("proposed", proposed_as)
