"""What a unit hands in becomes a document of the batch, to be reviewed like any other.

It is read before the transaction; inside it only rows are written. What the unit itself says of a row (its sector, that
it is fixed already, by leaving the column empty that it is its own) stands as a person's choice beside what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.documents.excel import Sheet, workbook_bytes
from bihuan.drives.policy import may_answer
from bihuan.files import store
from bihuan.files.taking_in import Incoming, prepare
from bihuan.intake import keeping
from bihuan.intake.imports.running import state_said
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.intake.reading import Reading, read
from bihuan.intake.rereading import known_units
from bihuan.intake.source_columns import known_columns, refuse_unreadable, remember
from bihuan.intake.unpacking import refuse_files_inside
from bihuan.journal.action import Refused, current
from bihuan.learning.classifiers import classifier_for
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Sector
from bihuan.ledger.taxonomy import names_of, offered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.drives.models import DriveLine

MOST_ROWS: Final = 500
# Our name of a column -> its header in the sheet: the words intake's own reading knows, data and not interface.
COLUMNS: Final = {
    "title": "问题标题",
    "text": "问题描述",
    "sector": "所属领域",
    "site": "点位",
    "measures": "整改措施",
    "deadline": "整改时限",
    "state": "整改状态",
}
FIXED: Final = "已整改"
CALLED_FIXED: Final = frozenset({State.ACCEPTING, State.NOTICED, State.CLOSURE_REVIEW, State.CLOSED})


@dataclass(frozen=True)
class HandedIn:
    """A unit's answer, read and checked, its content stored and mentioned by no row yet; what it said of its columns."""

    reading: Reading
    incoming: Incoming
    columns: Mapping[str, str] = field(default_factory=dict)


def read_file(arguments: Mapping[str, Any]) -> HandedIn:
    """The file of `answer_with_file`; for somebody who may not answer nothing is read."""
    line, file = arguments["line"], arguments["file"]
    may_answer(arguments["actor"], [line], {})
    with store.open_stored(store.name_of(file.sha256)) as kept:
        content: bytes = kept.read()
    refuse_files_inside(file.name, content)
    columns: Mapping[str, str] = arguments.get("columns") or {}
    if columns:
        refuse_unreadable(columns)
    reading = _read(line, file.name, content, columns)
    _refuse_empty(reading)
    return HandedIn(reading, file, columns)


def read_rows(arguments: Mapping[str, Any]) -> HandedIn:
    """The rows of `answer_with_rows`, as the sheet the unit would have sent."""
    line: DriveLine = arguments["line"]
    may_answer(arguments["actor"], [line], {})
    name = f"{line.unit.name}自查问题{len(line.documents) + 1}.xlsx"
    content = sheet_of(line, arguments["rows"])
    reading = _read(line, name, content)
    return HandedIn(reading, prepare(BytesIO(content), name=reading.name, is_source=True))


def _read(line: DriveLine, name: str, content: bytes, columns: Mapping[str, str] | None = None) -> Reading:
    batch = line.drive.batch
    reading = read(
        name,
        content,
        units=known_units(batch.jurisdiction),
        base_date=batch.received_on,
        classifier=classifier_for(batch.jurisdiction),
        columns={**known_columns(batch, line.unit), **(columns or {})},
    )
    if reading.unread:
        raise Refused(
            _("“%(name)s”第 %(pages)s 页是图片，读不出报告的问题。")
            % {"name": name, "pages": "、".join(str(page) for page in reading.unread[:10])},
            accepted=_("请上传自查表，或有文字的 Word、PDF。"),
            field="file",
        )
    return reading


def _refuse_empty(reading: Reading) -> None:
    """A sheet whose header nobody knows must not stand as an answer with no problems: that is the nil return of two."""
    if not reading.candidates and not reading.held:
        raise Refused(
            _("“%(name)s”里没有读出问题。") % {"name": reading.name},
            accepted=_("请用下载的空表填写，或在本页逐行填写；没有问题的，请作零报告。"),
            field="file",
        )


def sheet_of(line: DriveLine, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as the spreadsheet the unit would have sent."""
    if not 0 < len(rows) <= MOST_ROWS:
        raise Refused(
            _("一次要填 1 至 %(n)s 行。") % {"n": MOST_ROWS}, accepted=_("没有发现问题的，请作零报告。")
        )
    names = sector_names(line)
    cells = []
    for number, row in enumerate(rows, start=1):
        unknown = sorted(set(row) - COLUMNS.keys() - {"fixed"})
        if unknown or not row.get("text", "").strip() or row.get("sector", "") not in names:
            raise Refused(
                _("第 %(n)s 行不完整。") % {"n": number},
                accepted=_("要写明问题描述，领域在本次自查范围之内，不含别的列。"),
                field="rows",
                row=number,
                unknown=unknown,
            )
        fixed = FIXED if row.get("fixed") == "yes" else ""
        given = {**row, "sector": names[row["sector"]], "state": row.get("state") or fixed}
        cells.append([str(number), *(given.get(name, "") for name in COLUMNS), line.unit.name])
    return workbook_bytes([Sheet(name="自查问题", header=_header(), rows=cells)])


def blank_sheet(line: DriveLine) -> bytes:
    """The sheet a unit may fill in and send: its own header, and on a second sheet the sectors that may be written."""
    names = [[name] for name in sector_names(line).values()]
    return workbook_bytes(
        [
            Sheet(name="自查问题", header=_header(), rows=[], widths=(6, 24, 48, 14, 16, 32, 14, 12, 20)),
            Sheet(name="可填领域", header=["所属领域"], rows=names, widths=(24,)),
        ]
    )


def _header() -> list[str]:
    return ["序号", *COLUMNS.values(), "责任单位"]


def sector_names(line: DriveLine) -> dict[str, str]:
    """The sectors of the call that are on offer today: code -> the name sheets are written in."""
    return {one.code: one.zh for one in offered(Sector.objects.filter(code__in=line.drive.sectors))}


def hand_in(line: DriveLine, handed: HandedIn) -> None:
    """Keep one document in the drive's batch and note it on the line. The caller saves the line."""
    batch = line.drive.batch
    current().lock([batch])
    keeping.refuse_if_sealed(batch)
    _refuse_twice(line, handed.reading)
    document = keeping.keep(batch, handed.reading, handed.incoming)
    _in_its_own_words(line, document, handed.reading)
    if handed.columns:
        remember(batch, handed.columns, line.unit)
    line.documents = [*line.documents, str(document.pk)]
    line.answered_at = current().now


def _refuse_twice(line: DriveLine, reading: Reading) -> None:
    """A unit learns of its own file which one it was; of another's only that it came already."""
    known = IntakeDocument.objects.filter(batch=line.drive.batch, sha256=reading.sha256).first()
    if known is None:
        return
    if str(known.pk) in line.documents:
        keeping.refuse_twice(line.drive.batch, reading.sha256, reading.name)
    raise Refused(
        _("“%(file)s”与本次自查已收到的一份文件内容完全相同。") % {"file": reading.name},
        accepted=_("请填写本单位自己的自查情况；没有问题的，请作零报告。"),
        field="file",
    )


def _in_its_own_words(line: DriveLine, document: IntakeDocument, reading: Reading) -> None:
    codes = dict(names_of(Sector.objects.filter(code__in=line.drive.sectors)))
    candidates = list(Candidate.objects.filter(document=document).order_by("k"))
    for candidate, as_read in zip(candidates, reading.candidates, strict=True):
        said: dict[str, object] = {}
        if code := codes.get(as_read.written.get("sector", "")):
            said["sector"] = code
        if state_said(as_read.written.get("state", "")) in CALLED_FIXED:
            said["fixed_on_entry"] = True
        if not as_read.proposals.get("lead_unit"):
            said["lead_unit"] = str(line.unit_id)
        candidate.choices = said
    Candidate.objects.save_all(candidates)
