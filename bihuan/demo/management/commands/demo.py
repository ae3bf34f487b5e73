"""`bihuan demo`: found the demonstration city, tell its history, run the main job, and print what happened."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bihuan.deadlines.actions import sweep_all
from bihuan.demo.city import PASSWORD, PEOPLE
from bihuan.demo.clock import Clock
from bihuan.demo.founding import City, found_city
from bihuan.demo.history import MONTHS_AGO, tell_history
from bihuan.demo.main_job import BATCH, MainJob
from bihuan.installation.schema import pending_migrations
from bihuan.journal.checkpoints import take_checkpoint
from bihuan.ledger.models import Batch
from bihuan.organizations.models import Unit

MAIN_JOB_TAKES = timedelta(days=200)
SHOWN = ("shenyan", "linzy", "hansz", "boyn", "shilei", "yanjun", "wengu", "guaner", "guansan")


class Command(BaseCommand):
    help = "在标记为演示的数据目录里建立演示市，跑通主线任务，并逐步说明。"

    def handle(self, **options: Any) -> None:
        if not settings.CONFIGURATION.demonstration:
            raise CommandError("这个数据目录没有标记为演示。请用 make demo。")
        if pending_migrations():
            # The schema belongs to another role, so another process makes it.
            subprocess.run([sys.argv[0], "migrate", "--verbosity", "0"], check=True)
        if Batch.objects.filter(code=BATCH).exists():
            self.stdout.write("演示市已经建好。")
            self._logins()
            return
        if Unit.objects.exists():
            raise CommandError("这个数据库里已有单位，不能再建演示市。请换一个空的数据目录。")
        today = timezone.localdate()
        clock = Clock(today - MONTHS_AGO)
        with clock.now():
            city = found_city()
        self.stdout.write(f"云川市建成：{len(city.units)} 个单位，{len(city.people)} 人。")
        self._history(city, clock, today)
        self._main_job(city, Clock(today - MAIN_JOB_TAKES))
        self._verify()
        self._logins()

    def _history(self, city: City, clock: Clock, today: Any) -> None:
        tell_history(city, clock, today, say=self.stdout.write)

    def _main_job(self, city: City, clock: Clock) -> None:
        self.stdout.write("\n主线任务：")
        steps = iter(range(1, 99))
        MainJob(city, clock, lambda words: self.stdout.write(f"  {next(steps):2}. {words}")).run()
        sweep_all()

    def _verify(self) -> None:
        said = io.StringIO()
        call_command("verify", derived=True, stdout=said)
        self.stdout.write("\n" + said.getvalue().strip())
        take_checkpoint(verified=True)

    def _logins(self) -> None:
        self.stdout.write("\n可以这样登录（口令都是 " + PASSWORD + "）：")
        for name, person, _unit, post, *_ in PEOPLE:
            if name in SHOWN:
                self.stdout.write(f"  {name:10} {person}  {post}")
