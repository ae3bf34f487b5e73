"""`bihuan intake FILE… [--json] [--commit --batch B]`: what a document says, passage by passage, and its problems."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bihuan.documents.errors import DocumentError
from bihuan.documents.sandbox import unpacked_in_sandbox
from bihuan.documents.scanning import read_with_scans
from bihuan.intake.contract import as_json as contract_json
from bihuan.intake.extraction.extracting import Extraction, extract
from bihuan.intake.unpacking import holds_files
from bihuan.intake.wording import refusal, what_is_wrong, what_would_be_right
from bihuan.journal.action import Refused
from bihuan.ledger.secrecy import refuse_marks_above

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

    from bihuan.documents.scanned import ScannedPage

MISUSED = 2
_LINE = 60


class Command(BaseCommand):
    """Reading needs no database; saving does, and starts it when it comes to that."""

    needs_database: ClassVar[bool] = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("把反馈文件切分为片段并提出候选问题；不加 --commit 时不保存任何内容")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--commit", action="store_true")
        parser.add_argument("--batch", metavar="B")

    def handle(self, *args: object, **options: Any) -> None:
        files: list[Path] = options["files"]
        missing = [str(file) for file in files if not file.is_file()]
        if missing:
            raise CommandError(_("找不到文件：%(files)s") % {"files": "、".join(missing)}, returncode=MISUSED)
        if options["commit"] != bool(options["batch"]):
            raise CommandError(_("--commit 与 --batch 必须同时给出"), returncode=MISUSED)
        if options["commit"]:
            self._commit(files, options["batch"], as_json=options["as_json"])
            return
        results = [
            result
            for number, file in enumerate(files, start=1)
            for result in self._read_with_contents(number, file, len(files))
        ]
        if options["as_json"]:
            plain = [result if isinstance(result, dict) else contract_json(result) for result in results]
            # One file gives one object, as other programs expect; several, also those inside one, give a list.
            self.stdout.write(
                json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=1)
            )
        else:
            for result in results:
                if isinstance(result, Extraction):
                    self._print(result)
        if any(isinstance(result, dict) for result in results):
            sys.exit(1)

    def _read_with_contents(
        self, number: int, file: Path, total: int
    ) -> Iterator[Extraction | dict[str, Any]]:
        """A file, and after an archive or letter what is inside it."""
        self.stderr.write(
            _("[%(number)s/%(total)s] %(name)s") % {"number": number, "total": total, "name": file.name}
        )
        content = file.read_bytes()
        outer = self._read(file.name, content)
        yield outer
        if isinstance(outer, Extraction) and holds_files(file.name, content):
            for name, inner in unpacked_in_sandbox(content, name=file.name):
                self.stderr.write(f"    {name}")
                yield self._read(name, inner)

    def _read(self, name: str, content: bytes) -> Extraction | dict[str, Any]:
        """The extraction, or the refusal as plain values."""
        try:
            refuse_marks_above("", name=name)
            document, _scanned = read_with_scans(content, name=name, looked_at=self._look_at)
            refuse_marks_above(document.text, name=name)
            return extract(document)
        except DocumentError as error:
            self.stderr.write(refusal(error))
            words = {"message": what_is_wrong(error), "accepted_words": what_would_be_right(error)}
            return {"error": {**error.as_plain(), **words}}
        except Refused as error:
            self.stderr.write(f"{name}: {error} {error.accepted}")
            refused = {
                "code": "refused",
                "file": name,
                "message": str(error),
                "accepted_words": str(error.accepted),
            }
            return {"error": refused}

    def _look_at(self, page: ScannedPage) -> None:
        """Each recognised page is asked for marks of secrecy before the next one."""
        refuse_marks_above(page.text)
        self.stderr.write("    " + _("已识别第 %(page)s 页") % {"page": page.number})

    def _commit(self, files: list[Path], batch: str, *, as_json: bool) -> None:
        from bihuan.installation.dispatch import ensure_database, leave
        from bihuan.intake.actions import receive_documents
        from bihuan.journal.action import Actor

        server = ensure_database()
        try:
            documents = receive_documents(files, batch, actor=Actor.the_system("intake.command"))
            received = [
                {"id": str(document.pk), "name": document.name, "sha256": document.sha256}
                for document in documents
            ]
        except Refused as error:
            raise CommandError(f"{error} {error.accepted}", returncode=1) from error
        finally:
            leave(server)
        if as_json:
            self.stdout.write(json.dumps({"received": received}, ensure_ascii=False, indent=1))
            return
        for row in received:
            self.stdout.write(f"{row['sha256'][:12]}  {row['name']}")

    def _print(self, extraction: Extraction) -> None:
        document = extraction.document
        self.stdout.write(f"{document.name}  {document.kind}  {document.sha256}")
        for number, passage in enumerate(extraction.passages, start=1):
            mark = f"#{passage.candidate}" if passage.candidate else ""
            text = " ".join(passage.text.split())
            shown = text if len(text) <= _LINE else f"{text[:_LINE]}…"
            self.stdout.write(f"{number:5} {passage.disposition:14} {mark:5} {shown}")
        self.stdout.write("")
        for candidate in extraction.candidates:
            units = "、".join(match.name for match in candidate.units)
            self.stdout.write(f"#{candidate.k} {candidate.source_no} {candidate.title}")
            self.stdout.write(
                f"    {candidate.sector.best} {candidate.sector.confidence:.2f} · {candidate.axes.nature} · "
                f"{candidate.axes.grade} · {candidate.axes.kind} · {units}"
            )
        self.stdout.write(
            _("片段 %(passages)s 个，候选问题 %(candidates)s 个，未处理 %(unaccounted)s 个")
            % {
                "passages": len(extraction.passages),
                "candidates": len(extraction.candidates),
                "unaccounted": extraction.unaccounted,
            }
        )
