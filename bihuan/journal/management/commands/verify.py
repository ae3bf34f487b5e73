"""`bihuan verify`: replay the journal and name every row, event or file that is not what was written."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.journal.checkpoint_file import CheckpointError
from bihuan.journal.checkpoints import take_checkpoint
from bihuan.journal.verify.others import registered_verifiers
from bihuan.journal.verify.report import Found, Tally
from bihuan.journal.verify.whole import (
    load_progress,
    save_progress,
    verify_against_checkpoint,
    verify_derived,
    verify_journal,
)

MOST_NAMED = 1000


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("重放日志，核对台账；发现被改动的行、事件或文件时逐一指出，退出码为 1。")
        parser.add_argument(
            "--checkpoint", type=Path, help=_("再核对一个存证文件：签名、根，以及其中每条流的事件是否仍在")
        )
        parser.add_argument("--resume", type=Path, help=_("进度文件：中断后从这里继续"))
        parser.add_argument("--files", action="store_true", help=_("核对文件内容"))
        parser.add_argument("--derived", action="store_true", help=_("重算派生列"))
        parser.add_argument("--take-checkpoint", action="store_true", help=_("核对通过后签一个新的存证点"))
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        started = time.monotonic()
        resume: Path | None = options["resume"]
        done = load_progress(resume) if resume else {}

        def progress(count: int, total: int, tally: Tally) -> None:
            if resume:
                save_progress(resume, done)
            _show(count, total, sum(t.events for t in done.values()))

        checkpoint = _there(options["checkpoint"])
        whole = verify_journal(processes=options["processes"], done=done, progress=progress)
        if options["derived"]:
            whole.add(verify_derived())
        if options["files"]:
            for verify in registered_verifiers():
                whole.found.extend(verify())
        if checkpoint:
            whole.found.extend(self._checkpoint(checkpoint))
        if resume:
            resume.unlink(missing_ok=True)
        self._say(whole, time.monotonic() - started, as_json=options["json"])
        if whole.wrong:
            raise SystemExit(1)
        if options["take_checkpoint"]:
            take_checkpoint(verified=True)

    def _checkpoint(self, path: Path) -> list[Found]:
        try:
            return list(verify_against_checkpoint(path))
        except (CheckpointError, OSError) as error:
            raise CommandError(f"{path.name}: {error}", returncode=2) from error

    def _say(self, whole: Tally, seconds: float, *, as_json: bool) -> None:
        speed = round(whole.events / seconds) if seconds else 0
        if as_json:
            answer = {
                "clean": not whole.wrong,
                "events": whole.events,
                "streams": whole.streams,
                "rows": whole.rows,
                "payloads": whole.payloads,
                "erased": whole.erased,
                "seconds": f"{seconds:.2f}",
                "events_per_second": speed,
                "found": [found.as_json() for found in whole.wrong[:MOST_NAMED]],
                "found_in_all": len(whole.wrong),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        counted = {
            "events": f"{whole.events:,}",
            "streams": f"{whole.streams:,}",
            "rows": f"{whole.rows:,}",
            "payloads": f"{whole.payloads:,}",
            "erased": f"{whole.erased:,}",
            "seconds": f"{seconds:.1f}",
            "speed": f"{speed:,}",
        }
        self.stdout.write(
            _(
                "%(events)s 条事件 · %(streams)s 条流 · %(rows)s 行 · %(payloads)s 份旁存内容（已清除 %(erased)s） · %(seconds)s 秒 · %(speed)s 条/秒"
            )
            % counted
        )
        for found in whole.wrong[:MOST_NAMED]:
            self.stdout.write(f"  {found.fault}  {found.where}  {found.detail}".rstrip())
        wrong = len(whole.wrong)
        self.stdout.write(_("发现 %(count)s 处异常。") % {"count": wrong} if wrong else _("未发现异常。"))


def _there(file: Path | None) -> Path | None:
    """The file that was named; one that is not there is said before the long work, not after it."""
    if file is not None and not file.is_file():
        raise CommandError(_("找不到文件：%(files)s") % {"files": file}, returncode=2)
    return file


def _show(count: int, total: int, events: int) -> None:
    """A terminal sees one line grow; a log gets one line, when all is done."""
    words = _("核对 %(count)s/%(total)s 个分区 · %(events)s 条事件") % {
        "count": count,
        "total": total,
        "events": f"{events:,}",
    }
    watched = sys.stderr.isatty()
    if watched:
        sys.stderr.write(f"\r{words} ")
    if count == total:
        sys.stderr.write("\n" if watched else f"{words}\n")
    sys.stderr.flush()
