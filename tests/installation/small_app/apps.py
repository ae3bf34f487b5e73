"""Stands in for the journal: it grants the running role its rights and attaches the guards."""

from __future__ import annotations

import os

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate

GUARD = """
CREATE TABLE IF NOT EXISTS small_app_kept (id bigserial PRIMARY KEY, word text NOT NULL);
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
CREATE OR REPLACE TRIGGER bihuan_guard BEFORE INSERT ON small_app_kept
FOR EACH STATEMENT EXECUTE FUNCTION refuse();
"""


def fortify(using, **kwargs):
    role = settings.CONFIGURATION.database["USER"]
    with connections[using].cursor() as cursor:
        cursor.execute(GUARD)
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


def check(app_configs, databases, **kwargs):
    if databases is None or not os.environ.get("SMALL_APP_CHECK"):
        return []
    return [checks.Error("something is wrong", hint="mend it so", id="small_app.E001")]


class SmallAppConfig(AppConfig):
    name = "tests.installation.small_app"
    label = "small_app"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        if os.environ.get("SMALL_APP_CHECK") == "unloadable":
            raise RuntimeError("broken on purpose")
        post_migrate.connect(fortify, sender=self)
        checks.register(check, "bihuan")
