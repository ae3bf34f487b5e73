"""`bihuan verify`: replay the journal and name every row, event or file that is not what was written."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

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
    help = "重放日志,核对台账;发现被改动的行、事件或文件时逐一指出,退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint", type=Path, help="再核对一个存证文件:签名、根,以及其中每条流的事件是否仍在"
        )
        parser.add_argument("--resume", type=Path, help="进度文件:中断后从这里继续")
        parser.add_argument("--files", action="store_true", help="核对文件内容")
        parser.add_argument("--derived", action="store_true", help="重算派生列")
        parser.add_argument("--take-checkpoint", action="store_true", help="核对通过后签一个新的存证点")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        started = time.monotonic()
        resume: Path | None = options["resume"]
        done = load_progress(resume) if resume else {}

        def progress(count: int, total: int, tally: Tally) -> None:
            if resume:
                save_progress(resume, done)
            sys.stderr.write(
                f"\r核对 {count}/{total} 个分区 · {sum(t.events for t in done.values()):,} 条事件 "
            )
            sys.stderr.flush()

        whole = verify_journal(processes=options["processes"], done=done, progress=progress)
        sys.stderr.write("\n")
        if options["derived"]:
            whole.add(verify_derived())
        if options["files"]:
            for verify in registered_verifiers():
                whole.found.extend(verify())
        if options["checkpoint"]:
            whole.found.extend(self._checkpoint(options["checkpoint"]))
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
        self.stdout.write(
            f"{whole.events:,} 条事件 · {whole.streams:,} 条流 · {whole.rows:,} 行 · "
            f"{whole.payloads:,} 份旁存内容（已清除 {whole.erased}） · {seconds:.1f} 秒 · {speed:,} 条/秒"
        )
        for found in whole.wrong[:MOST_NAMED]:
            self.stdout.write(f"  {found.fault}  {found.where}  {found.detail}".rstrip())
        self.stdout.write("未发现异常。" if not whole.wrong else f"发现 {len(whole.wrong)} 处异常。")
