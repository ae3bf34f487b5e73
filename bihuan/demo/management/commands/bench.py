"""`bihuan bench --rows N`: fill a demonstration ledger, verify it, and print what pages and a verb cost."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from bihuan.demo.bench.fill import fill, templates
from bihuan.demo.bench.measure import Cost, measure
from bihuan.demo.founding import City
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Problem

TEMPLATES = 12
LIGHTER = "副本只含问题自己的日志流（不含方案、交办单、佐证），问题页比真实的轻。"


class Command(BaseCommand):
    help = "在演示数据目录里填充指定数量的问题,核对日志,并测量页面和动作的耗时。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=10_000)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if not settings.CONFIGURATION.demonstration:
            raise CommandError("只在标记为演示的数据目录里填充。请另设 BIHUAN_DATA 并先运行 bihuan demo。")
        there = Problem.objects.filter(problem_no__startswith="BN-").count()
        if there not in (0, options["rows"]):
            raise CommandError(f"这里已经填充了 {there} 个问题；请换一个数据目录。")
        city, began = City.found(), time.monotonic()
        if not there:
            fill(
                list(templates(TEMPLATES)), options["rows"], lambda words: sys.stderr.write(f"\r填充 {words}")
            )
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
                    {**facts, "costs": [cost.as_json() for cost in costs], "note": LIGHTER},
                    ensure_ascii=False,
                )
            )
            return
        self.stdout.write(
            f"{facts['rows']:,} 个问题 · 填充 {facts['filled']} · 核对 {facts['events']:,} 条事件，"
            f"{facts['speed']:,} 条/秒，异常 {facts['wrong']}\n"
        )
        self.stdout.write(
            f"{'':28}{'中位':>9}{'p95':>9}{'最大':>9}{'查询':>6}{'裸 SQL':>9}{'倍数':>7}  (毫秒)"
        )
        for cost in costs:
            ratio = cost.median / cost.floor if cost.floor else 0
            self.stdout.write(
                f"{cost.name:28}{cost.median:9.1f}{cost.p95:9.1f}{cost.worst:9.1f}{cost.queries:6}{cost.floor:9.2f}{ratio:7.1f}"
            )
        self.stdout.write(LIGHTER)
