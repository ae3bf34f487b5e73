"""The approvals room."""

from __future__ import annotations

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "bihuan.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.approvals.policy import sees_approval
        from bihuan.approvals.queries import open_items, posts_waited_on
        from bihuan.files.policy import register_sight
        from bihuan.organizations.registry import register_duties, register_open_items

        register_sight("approval", sees_approval)
        register_open_items("approvals", open_items)
        register_duties("approvals", posts=posts_waited_on)
