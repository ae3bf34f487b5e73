"""`bihuan bench_review --pages N`: review and seal a made-up letter of N pages, and print what it took."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.demo.bench.reviewing import Reviewed, review
from bihuan.demo.founding import City
from bihuan.ledger.models import Batch


class Command(BaseCommand):
    help = "在演示数据目录里审核并封账一份拟制的长文，打印按键数和服务器用时。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pages", type=int, default=30)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if not settings.CONFIGURATION.demonstration or not Batch.objects.exists():
            raise CommandError(
                _("只在标记为演示的数据目录里运行。请另设 BIHUAN_DATA 并先运行 bihuan demo。"), returncode=2
            )
        call_command("collectstatic", interactive=False, verbosity=0)
        found = review(City.found(), options["pages"])
        said = found.as_json()
        self.stdout.write(json.dumps(said, ensure_ascii=False) if options["json"] else _lines(found, said))


def _lines(found: Reviewed, said: dict[str, Any]) -> str:
    words = (
        _("%(pages)s 页，%(characters)s 字，%(passages)s 段，入账 %(problems)s 件。"),
        _("审核：%(keystrokes)s 次按键，每段 %(keystrokes_a_passage)s 次；服务器共用 %(server_seconds)s 秒，每次应答中位数 %(answer_ms_median)s 毫秒、p95 %(answer_ms_p95)s 毫秒。"),
        _("复核封账：%(keystrokes_second_person)s 次按键；服务器共用 %(server_seconds_second_person)s 秒。"),
        _("以每秒两次按键计，20 分钟里还有 %(minutes_left_to_read)s 分钟可以看文件，即每分钟 %(characters_a_minute)s 字。"),
    )  # fmt: skip
    return "\n".join(line % said for line in words)
