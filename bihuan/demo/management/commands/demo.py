"""`bihuan demo`: found the demonstration city, tell its history, run the main job, and print what happened."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from bihuan.deadlines.actions import sweep_all
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.demo.apart import keep_apart
from bihuan.demo.city import PASSWORD, PEOPLE
from bihuan.demo.clock import Clock
from bihuan.demo.founding import City, found_city
from bihuan.demo.history import MONTHS_AGO, tell_history
from bihuan.demo.last_hours import last_hours
from bihuan.demo.main_job import BATCH, MainJob
from bihuan.installation.schema import pending_migrations
from bihuan.journal.checkpoints import take_checkpoint
from bihuan.journal.wording import for_the_record
from bihuan.ledger.models import Batch
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAIN_JOB_TAKES = timedelta(days=200)
SHOWN = ("shenyan", "linzy", "sujin", "hansz", "boyn", "shilei", "yanjun", "wengu", "guaner", "guansan")


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("在标记为演示的数据目录里建立演示市，跑通主线任务，并逐步说明。")

    def handle(self, **options: Any) -> None:
        if not settings.CONFIGURATION.demonstration:
            raise CommandError(_("这个数据目录没有标记为演示。请用 make demo。"), returncode=2)
        self.spoken = get_language() or settings.LANGUAGE_CODE
        if pending_migrations():
            # The schema belongs to another role, so another process makes it.
            subprocess.run([sys.executable, "-m", "bihuan.cli", "migrate", "--verbosity", "0"], check=True)
        if Batch.objects.filter(code=BATCH).exists():
            self._say(gettext_lazy("演示市已经建好。"))
            self._logins()
            return
        if Unit.objects.exists():
            raise CommandError(
                _("这个数据库里已有单位，不能再建演示市。请换一个空的数据目录。"), returncode=2
            )
        today = timezone.localdate()
        # The city's records are in the installation's language; what is said about them, in the terminal's.
        with for_the_record():
            self._make(Clock(today - MONTHS_AGO), today)
        self._verify()
        self._logins()

    def _make(self, clock: Clock, today: date) -> None:
        with clock.now():
            city = found_city()
        self._say(
            gettext_lazy("云川市建成：%(units)s 个单位，%(people)s 人。"),
            units=len(city.units),
            people=len(city.people),
        )
        tell_history(city, clock, today, say=self._say)
        self._main_job(city, Clock(today - MAIN_JOB_TAKES))
        keep_apart(city, Clock(today))
        last_hours(city, Clock(today))

    def _say(self, words: str | _StrPromise, **values: Any) -> None:
        with override(self.spoken):
            self.stdout.write(str(words) % values)
        self.stdout.flush()

    def _main_job(self, city: City, clock: Clock) -> None:
        self.stdout.write("")
        self._say(gettext_lazy("主线任务："))
        steps = count(1)

        def say(words: str | _StrPromise, **values: Any) -> None:
            self.stdout.write(f"  {next(steps):2}. ", ending="")
            self._say(words, **values)

        MainJob(city, clock, say).run()
        sweep_all()
        climb_all()

    def _verify(self) -> None:
        said = io.StringIO()
        call_command("verify", derived=True, stdout=said)
        self.stdout.write("\n" + said.getvalue().strip())
        take_checkpoint(verified=True)

    def _logins(self) -> None:
        self.stdout.write("")
        self._say(gettext_lazy("可以这样登录（口令都是 %(password)s）："), password=PASSWORD)
        for name, person, _unit, post, *_rest in PEOPLE:
            if name in SHOWN:
                self.stdout.write(f"  {name:10} {person}  {post}")
