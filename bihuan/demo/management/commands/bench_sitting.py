"""`bihuan bench_sitting --rows N`: decide a closure sitting of N made-up problems of a demonstration, and print what it costs."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from bihuan.demo.bench.ground import fresh_batch, refuse_real_ledger, units_of
from bihuan.demo.bench.sitting import Sittings, decided, reviewed
from bihuan.demo.founding import City


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "在演示数据里登记一批待销号审定的拟制问题，筹备会审并审定，测量审定用多少时间。"
        )
        parser.add_argument("--rows", type=int, default=1_000)
        parser.add_argument("--times", type=int, default=3)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        refuse_real_ledger()
        city = City.found()
        office, decider = city.actor("shenyan"), city.actor("hansz")
        (unit,) = units_of(city, 1, kind="department")
        runs = []
        for number in range(1, options["times"] + 1):
            batch = fresh_batch(city, office, "government_inspection")
            sys.stderr.write(f"{number}: {options['rows']} rows\n")
            problems = reviewed(options["rows"], unit.name, batch, office)
            runs.append(decided(problems, office, decider))
        done = Sittings(tuple(runs))
        self.stdout.write(json.dumps(done.as_json()) if options["json"] else done.as_table())
