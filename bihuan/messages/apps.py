"""The messages room."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "bihuan.messages"
    label = "bihuan_messages"  # django.contrib.messages owns the short one
    default_auto_field = "django.db.models.BigAutoField"
