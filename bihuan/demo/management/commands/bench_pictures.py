"""`bihuan bench_pictures --rows N`: how long it takes to ask N photographs which of them look nearly like one, and how many
of those that were changed to pass for another are found.

The rows lie in a database of their own on the demonstration's server; what is measured is the function that raises doubts.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from bihuan.demo.bench import picture_lookups
from bihuan.demo.bench.effort import Effort, measured
from bihuan.demo.bench.ground import refuse_real_ledger
from bihuan.demo.bench.outcome import filled_to, load
from bihuan.demo.bench.scratch import drop_scratch, owner_of_scratch, scratch_database
from bihuan.files.models import FileFacts
from bihuan.installation.connections import connect

NAME: Final = "bihuan_bench_pictures"
FEWEST: Final = 1000
HEADS: Final = (
    ("median_ms", 10),
    ("p95_ms", 10),
    ("max_ms", 10),
    ("processor_ms", 14),
    ("floor_ms", 10),
    ("bands_in_common", 17),
    ("recall", 8),
    ("others_shown", 14),
)


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("在单独的数据库里填充图像指纹，测量查找几乎相同照片的用时和找全率。")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--lookups", type=int, default=40)
        parser.add_argument(
            "--keep", action="store_true", help=_("保留填充好的数据库，下次同样行数时直接使用。")
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        rows, lookups = options["rows"], options["lookups"]
        refuse_real_ledger()
        if rows < FEWEST or lookups < 1:
            raise CommandError(
                _("至少填充 %(rows)s 行、查找 %(lookups)s 次。") % {"rows": FEWEST, "lookups": 1},
                returncode=2,
            )
        filling = _filled(rows, keep=options["keep"])
        with scratch_database(NAME, keep=options["keep"]):
            outcome = {
                "rows": rows,
                "fill": None if filling is None else filling.as_json(),
                "sizes_mb": _sizes(),
                "lookups": picture_lookups.ask(lookups),
                "load": load(),
            }
        self.stdout.write(json.dumps(outcome, ensure_ascii=False) if options["json"] else _lines(outcome))


def _filled(rows: int, *, keep: bool) -> Effort | None:
    """Make the table; None where a kept one of this size is there."""
    with scratch_database(NAME, keep=True):
        if keep and FileFacts.objects.count() == rows + picture_lookups.PLANTED:
            return None
    drop_scratch(NAME)
    with (
        scratch_database(NAME, keep=True),
        measured() as filling,
        connect(owner_of_scratch(NAME)) as owner,
    ):
        picture_lookups.fill(rows, owner, _progress)
    sys.stderr.write("\n")
    return filling


def _progress(words: str) -> None:
    sys.stderr.write(f"\r{words} ")


def _sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_table_size('files_filefacts') / 1048576, pg_relation_size('file_facts_keys') / 1048576"
        )
        table, index = cursor.fetchone()
    return {"files_filefacts": table, "file_facts_keys": index}


def _lines(outcome: dict[str, Any]) -> str:
    sizes = " · ".join(f"{name} {megabytes:,} MB" for name, megabytes in outcome["sizes_mb"].items())
    spent = outcome["fill"]
    filling = _("填充 %(seconds)s 秒") % {"seconds": spent["seconds"]} if spent else _("沿用已填充的数据库")
    rows = [{"name": "", **{head: head for head, _width in HEADS}}, *outcome["lookups"]]
    return "\n".join(
        [
            _("%(rows)s 张照片") % {"rows": f"{outcome['rows']:,}"} + f" · {filling}",
            sizes,
            *(
                f"{one['name']:20}"
                + "".join(
                    filled_to(str("–" if one[head] is None else one[head]), width) for head, width in HEADS
                )
                for one in rows
            ),
            _("机器此时的负荷：%(load)s") % {"load": outcome["load"]},
        ]
    )
