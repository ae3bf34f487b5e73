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

from bihuan.journal.checkpoint_file import (
    Checkpoint,
    CheckpointError,
    MalformedCheckpoint,
    check_signature,
    read_checkpoint,
)
from bihuan.journal.checkpoint_words import words_of
from bihuan.journal.checkpoints import take_checkpoint
from bihuan.journal.public_key import UnreadableKey, fingerprint, read_public_key
from bihuan.journal.verify.others import registered_verifiers
from bihuan.journal.verify.report import Tally
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
        parser.add_argument(
            "--key", type=Path, help=_("另行保存的公钥（PEM 或 64 位十六进制数字）：存证文件必须是用它签的")
        )
        parser.add_argument("--resume", type=Path, help=_("进度文件：中断后从这里继续"))
        parser.add_argument("--files", action="store_true", help=_("核对文件内容"))
        parser.add_argument("--derived", action="store_true", help=_("重算派生列"))
        parser.add_argument("--take-checkpoint", action="store_true", help=_("核对通过后签一个新的存证点"))
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        checkpoint = _trusted(options["checkpoint"], options["key"])
        started = time.monotonic()
        resume: Path | None = options["resume"]
        done = load_progress(resume) if resume else {}

        def progress(count: int, total: int, tally: Tally) -> None:
            if resume:
                save_progress(resume, done)
            _show(count, total, sum(t.events for t in done.values()))

        whole = verify_journal(processes=options["processes"], done=done, progress=progress)
        if options["derived"]:
            whole.add(verify_derived())
        if options["files"]:
            for verify in registered_verifiers():
                whole.found.extend(verify())
        if checkpoint:
            whole.found.extend(verify_against_checkpoint(checkpoint))
        if resume:
            resume.unlink(missing_ok=True)
        self._say(whole, time.monotonic() - started, checkpoint, as_json=options["json"])
        if whole.wrong:
            raise SystemExit(1)
        if options["take_checkpoint"]:
            take_checkpoint(verified=True)

    def _say(self, whole: Tally, seconds: float, checkpoint: Checkpoint | None, *, as_json: bool) -> None:
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
                "checkpoint": checkpoint and checkpoint.header.as_json(),
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


def _trusted(path: Path | None, key_file: Path | None) -> Checkpoint | None:
    """The checkpoint, judged before the long work begins: whole, signed, and by the key that was kept elsewhere."""
    if path is None:
        if key_file is not None:
            words = _("--key 要和 --checkpoint 一起用：它用来核对存证文件的签名。")
            raise CommandError(words, returncode=2)
        return None
    try:
        key = read_public_key(key_file) if key_file else None
    except (UnreadableKey, OSError) as error:
        raise CommandError(f"{key_file}: {words_of(error)}", returncode=2) from error
    try:
        checkpoint = read_checkpoint(path)
        check_signature(checkpoint.header, key)
    except (MalformedCheckpoint, OSError) as error:
        raise CommandError(f"{path}: {words_of(error)}", returncode=2) from error
    except CheckpointError as error:
        raise CommandError(f"{path}: {words_of(error)}", returncode=1) from error
    shown = {"file": path.name, "fingerprint": fingerprint(checkpoint.header.public_key)}
    sys.stderr.write(_("%(file)s：签名公钥的指纹 %(fingerprint)s") % shown + "\n")
    if key is None:
        sys.stderr.write(
            _("没有用 --key 给出公钥：只知道签名与文件自带的公钥相符。请与另行保存的公钥比对指纹。") + "\n"
        )
    return checkpoint
