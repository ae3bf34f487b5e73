"""`bihuan bench_sitting --rows N`: decide a closure sitting of N made-up problems of a demonstration, and print what it costs."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.demo.bench.sitting import Sittings, decided, reviewed
from bihuan.demo.founding import City
from bihuan.journal.identity import new_id
from bihuan.journal.timesource import today
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Source
from bihuan.organizations.models import Unit


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "在演示数据里登记一批待销号审定的拟制问题，筹备会审并审定，测量审定用多少时间。"
        )
        parser.add_argument("--rows", type=int, default=1_000)
        parser.add_argument("--times", type=int, default=3)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if not settings.CONFIGURATION.demonstration:
            raise CommandError(
                _("只在标记为演示的数据目录里填充。请另设 BIHUAN_DATA 并先运行 bihuan demo。"), returncode=2
            )
        city = City.found()
        office, decider = city.actor("shenyan"), city.actor("hansz")
        unit = Unit.objects.filter(
            path__under=city.yunchuan.path, closed_on=None, is_jurisdiction=False, kind="department"
        ).earliest("pk")
        runs = []
        for number in range(1, options["times"] + 1):
            code = f"BENCH-{new_id().hex[-8:]}"
            batch = create_batch(
                jurisdiction=city.yunchuan,
                code=code,
                title=code,
                source=Source.objects.get(code="government_inspection"),
                source_authority=code,
                received_on=today(),
                actor=office,
            )
            sys.stderr.write(f"{number}: {options['rows']} rows\n")
            problems = reviewed(options["rows"], unit.name, batch, office)
            runs.append(decided(problems, office, decider))
        done = Sittings(tuple(runs))
        self.stdout.write(json.dumps(done.as_json()) if options["json"] else done.as_table())
