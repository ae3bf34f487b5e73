"""`bihuan bench_assign --rows N`: give N made-up problems of a demonstration to their units by one order, and print what it costs."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from bihuan.demo.bench.assigning import assigned, registered
from bihuan.demo.bench.ground import fresh_batch, refuse_real_ledger, units_of
from bihuan.demo.founding import City


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("在演示数据里登记一批拟制的问题，用一份交办单交办，测量各步用多少时间。")
        parser.add_argument("--rows", type=int, default=10_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        refuse_real_ledger()
        city = City.found()
        actor = city.actor("shenyan")
        batch = fresh_batch(city, actor, "audit")
        units = units_of(city, 20)
        sys.stderr.write(f"{options['rows']} rows\n")
        done = assigned(registered(options["rows"], batch, actor), units, actor)
        self.stdout.write(json.dumps(done.as_json()) if options["json"] else done.as_table())
