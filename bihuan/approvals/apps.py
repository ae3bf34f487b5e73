"""The approvals room."""

from __future__ import annotations

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "bihuan.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
