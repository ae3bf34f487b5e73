"""`bihuan bench_import --rows N`: import a made-up ledger of N rows into a demonstration and print what that costs."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bihuan.demo.bench.ground import fresh_batch, refuse_real_ledger, units_of
from bihuan.demo.bench.importing import measured, sheet_of
from bihuan.demo.founding import City
from bihuan.journal.timesource import today


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        refuse_real_ledger()
        city = City.found()
        actor = city.actor("shenyan")
        batch = fresh_batch(city, actor, "audit", received_on=today() - timedelta(days=30))
        rows = options["rows"]
        (unit,) = units_of(city, 1)
        sys.stderr.write(f"{rows} rows\n")
        figures = measured(sheet_of(rows, unit.name), rows, batch, actor)
        self.stdout.write(json.dumps(figures.as_json()) if options["json"] else figures.as_table())
