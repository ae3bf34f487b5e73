"""`bihuan migrate`: the schema is changed by its owner, never by the role the program runs as."""

from __future__ import annotations

import os

from bihuan.installation.configuration import ROLE_VARIABLE
from bihuan.installation.dispatch import ensure_database, run_management_command


def migrate(arguments: list[str]) -> int:
    """Takes the arguments of Django's own `migrate`."""
    os.environ[ROLE_VARIABLE] = "owner"
    ensure_database()
    return run_management_command(["migrate", *arguments])


def pending_migrations() -> list[str]:
    """Names of migrations the database has not seen; Django must be set up and the database running."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
