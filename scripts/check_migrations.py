"""Refuses models that their migrations do not describe. Needs no database: both are read from the code."""

from __future__ import annotations

import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    django.setup()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils import translation

    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("bihuan.")}
    loader = MigrationLoader(None)
    # Labels are written into migrations as they stand in the code, not as this terminal's language has them.
    with translation.override(None):
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph, trim_to_apps=ours, convert_apps=ours)
    for label, migrations in sorted(changes.items()):
        for migration in migrations:
            for operation in migration.operations:
                sys.stderr.write(f"{label}: no migration for: {operation.describe()}\n")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
