"""`bihuan bench_assign --rows N`: give N made-up problems of a demonstration to their units by one order, and print what it costs."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.demo.bench.assigning import assigned, registered
from bihuan.demo.founding import City
from bihuan.journal.identity import new_id
from bihuan.journal.timesource import today
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Source
from bihuan.organizations.models import Unit


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("在演示数据里登记一批拟制的问题，用一份交办单交办，测量各步用多少时间。")
        parser.add_argument("--rows", type=int, default=10_000)
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
            received_on=today(),
            actor=actor,
        )
        units = list(
            Unit.objects.filter(
                path__under=city.yunchuan.path, closed_on=None, is_jurisdiction=False
            ).order_by("pk")[:20]
        )
        if not units:
            raise CommandError(_("演示城市里没有单位。"), returncode=1)
        sys.stderr.write(f"{options['rows']} rows\n")
        done = assigned(registered(options["rows"], batch, actor), units, actor)
        self.stdout.write(json.dumps(done.as_json()) if options["json"] else done.as_table())
