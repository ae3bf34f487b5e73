"""`bihuan bench_import --rows N`: import a made-up ledger of N rows into a demonstration and print what that costs."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.demo.bench.importing import measured, sheet_of
from bihuan.demo.founding import City
from bihuan.journal.identity import new_id
from bihuan.journal.timesource import today
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Source
from bihuan.organizations.models import Unit


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if not settings.CONFIGURATION.demonstration:
            raise CommandError(
                _("只在标记为演示的数据目录里填充。请另设 BIHUAN_DATA 并先运行 bihuan demo。"), returncode=2
            )
        city = City.found()
        actor = city.actor("shenyan")
        code = f"BENCH-{new_id().hex[-8:]}"
        batch = create_batch(
            jurisdiction=city.yunchuan,
            code=code,
            title=code,
            source=Source.objects.get(code="audit"),
            source_authority=code,
            received_on=today() - timedelta(days=30),
            actor=actor,
        )
        rows = options["rows"]
        unit = Unit.objects.filter(
            path__under=city.yunchuan.path, closed_on=None, is_jurisdiction=False
        ).first()
        if unit is None:
            raise CommandError(_("演示城市里没有单位。"), returncode=1)
        sys.stderr.write(f"{rows} rows\n")
        figures = measured(sheet_of(rows, unit.name), rows, batch, actor)
        self.stdout.write(json.dumps(figures.as_json()) if options["json"] else figures.as_table())
