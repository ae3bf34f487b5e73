"""`bihuan similar --corpus CSV --pairs CSV [--json]`: score pairs of reports with the product's own engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bihuan.intake.csv_input import MISUSED, rows_of
from bihuan.text.deadlines_in_text import date_of_cell
from bihuan.text.similarity import CountedCorpus, Report, likeness

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Corpus columns id,title,body,time; pair columns a,b."""

    help = "判断成对的来件是否反映同一问题（不需要数据库）"
    needs_database: ClassVar[bool] = False
    requires_system_checks: ClassVar[list[str]] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--corpus", type=Path, required=True, metavar="CSV")
        parser.add_argument("--pairs", type=Path, required=True, metavar="CSV")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, **options: Any) -> None:
        rows = {row["id"]: row for row in rows_of(options["corpus"], ("id", "title", "body"))}
        pairs = rows_of(options["pairs"], ("a", "b"))
        unknown = sorted({pair[side] for pair in pairs for side in ("a", "b")} - rows.keys())
        if unknown:
            message = _("对照表中的编号不在语料中：%(ids)s") % {"ids": "、".join(unknown[:5])}
            raise CommandError(message, returncode=MISUSED)
        self.stderr.write(_("语料 %(count)s 条") % {"count": len(rows)})
        corpus = CountedCorpus(f"{row['title']}。{row['body']}" for row in rows.values())
        results = []
        for number, pair in enumerate(pairs, start=1):
            found = likeness(_report(rows[pair["a"]]), _report(rows[pair["b"]]), corpus)
            results.append(
                {
                    "a": pair["a"],
                    "b": pair["b"],
                    "score": found.score,
                    "same": found.same,
                    "shared": found.shared,
                }
            )
            if number % 100 == 0:
                self.stderr.write(f"{number}/{len(pairs)}")
        if options["as_json"]:
            self.stdout.write(json.dumps({"pairs": results}, ensure_ascii=False, indent=1))
            return
        for result in results:
            mark = "=" if result["same"] else "≠"
            self.stdout.write(
                f"{result['a']} {mark} {result['b']}  {result['score']:.3f}  {' '.join(result['shared'])}"
            )


def _report(row: dict[str, str]) -> Report:
    day = row.get("time", "").split(" ")[0]
    return Report(title=row["title"], body=row["body"], day=date_of_cell(day) if day else None)
