"""Reading and checking a ledger row by row, whatever its size: before anything is kept, and for the import.

A hundred thousand rows are never in memory together: a child reads them into a file, they come by one at a time, and
what may stand and what is wrong is laid out beside the ledger by the thousand.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext as _

from bihuan.documents.errors import DocumentError
from bihuan.documents.limits import Limits
from bihuan.documents.sandbox import rows_in_sandbox
from bihuan.files import store
from bihuan.intake.extraction.columns import HEADER_WITHIN
from bihuan.intake.extraction.spreadsheet import LedgerStream
from bihuan.intake.imports import staging
from bihuan.intake.imports.importing import lists_for
from bihuan.intake.imports.matching import Seen, mark_of
from bihuan.intake.imports.running import SheetCheck, sheets_of
from bihuan.intake.models import ImportRun
from bihuan.intake.refusals import refusal_of
from bihuan.intake.reporting.returned_forms import read_by
from bihuan.intake.source_columns import known_columns
from bihuan.journal.action import Refused
from bihuan.journal.wording import listed
from bihuan.ledger.repeats import NewRow
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.text.secrecy import clue_about_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bihuan.documents.model import Block
    from bihuan.intake.extraction.spreadsheet import LedgerRow
    from bihuan.intake.imports.running import BadCell, ImportRow

LIMITS: Final = Limits(characters=100_000_000)
SHOWN_PLACES: Final = 6
CHUNK: Final = 1000


def read_rows(name: str, content: bytes) -> Iterator[Block]:
    """The rows of a file in its order; a file that cannot be read is refused in words for a person."""
    try:
        yield from rows_in_sandbox(content, name=name, limits=LIMITS)
    except DocumentError as error:
        raise refusal_of(error, name) from error


class Gated(NamedTuple):
    """What the gate saw of a file that may be kept: its rows, and in how many of its sheets a header was found."""

    rows: int
    ledgers: int


def refuse_what_may_not_be_kept(
    name: str, content: bytes, *, remembered: Mapping[str, str] | None = None
) -> Gated:
    """Before anything is stored: marks of secrecy, clues about persons, a file without a table in it.

    Rows of the ledgers are counted; where no header is known, all rows, and each is asked whole for a clue.
    """
    refuse_marks_above("", name=name)
    places: list[str] = []
    unread: list[str] = []
    count = found = others = 0
    for blocks in sheets_of(read_rows(name, content)):
        head = list(islice(blocks, HEADER_WITHIN))
        stream = LedgerStream.begin(head, remembered=remembered)
        found += stream is not None
        rows = chain(head, blocks)
        while bundle := list(islice(rows, CHUNK)):
            refuse_marks_above("\n".join(block.text for block in bundle))
            if stream is not None:
                places += _clues(stream, bundle)
                count += len(bundle)
            else:
                unread += [_place(block) for block in bundle if clue_about_person(block.text)]
                others += len(bundle)
        if stream is not None:
            places += _places_of_clues(stream.finish()[0])
    _refuse_clues(name, places if found else unread)
    if not found and not others:
        raise no_header(name)
    return Gated(count if found else others, found)


def _refuse_clues(name: str, places: list[str]) -> None:
    if places:
        raise Refused(
            _("“%(file)s”第 %(places)s 行像是反映个人的问题线索，整份文件没有保存。")
            % {"file": name, "places": listed(places[:SHOWN_PLACES])},
            accepted=_("请把这些行取出，按线索渠道线下移交，其余各行再导入。"),
            field="file",
            places=places,
        )


def _clues(stream: LedgerStream, bundle: list[Block]) -> list[str]:
    for block in bundle:
        stream.feed(block)
    return _places_of_clues(stream.taken()[0])


def _places_of_clues(rows: list[LedgerRow]) -> list[str]:
    return [
        f"{row.sheet}!{row.line}" if row.sheet else str(row.line)
        for row in rows
        if clue_about_person(row.text)
    ]


def _place(block: Block) -> str:
    line = block.place.row or block.place.number
    return f"{block.place.name}!{line}" if block.place.name else str(line)


def no_header(name: str) -> Refused:
    """A file that holds no ledger by any name we know."""
    return Refused(
        _("“%(file)s”里没有找到台账的表头。") % {"file": name},
        accepted=_("表头要有“问题”一类的列，以及“责任单位”“整改时限”等列，放在前 15 行之内。"),
        field="file",
    )


def remembered_for(run: ImportRun) -> dict[str, str]:
    """What the columns of this file are called: as its form says, else as said of its source, of this very file last."""
    return read_by(run.form) if run.form else {**known_columns(run.batch), **run.columns}


def kept_content(run: ImportRun) -> bytes:
    """The file as it was handed in."""
    try:
        with store.open_stored(store.name_of(run.sha256)) as file:
            return file.read()
    except FileNotFoundError as error:
        raise Refused(_("这份文件已经不在了。"), accepted=_("请重新上传。")) from error


class Check:
    """The check of one file: everything in it laid out beside the ledger."""

    def __init__(self, run: ImportRun, tell: Callable[[int], object]) -> None:
        self.run, self.tell = run, tell
        self.lists = lists_for(run.batch)
        self.sheets: list[dict[str, object]] = []
        self.unread: list[dict[str, object]] = []
        self.seen: list[Seen] = []
        self.rows: list[NewRow] = []
        self.good = self.bad = self.n = 0
        self.remembered = remembered_for(run)

    def carry_out(self, *, remember: bool) -> None:
        """Read, check, lay out; `remember` keeps of every row what it is matched by."""
        read = 0
        for blocks in sheets_of(read_rows(self.run.name, kept_content(self.run))):
            head = list(islice(blocks, HEADER_WITHIN))
            sheet = SheetCheck.begin(head, self.lists, remembered=self.remembered)
            rows = 0
            for block in chain(head, blocks):
                if sheet is not None:
                    sheet.feed(block)
                rows += 1
                read += 1
                if read % CHUNK == 0:
                    self.tell(read)
                    if sheet is not None:
                        self._lay_out(*sheet.taken(), remember=remember)
            if sheet is not None:
                self._lay_out(*sheet.finish(), remember=remember)
                stream = sheet.stream
                self.sheets.append(
                    {"name": stream.sheet, "header_line": stream.header_line, "columns": sheet.columns}
                )
            else:
                self.unread.append({"name": head[0].place.name, "rows": rows})
        if not self.sheets:
            raise no_header(self.run.name)

    def _lay_out(self, rows: list[ImportRow], bad: list[BadCell], *, remember: bool) -> None:
        staging.stage_rows(self.run, self.n, rows)
        if remember:
            self.seen += [
                Seen(n, row.source_no, mark_of(row.text)) for n, row in enumerate(rows, start=self.n)
            ]
        if self.run.form_id is None:
            self.rows += [
                NewRow(n, row.title, row.text, row.source_no, row.likeness)
                for n, row in enumerate(rows, start=self.n)
            ]
        self.n += len(rows)
        lines = staging.stage_bad(self.run, self.n, bad)
        self.n += lines
        self.good += len(rows)
        self.bad += lines
