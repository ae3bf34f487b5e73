"""`bihuan bench_duplicates --rows N`: how long it takes to ask a ledger of N problems what a text may repeat, and how
many of the repeats that were planted in it are found.

The ledger is made-up and lies in a database of its own on the demonstration's server, filled by COPY without a journal;
what is measured is the function that pages, intake and the job call.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from bihuan.demo.bench import planted, report_rows
from bihuan.demo.bench.effort import Effort, measured
from bihuan.demo.bench.ground import refuse_real_ledger
from bihuan.demo.bench.outcome import filled_to, load
from bihuan.demo.bench.scratch import drop_scratch, owner_of_scratch, scratch_database
from bihuan.demo.founding import City, found_city
from bihuan.installation.connections import connect
from bihuan.journal.timesource import today
from bihuan.journal.wording import for_the_record
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Batch, Problem, Source

NAME: Final = "bihuan_bench_duplicates"
INDEXES: Final = ("problem_search", "problem_signature", "problem_text_digest")
FEWEST: Final = 1000


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("在单独的数据库里填充拟制的问题，测量查找重复问题的用时和找全率。")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--lookups", type=int, default=300)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument(
            "--keep", action="store_true", help=_("保留填充好的数据库，下次同样行数时直接使用。")
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        refuse_real_ledger()
        if options["rows"] < FEWEST or options["lookups"] < len(planted.KINDS):
            raise CommandError(
                _("至少填充 %(rows)s 行、查找 %(lookups)s 次。")
                % {"rows": FEWEST, "lookups": len(planted.KINDS)},
                returncode=2,
            )
        filling = self._filled(options["rows"], options["processes"], keep=options["keep"])
        with scratch_database(NAME, keep=options["keep"]):
            outcome = self._measured(options["rows"], options["lookups"], filling)
        self.stdout.write(json.dumps(outcome, ensure_ascii=False) if options["json"] else _lines(outcome))

    def _filled(self, rows: int, processes: int, *, keep: bool) -> Effort | None:
        """Make the ledger; None where a kept one of this size is there."""
        with scratch_database(NAME, keep=True):
            if keep and Problem.objects.count() == rows:
                return None
        drop_scratch(NAME)
        with scratch_database(NAME, keep=True):
            with for_the_record():
                city = found_city()
                _batch(city)
            with measured() as filling, connect(owner_of_scratch(NAME)) as owner:
                put_off = _drop_indexes(owner)
                report_rows.fill(rows, _progress, processes=processes)
                _progress("index")
                for definition in put_off:
                    owner.execute(definition)
                owner.execute("VACUUM (ANALYZE)")
        sys.stderr.write("\n")
        return filling

    def _measured(self, rows: int, lookups: int, filling: Effort | None) -> dict[str, Any]:
        city = City.found()
        asked = planted.planted(lookups, rows)
        found = planted.ask(asked, city.actor("shenyan"))
        return {
            "rows": rows,
            "fill": None if filling is None else filling.as_json(),
            "sizes_mb": _sizes(),
            "lookups": found,
            "statement": planted.statement_cost(asked).as_json(),
            "job": planted.job(rows).as_json(),
            "load": load(),
        }


def _progress(words: str) -> None:
    sys.stderr.write(f"\r{words} ")


def _batch(city: City) -> Batch:
    return create_batch(
        jurisdiction=city.yunchuan,
        code=report_rows.BATCH,
        title=report_rows.BATCH,
        source=Source.objects.get(code="audit"),
        source_authority=report_rows.BATCH,
        received_on=today(),
        actor=city.actor("shenyan"),
    )


def _drop_indexes(owner: Any) -> list[str]:
    """Filling tables with all their indexes takes several times as long as making these once; their definitions."""
    found = owner.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = 'ledger_problem'::regclass AND NOT indisunique"
    ).fetchall()
    for name, _definition in found:
        owner.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, pg_relation_size(name::regclass) / 1048576 FROM unnest(%s::text[]) AS names(name) "
            "UNION ALL SELECT 'ledger_problem', pg_table_size('ledger_problem') / 1048576",
            [list(INDEXES)],
        )
        return dict(cursor.fetchall())


HEADS: Final = (
    ("median_ms", 10),
    ("p95_ms", 10),
    ("max_ms", 10),
    ("processor_ms", 14),
    ("floor_ms", 10),
    ("compared", 10),
    ("recall", 8),
    ("others_shown", 14),
)


def _lines(outcome: dict[str, Any]) -> str:
    sizes = " · ".join(f"{name} {megabytes:,} MB" for name, megabytes in outcome["sizes_mb"].items())
    spent = outcome["fill"]
    filling = _("填充 %(seconds)s 秒") % {"seconds": spent["seconds"]} if spent else _("沿用已填充的数据库")
    rows = [{"name": name, **{head: head for head, _width in HEADS}} for name in ("",)] + outcome["lookups"]
    return "\n".join(
        [
            _("%(rows)s 个问题") % {"rows": f"{outcome['rows']:,}"} + f" · {filling}",
            sizes,
            *(
                f"{one['name']:20}"
                + "".join(filled_to(str(one[head] or "–"), width) for head, width in HEADS)
                for one in rows
            ),
            _("其中取编号的语句：中位 %(median)s 毫秒，p95 %(p95)s 毫秒")
            % {"median": outcome["statement"]["median_ms"], "p95": outcome["statement"]["p95_ms"]},
            _("导入后的比对任务：每秒 %(speed)s 件，内存峰值 %(memory)s MB")
            % {"speed": outcome["job"]["rows_per_second"], "memory": outcome["job"]["peak_rss_mb"]},
            _("机器此时的负荷：%(load)s") % {"load": outcome["load"]},
        ]
    )
