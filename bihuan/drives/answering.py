"""What a unit hands in becomes a document of the batch, to be reviewed like any other."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.documents.excel import Sheet, workbook_bytes
from bihuan.files import store
from bihuan.files.taking_in import Incoming, prepare
from bihuan.intake import keeping
from bihuan.intake.reading import read
from bihuan.intake.rereading import known_units
from bihuan.intake.unpacking import refuse_files_inside
from bihuan.journal.action import Refused, current
from bihuan.ledger.models import Sector
from bihuan.ledger.taxonomy import offered

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


def sheet_of(line: DriveLine, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as the spreadsheet the unit would have sent."""
    if not 0 < len(rows) <= MOST_ROWS:
        raise Refused(
            _("一次要填 1 至 %(n)s 行。") % {"n": MOST_ROWS}, accepted=_("没有发现问题的，请作零报告。")
        )
    names = {sector.code: sector.zh for sector in offered(Sector.objects.filter(code__in=line.drive.sectors))}
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
    header = ["序号", *COLUMNS.values(), "责任单位"]
    return workbook_bytes([Sheet(name="自查问题", header=header, rows=cells)])


def hand_in(line: DriveLine, name: str, content: bytes, incoming: Incoming | None = None) -> None:
    """Keep one document in the drive's batch and note it on the line. The caller saves the line."""
    batch = line.drive.batch
    current().lock([batch])
    keeping.refuse_if_sealed(batch)
    refuse_files_inside(name, content)
    reading = read(name, content, units=known_units(batch.jurisdiction), base_date=current().today)
    keeping.refuse_twice(batch, reading.sha256, reading.name)
    kept = incoming or prepare(BytesIO(content), name=reading.name, is_source=True)
    document = keeping.keep(batch, reading, kept)
    line.documents = [*line.documents, str(document.pk)]
    line.answered_at = current().now


def content_of(file: Incoming) -> bytes:
    """The bytes of a file that was checked and stored."""
    with store.open_stored(store.name_of(file.sha256)) as kept:
        content: bytes = kept.read()
    return content
