"""`bihuan checkpoint`: give out the public key, and check checkpoint files where there is no database at all."""

from __future__ import annotations

import json
import sys
from itertools import islice, pairwise
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
    went_back,
)
from bihuan.journal.checkpoint_words import words_of
from bihuan.journal.checkpoints import public_key
from bihuan.journal.public_key import UnreadableKey, as_pem, fingerprint, read_public_key

MOST_NAMED = 100


class Command(BaseCommand):
    needs_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("存证点：导出公钥（key）；离线核对存证文件（check），不需要数据库。")
        parts = parser.add_subparsers(dest="part", required=True)
        key = parts.add_parser("key", help=_("打印本机的公钥（PEM），指纹写到标准错误"))
        key.add_argument("--out", type=Path, help=_("写入这个文件，已有的文件不覆盖"))
        check = parts.add_parser("check", help=_("核对文件：签名、根；几个文件按时间先后互相核对"))
        check.add_argument("files", nargs="+", type=Path)
        check.add_argument(
            "--key", type=Path, required=True, help=_("另行保存的公钥（PEM 或 64 位十六进制数字）")
        )
        check.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if options["part"] == "key":
            self._key(options["out"])
        else:
            self._check(options["files"], options["key"], as_json=options["json"])

    def _key(self, out: Path | None) -> None:
        key = public_key()
        if out is None:
            self.stdout.write(as_pem(key), ending="")
        else:
            try:
                with out.open("x", encoding="ascii") as file:
                    file.write(as_pem(key))
            except OSError as error:
                raise CommandError(f"{out}: {words_of(error)}", returncode=2) from error
        sys.stderr.write(_("指纹 %(fingerprint)s") % {"fingerprint": fingerprint(key)} + "\n")

    def _check(self, paths: list[Path], key_file: Path, *, as_json: bool) -> None:
        try:
            key = read_public_key(key_file)
        except (UnreadableKey, OSError) as error:
            raise CommandError(f"{key_file}: {words_of(error)}", returncode=2) from error
        good, wrong = self._judged(paths, key)
        good.sort(key=lambda one: one.header.taken_at)
        for earlier, later in pairwise(good):
            files = {"later": later.path.name, "earlier": earlier.path.name}
            wrong += [
                _("%(later)s：流 %(stream)s 比 %(earlier)s 里的少了、短了或被改写")
                % {**files, "stream": leaf.stream}
                for leaf in islice(went_back(earlier, later), MOST_NAMED)
            ]
        if as_json:
            self.stdout.write(json.dumps(_as_json(good, wrong, key), ensure_ascii=False))
        else:
            self._say(good, wrong, key)
        if wrong:
            raise SystemExit(1)

    def _judged(self, files: list[Path], key: bytes) -> tuple[list[Checkpoint], list[str]]:
        good, wrong = [], []
        for path in files:
            try:
                checkpoint = read_checkpoint(path)
                check_signature(checkpoint.header, key)
            except (MalformedCheckpoint, OSError) as error:
                raise CommandError(f"{path}: {words_of(error)}", returncode=2) from error
            except CheckpointError as error:
                wrong.append(f"{path}: {words_of(error)}")
            else:
                good.append(checkpoint)
        return good, wrong

    def _say(self, good: list[Checkpoint], wrong: list[str], key: bytes) -> None:
        self.stdout.write(_("公钥指纹 %(fingerprint)s") % {"fingerprint": fingerprint(key)})
        for one in good:
            facts = {
                "file": one.path.name,
                "at": one.header.taken_at.isoformat(),
                "count": f"{one.header.count:,}",
            }
            self.stdout.write(_("%(file)s：签名和根都对；%(at)s 时有 %(count)s 条流") % facts)
        for words in wrong:
            self.stdout.write(words)


def _as_json(good: list[Checkpoint], wrong: list[str], key: bytes) -> dict[str, Any]:
    return {
        "clean": not wrong,
        "fingerprint": fingerprint(key),
        "checkpoints": [{"file": one.path.name, **one.header.as_json()} for one in good],
        "found": wrong,
    }
