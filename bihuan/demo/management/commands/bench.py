"""`bihuan bench --rows N`: fill a demonstration ledger, verify it, and print what pages and a verb cost."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from typing import Any
from unicodedata import east_asian_width

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.demo.bench.fill import fill, templates
from bihuan.demo.bench.measure import Cost, measure
from bihuan.demo.founding import City
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Problem

TEMPLATES = 12
LIGHTER = gettext_lazy("副本只含问题自己的日志流（不含方案、交办单、佐证），问题页比真实的轻。")


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("在演示数据目录里填充指定数量的问题，核对日志，并测量页面和动作的耗时。")
        parser.add_argument("--rows", type=int, default=10_000)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if not settings.CONFIGURATION.demonstration:
            raise CommandError(
                _("只在标记为演示的数据目录里填充。请另设 BIHUAN_DATA 并先运行 bihuan demo。"), returncode=2
            )
        there = Problem.objects.filter(problem_no__startswith="BN-").count()
        if there not in (0, options["rows"]):
            words = _("这里已经填充了 %(count)s 个问题；请换一个数据目录。") % {"count": there}
            raise CommandError(words, returncode=2)
        city, began = City.found(), time.monotonic()
        if not there:
            fill(list(templates(TEMPLATES)), options["rows"], lambda words: sys.stderr.write(f"\r{words}"))
            sys.stderr.write("\n")
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        filled = timedelta(seconds=round(time.monotonic() - began))
        began = time.monotonic()
        tally = verify_journal(processes=options["processes"], done={}, progress=lambda *_: None)
        speed = tally.events / (time.monotonic() - began)
        costs = measure(city)
        self._say(costs, rows=options["rows"], filled=str(filled), events=tally.events, speed=round(speed),
                  wrong=len(tally.wrong), as_json=options["json"])  # fmt: skip
        if tally.wrong:
            call_command("verify", stdout=self.stdout)
            raise SystemExit(1)

    def _say(self, costs: list[Cost], *, as_json: bool, **facts: Any) -> None:
        if as_json:
            self.stdout.write(
                json.dumps(
                    {**facts, "costs": [cost.as_json() for cost in costs], "note": str(LIGHTER)},
                    ensure_ascii=False,
                )
            )
            return
        shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in facts.items()}
        self.stdout.write(
            _("%(rows)s 个问题 · 填充 %(filled)s · 核对 %(events)s 条事件，%(speed)s 条/秒，异常 %(wrong)s")
            % shown
            + "\n"
        )
        heads = [(_("中位"), 9), ("p95", 9), (_("最大"), 9), (_("查询"), 6), (_("裸 SQL"), 9), (_("倍数"), 7)]
        line = "".join(filled_to(words, width) for words, width in heads)
        self.stdout.write(f"{'':28}{line}  ({_('毫秒')})")
        for cost in costs:
            ratio = cost.median / cost.floor if cost.floor else 0
            self.stdout.write(
                f"{cost.name:28}{cost.median:9.1f}{cost.p95:9.1f}{cost.worst:9.1f}{cost.queries:6}{cost.floor:9.2f}{ratio:7.1f}"
            )
        self.stdout.write(str(LIGHTER))


def filled_to(words: str, width: int) -> str:
    """Words at the right of a column: a Chinese character takes two places of it."""
    taken = sum(2 if east_asian_width(character) in "WF" else 1 for character in words)
    return " " * max(1, width - taken) + words
