"""The desk room: what a person comes to."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "bihuan.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from bihuan.desk.duties.policy import record_url
        from bihuan.desk.feed import waiting
        from bihuan.exchange.waiting import register_waiting
        from bihuan.organizations.registry import register_person_page

        register_waiting(waiting)
        register_person_page(_("履责记录"), record_url)
