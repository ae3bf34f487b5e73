"""`bihuan clock`: tell whether the machine's clock can be believed; `--confirm` says that it can."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.journal.clockwatch import confirm as take_for_right
from bihuan.journal.clockwatch import look, minute, words_of


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("核对本机时钟与程序上次运行的时间；时钟可疑时期限不推进，程序不启动。")
        parser.add_argument("--confirm", action="store_true", help=_("确认现在的时间是对的，从此以它为准"))

    def handle(self, *, confirm: bool, **_options: Any) -> None:
        if confirm:
            take_for_right(timezone.now())
        doubt = look()
        if doubt is not None:
            raise CommandError(words_of(doubt))
        self.stdout.write(_("时钟没有疑问：%(now)s") % {"now": minute(timezone.localtime())})
