from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate


def grant(using, **kwargs):
    role = settings.CONFIGURATION.database["USER"]
    with connections[using].cursor() as cursor:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class SmallAppConfig(AppConfig):
    name = "tests.installation.small_app"
    label = "small_app"

    def ready(self):
        post_migrate.connect(grant, sender=self)
