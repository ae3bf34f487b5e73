from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import connection

from tests.installation.small_app.jobs import slow_once


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--defer", type=Path)

    def handle(self, *args, **options):
        if options["defer"]:
            slow_once.defer(folder=str(options["defer"]))
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            self.stdout.write(json.dumps(cursor.fetchone()))
