"""The shell: layout, navigation, components, static files."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "bihuan.web"
    label = "web"

    def ready(self) -> None:
        from bihuan.web.places import gather

        gather()
