"""The desk room: what a person comes to."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "bihuan.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.desk.feed import waiting
        from bihuan.exchange.todo import register_waiting

        register_waiting(waiting)
