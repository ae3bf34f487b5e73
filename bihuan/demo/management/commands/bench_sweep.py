"""`bihuan bench_sweep --rows N --fire K`: what a night costs over N open problems of which K are due.

The problems are made-up and lie in a database of their own on the demonstration's server; what is measured is what the
job calls. A second run in the same night is measured too: it must find nothing.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.demo.bench import night, open_problems
from bihuan.demo.bench.effort import measured
from bihuan.demo.bench.ground import refuse_real_ledger
from bihuan.demo.bench.outcome import load
from bihuan.demo.bench.scratch import drop_scratch, owner_of_scratch, scratch_database
from bihuan.demo.founding import found_city
from bihuan.installation.connections import connect
from bihuan.journal import timesource
from bihuan.journal.wording import for_the_record
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Source

NAME: Final = "bihuan_bench_sweep"
FEWEST: Final = 100


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("在单独的数据库里填充拟制的在办问题，测量一夜的亮灯和督办阶梯用多少时间。")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--fire", type=int, default=None, help=_("当夜到期的件数，默认百分之一。"))
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        rows = options["rows"]
        fire = rows // 100 if options["fire"] is None else options["fire"]
        refuse_real_ledger()
        if rows < FEWEST or not 0 < fire <= rows:
            raise CommandError(_("至少填充 %(rows)s 行，到期的不多于总数。") % {"rows": FEWEST}, returncode=2)
        drop_scratch(NAME)
        with scratch_database(NAME):
            outcome = _measured(rows, fire)
        self.stdout.write(json.dumps(outcome, ensure_ascii=False) if options["json"] else _lines(outcome))


def _measured(rows: int, fire: int) -> dict[str, Any]:
    with for_the_record(), timesource.at(timesource.now() - timedelta(days=1)):
        city = found_city()
        batch = create_batch(
            jurisdiction=city.yunchuan,
            code="OPEN",
            title="OPEN",
            source=Source.objects.get(code="audit"),
            source_authority="OPEN",
            received_on=timesource.today(),
            actor=city.actor("shenyan"),
        )
    when = open_problems.Night.to_come(city.yunchuan)
    with measured() as filling, connect(owner_of_scratch(NAME)) as owner:
        _drop_indexes(owner)
        open_problems.fill(rows, fire, when, batch, _progress)
        _progress("vacuum")
        owner.execute("VACUUM (ANALYZE)")
    sys.stderr.write("\n")
    with timesource.at(open_problems.Night.moment(when.day)):
        done = night.a_night()
    with connect(owner_of_scratch(NAME)) as owner:
        raw, events = night.floor(when.day, owner)
    seconds = done.sweep.wall + done.climb.wall
    return {
        "rows": rows,
        "fire": fire,
        "fill": filling.as_json(),
        "lights_changed": done.lights,
        "reminders_sent": done.reminders,
        "rungs_proposed": done.proposals,
        "seconds": f"{seconds:.1f}",
        "fired_per_second": round(fire / seconds),
        "sweep": done.sweep.as_json(),
        "climb": done.climb.as_json(),
        "idle_run": done.idle.as_json(),
        "events_written": events,
        "floor_seconds": f"{raw:.2f}",
        "times_the_floor": f"{seconds / raw:.1f}",
        "load": load(),
    }


def _progress(words: str) -> None:
    sys.stderr.write(f"\r{words} ")


def _drop_indexes(owner: Any) -> None:
    """What the night does not touch would only make filling slow: the problems' indexes, but for their keys."""
    found = owner.execute(
        "SELECT indexrelid::regclass::text FROM pg_index "
        "WHERE indrelid = 'ledger_problem'::regclass AND NOT indisunique"
    ).fetchall()
    for (name,) in found:
        owner.execute(f"DROP INDEX {name}")


def _lines(outcome: dict[str, Any]) -> str:
    return "\n".join(
        [
            _("%(rows)s 个在办问题，当夜到期 %(fire)s 个；填充 %(seconds)s 秒")
            % {
                "rows": f"{outcome['rows']:,}",
                "fire": f"{outcome['fire']:,}",
                "seconds": outcome["fill"]["seconds"],
            },
            _("亮灯变化 %(lights)s 盏，提醒 %(sent)s 次，提出督办 %(proposed)s 件，写事件 %(events)s 条")
            % {
                "lights": f"{outcome['lights_changed']:,}",
                "sent": f"{outcome['reminders_sent']:,}",
                "proposed": f"{outcome['rungs_proposed']:,}",
                "events": f"{outcome['events_written']:,}",
            },
            _("亮灯 %(sweep)s 秒，阶梯 %(climb)s 秒，共 %(both)s 秒，每秒 %(speed)s 件")
            % {
                "sweep": outcome["sweep"]["seconds"],
                "climb": outcome["climb"]["seconds"],
                "both": outcome["seconds"],
                "speed": outcome["fired_per_second"],
            },
            _("当夜再运行一次：%(seconds)s 秒，没有变化") % {"seconds": outcome["idle_run"]["seconds"]},
            _("底线（同样的事件和行，直接写入）%(floor)s 秒，为其 %(times)s 倍")
            % {"floor": outcome["floor_seconds"], "times": outcome["times_the_floor"]},
            _("机器此时的负荷：%(load)s") % {"load": outcome["load"]},
        ]
    )
