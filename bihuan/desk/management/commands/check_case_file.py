"""`bihuan check_case_file FILE.zip`: whether a bound case file is still what this installation handed out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.desk.case_file_check import Checked, NotACaseFile, check

WORDS = {
    "altered": gettext_lazy("内容已改动"),
    "missing": gettext_lazy("文件缺失"),
    "stranger": gettext_lazy("清单以外的文件"),
    "manifest": gettext_lazy("清单无法读取"),
    "journal": gettext_lazy("日志中的事件不符"),
    "not_logged": gettext_lazy("访问日志中没有装订过这份清单的记录"),
}


class Command(BaseCommand):
    help = "核对装订的卷宗：文件与清单、清单与日志和访问日志是否相符；不符时逐一指出，退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        try:
            found = list(check(path))
        except (NotACaseFile, OSError) as error:
            message = _("“%(file)s”不是装订的卷宗，应为从系统下载的 zip 文件。") % {"file": path.name}
            raise CommandError(message, returncode=2) from error
        whole = not any(one.faults for one in found)
        if options["as_json"]:
            said = {"whole": whole, "case_files": [asdict(one) for one in found]}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            for one in found:
                self._say(one)
        if not whole:
            raise SystemExit(1)

    def _say(self, one: Checked) -> None:
        self.stdout.write(
            _("%(number)s：%(files)d 个文件，%(by)s 于 %(at)s 装订，此后又有 %(events)d 条日志。%(verdict)s")
            % {
                "number": one.problem_no or one.folder,
                "files": one.files,
                "by": one.bound_by,
                "at": one.bound_at,
                "events": one.events_since,
                "verdict": _("有不符之处：") if one.faults else _("相符。"),
            }
        )
        for fault, where in one.faults:
            self.stdout.write(f"  {WORDS[fault]}  {where}")
