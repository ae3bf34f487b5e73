"""`bihuan bench --rows N`: fill a demonstration ledger, verify it, and print what pages and a verb cost."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from bihuan.demo.bench.effort import measured
from bihuan.demo.bench.fill import fill, filled
from bihuan.demo.bench.floor import hash_everything
from bihuan.demo.bench.ground import refuse_real_ledger
from bihuan.demo.bench.lookups import lookups
from bihuan.demo.bench.measure import measure
from bihuan.demo.bench.outcome import Outcome
from bihuan.demo.founding import City
from bihuan.installation.connections import connect
from bihuan.journal.guards import partitions
from bihuan.journal.verify.report import Tally
from bihuan.journal.verify.whole import address, verify_journal


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=10_000)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        refuse_real_ledger()
        there = len(filled())
        if there > options["rows"]:
            words = _("这里已经填充了 %(count)s 个问题；请换一个数据目录，或给出更大的 --rows。")
            raise CommandError(words % {"count": there}, returncode=2)
        # Pages name their style sheets by what was collected; `bihuan up` may never have run here.
        call_command("collectstatic", interactive=False, verbosity=0)
        found = self._outcome(options["rows"], options["processes"])
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(found.lines()))
        if found.tally.wrong:
            call_command("verify", stdout=self.stdout)
            raise SystemExit(1)

    def _outcome(self, rows: int, processes: int) -> Outcome:
        city = City.found()
        with measured() as filling:
            loaded = fill(rows, _progress(), processes=processes)
        with measured() as tidying:
            _tidy()
        with measured() as verifying:
            tally = verify_journal(processes=processes, done={}, progress=_partition)
        with measured() as hashing:
            hash_everything(address(), partitions(), processes)
        sys.stderr.write("\n")
        costs = [*measure(city), *lookups(city)]
        return Outcome(rows, loaded, _megabytes(), filling, tidying, verifying, hashing, tally, costs)


def _progress() -> Callable[[str], object]:
    return lambda words: sys.stderr.write(f"\r{words} ")


def _partition(count: int, total: int, tally: Tally) -> None:
    _progress()(f"verify {count} / {total}")


def _tidy() -> None:
    """What autovacuum would do in its time; the tables belong to the owner."""
    with connect(settings.CONFIGURATION.owner_database) as owner:
        owner.execute("VACUUM (ANALYZE)")


def _megabytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576")
        return int(cursor.fetchone()[0])
