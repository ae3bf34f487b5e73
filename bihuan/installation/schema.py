"""The schema belongs to its owner: commands that change it act as that role, and only they do."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor


def act_as_owner() -> None:
    """From here on this process connects as the schema's owner."""
    connections.close_all()
    for database in settings.DATABASES.values():
        # In place: connections that were made but not opened hold on to these very dictionaries.
        database.update(settings.CONFIGURATION.owner_database)


def pending_migrations() -> list[str]:
    """Names of migrations the database has not seen; Django must be set up and the database running."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
