"""`bihuan bench_trial --rows N`: what it costs to try a version of lights, and one of the ladder, on N past cases.

The cases are copies of the demonstration's own streams (`bihuan bench` makes the same ones); what is measured is what the
page and the job call.
"""

from __future__ import annotations

import json
import statistics
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from bihuan.deadlines.terms import LADDER, LIGHTS
from bihuan.demo.bench.fill import fill, filled
from bihuan.demo.bench.ground import refuse_real_ledger
from bihuan.demo.bench.outcome import filled_to, load
from bihuan.demo.bench.trying import tried, version
from bihuan.demo.founding import City
from bihuan.installation.connections import connect
from bihuan.journal.timesource import today

if TYPE_CHECKING:
    from bihuan.demo.bench.trying import Tried

BEFORE: Final = timedelta(days=1000)
HEADS: Final = (
    ("of", 8),
    ("cases", 9),
    ("different", 10),
    ("asked_seconds", 14),
    ("seconds", 9),
    ("cpu_program", 12),
    ("cpu_server", 11),
    ("peak_mb", 8),
    ("statements_a_bundle", 20),
    ("progress_ms", 12),
    ("floor_seconds", 14),
    ("times_the_floor", 16),
)


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("用填充的问题测量规则试算：亮灯和督办阶梯各试一版，用多少时间和内存。")
        parser.add_argument("--rows", type=int, default=10_000)
        parser.add_argument("--times", type=int, default=3)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        refuse_real_ledger()
        if options["rows"] > len(filled()):
            fill(options["rows"], _progress, processes=options["processes"])
            _progress("vacuum")
            with connect(settings.CONFIGURATION.owner_database) as owner:
                owner.execute("VACUUM (ANALYZE)")
        sys.stderr.write("\n")
        city, since = City.found(), today() - BEFORE
        found = {
            code: [tried(policy, city, since) for _time in range(options["times"])]
            for code in (LIGHTS, LADDER)
            for policy in [version(code, city)]
        }
        outcome = {
            "rows": options["rows"],
            "trials": [_median(runs) for runs in found.values()],
            "load": load(),
        }
        self.stdout.write(json.dumps(outcome, ensure_ascii=False) if options["json"] else _lines(outcome))


def _median(runs: list[Tried]) -> dict[str, Any]:
    """The run whose seconds are the median, with how many there were."""
    middle = statistics.median_low([run.effort.wall for run in runs])
    (chosen, *_alike) = [run for run in runs if run.effort.wall == middle]
    return {**chosen.as_json(), "runs": len(runs)}


def _progress(words: str) -> None:
    sys.stderr.write(f"\r{words} ")


def _lines(outcome: dict[str, Any]) -> str:
    rows = [{head: head for head, _width in HEADS}, *outcome["trials"]]
    return "\n".join(
        [
            *("".join(filled_to(str(row[head]), width) for head, width in HEADS) for row in rows),
            _("机器此时的负荷：%(load)s") % {"load": outcome["load"]},
        ]
    )
