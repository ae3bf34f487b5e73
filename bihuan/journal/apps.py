"""The journal room: the only way to write, and the past it leaves behind."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


def fortify(sender: Any, using: str, **kwargs: Any) -> None:
    """Attach guards and grants after every migration, so that a new table can never be forgotten."""
    from bihuan.journal.guards import fortify_database

    fortify_database(using)


class JournalConfig(AppConfig):
    name = "bihuan.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.journal import checks  # noqa: F401  (registers the system checks)

        autodiscover_modules("reactions")
        autodiscover_modules("actions")
        # Journal comes before the business rooms in INSTALLED_APPS, so the guards hang on the last app's signal.
        post_migrate.connect(fortify, dispatch_uid="bihuan.journal.fortify")
