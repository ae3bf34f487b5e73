"""The room of closure sittings."""

from __future__ import annotations

from django.apps import AppConfig


class SittingsConfig(AppConfig):
    name = "bihuan.sittings"
    label = "sittings"
    default_auto_field = "django.db.models.BigAutoField"
