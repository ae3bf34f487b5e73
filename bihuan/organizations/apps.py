"""The organizations room."""

from __future__ import annotations

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "bihuan.organizations"
    label = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.journal.administrators import register_administrator_check
        from bihuan.organizations import logs, sign_in, verbs
        from bihuan.organizations.authority import may_expunge

        register_administrator_check(may_expunge)
        logs.open_journal(verbs.KINDS)
        sign_in.watch()
