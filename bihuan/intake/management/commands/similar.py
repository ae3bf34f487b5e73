"""`bihuan similar --corpus CSV --pairs CSV [--json]`: score pairs of reports with the product's own engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bihuan.intake.csv_input import MISUSED, rows_of
from bihuan.journal.wording import listed
from bihuan.text.deadlines_in_text import date_of_cell
from bihuan.text.parting import same_from_of
from bihuan.text.similarity import CountedCorpus, Likeness, Report, Sought, prepared

if TYPE_CHECKING:
    from argparse import ArgumentParser

_EVERY = 100


class Command(BaseCommand):
    """Corpus columns id,title,body,time; pair columns a,b."""

    needs_database: ClassVar[bool] = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("判断成对的来件是否反映同一问题（不需要数据库）")
        parser.add_argument("--corpus", type=Path, required=True, metavar="CSV")
        parser.add_argument("--pairs", type=Path, required=True, metavar="CSV")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, **options: Any) -> None:
        rows = {row["id"]: row for row in rows_of(options["corpus"], ("id", "title", "body"))}
        pairs = rows_of(options["pairs"], ("a", "b"))
        unknown = sorted({pair[side] for pair in pairs for side in ("a", "b")} - rows.keys())
        if unknown:
            message = _("对照表中的编号不在语料中：%(ids)s") % {"ids": listed(unknown[:5])}
            raise CommandError(message, returncode=MISUSED)
        self.stderr.write(_("语料 %(count)s 条") % {"count": len(rows)})
        reports = {number: _report(row) for number, row in rows.items()}
        corpus = CountedCorpus(report.text for report in reports.values())
        same_from = same_from_of(list(reports.values()), corpus)
        self.stderr.write(_("相似度不低于 %(score)s 视为同一问题") % {"score": f"{same_from:.2f}"})
        results: list[tuple[str, str, Likeness]] = []
        for number, pair in enumerate(pairs, start=1):
            one, other = pair["a"], pair["b"]
            sought = Sought(prepared(reports[one], corpus), corpus, same_from=same_from)
            results.append((one, other, sought.like(prepared(reports[other], corpus))))
            if number % _EVERY == 0:
                self.stderr.write(f"{number}/{len(pairs)}")
        if options["as_json"]:
            plain = [
                {"a": one, "b": other, "score": found.score, "same": found.same, "shared": found.shared}
                for one, other, found in results
            ]
            self.stdout.write(json.dumps({"pairs": plain}, ensure_ascii=False, indent=1))
            return
        for one, other, found in results:
            mark = "=" if found.same else "≠"
            self.stdout.write(f"{one} {mark} {other}  {found.score:.3f}  {' '.join(found.shared)}")


def _report(row: dict[str, str]) -> Report:
    day = row.get("time", "").split(" ")[0]
    return Report(title=row["title"], body=row["body"], day=date_of_cell(day) if day else None)
