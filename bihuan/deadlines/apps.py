"""The deadlines room."""

from __future__ import annotations

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "bihuan.deadlines"
    label = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.deadlines import calendar_keeping, registrations
        from bihuan.deadlines.queries import lights_for
        from bihuan.ledger.lights import register_lights

        calendar_keeping.register()
        registrations.register()
        register_lights(lambda problems: {pk: facts.mark for pk, facts in lights_for(problems).items()})
