"""Units, posts and people from a workbook: three sheets, every bad cell named, nothing half-saved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from bihuan.documents import BlockKind, DocumentError, Limits, read_document
from bihuan.journal.action import Refused
from bihuan.journal.wording import listed
from bihuan.organizations import actions
from bihuan.organizations.actions.structure import known_for
from bihuan.organizations.models import PostKind, UnitKind, UnitLevel
from bihuan.organizations.structure import (
    PEOPLE,
    POSTS,
    UNITS,
    Fault,
    PersonRow,
    PostRow,
    Structure,
    UnitRow,
    good_part,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bihuan.documents import Block
    from bihuan.journal.action import Actor
    from bihuan.organizations.structure import Words

LIMITS = Limits(bytes=10 * 1024 * 1024, rows=20_000, columns=200, unpacked=100 * 1024 * 1024)
KINDS = ("xlsx", "xls", "ods")
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
LIST = re.compile(r"[、,，;；\s]+")

REFUSALS: Mapping[str, Words] = {
    "empty": _("“%(file)s”里没有内容。"),
    "encrypted": _("“%(file)s”加了密码，打不开。"),
    "damaged": _("“%(file)s”已损坏，读不出来。"),
    "truncated": _("“%(file)s”不完整，读不出来。"),
    "too_large": _("“%(file)s”太大。"),
    "zip_bomb": _("“%(file)s”解开后异常庞大，已拒绝。"),
    "macro_bearing": _("“%(file)s”带有宏。"),
    "unsupported": _("“%(file)s”不是能读的表格。"),
}


class Unreadable(ValueError):
    """A cell does not hold what its column asks for; the argument says what would be right."""


def _text(cell: str) -> str:
    return " ".join(cell.split())


def _day(cell: str) -> date | None:
    if not cell:
        return None
    found = DATE.fullmatch(cell)
    if found is None:
        raise Unreadable(_("填日期，如 2025-01-01。"))
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise Unreadable(_("填真实存在的日期，如 2025-01-01。")) from error


def _yes(cell: str) -> bool:
    if cell in ("", "否", "no", "No"):
        return False
    if cell in ("是", "yes", "Yes"):
        return True
    raise Unreadable(_("填“是”或“否”。"))


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(part for part in LIST.split(cell) if part)


def _one_of(choices: type[UnitKind | UnitLevel | PostKind]) -> Callable[[str], Any]:
    """A reader of a closed list: the label in Chinese or in the reader's language, or the stored value."""

    def read(cell: str) -> Any:
        for choice, source in zip(choices, _labels(choices), strict=True):
            if cell in (source, str(choice.label), str(choice.value)):
                return choice.value
        raise Unreadable(_("填下列之一：%(words)s。") % {"words": listed(str(one.label) for one in choices)})

    return read


@dataclass(frozen=True)
class Column:
    """One column of the workbook: the field it fills, its heading, and how its cells are read."""

    field: str
    heading: str
    read: Callable[[str], Any] = _text
    required: bool = False
    choices: tuple[str, ...] = ()


def _labels(choices: type[UnitKind | UnitLevel | PostKind]) -> tuple[str, ...]:
    """The labels as they stand in the source language, whoever asks."""
    with override(None):
        return tuple(str(one.label) for one in choices)


# The headings are part of a file format: they do not change with the language of the page.
SHEETS: Mapping[str, tuple[type[UnitRow | PostRow | PersonRow], tuple[Column, ...]]] = {
    UNITS: (
        UnitRow,
        (
            Column("code", "单位代码", required=True),
            Column("name", "单位名称", required=True),
            Column("short_name", "简称"),
            Column("kind", "类别", _one_of(UnitKind), required=True, choices=_labels(UnitKind)),
            Column("level", "层级", _one_of(UnitLevel), required=True, choices=_labels(UnitLevel)),
            Column("parent", "上级代码"),
            Column("is_jurisdiction", "自设整改办", _yes, choices=("是", "否")),
            Column("party_committee", "党委(党组)"),
            Column("opened_on", "设立日期", _day),
        ),
    ),
    POSTS: (
        PostRow,
        (
            Column("unit", "单位代码", required=True),
            Column("name", "岗位名称", required=True),
            Column("kind", "岗位类别", _one_of(PostKind), required=True, choices=_labels(PostKind)),
            Column("section", "科室"),
            Column("portfolio", "分管领域代码", _codes),
            Column("serves", "服务岗位"),
        ),
    ),
    PEOPLE: (
        PersonRow,
        (
            Column("name", "姓名", required=True),
            Column("unit", "单位代码"),
            Column("post", "岗位名称"),
            Column("external_id", "统一身份标识"),
            Column("mobile", "手机号"),
            Column("email", "邮箱"),
            Column("since", "任职日期", _day),
        ),
    ),
}


@dataclass(frozen=True)
class Read:
    """What a workbook holds: rows that could be read, faults of those that could not, and every row as it stands."""

    structure: Structure
    faults: list[Fault]
    cells: Mapping[str, list[tuple[int, tuple[str, ...]]]]


def read_structure(content: bytes, file_name: str) -> Read:
    """Read a workbook. Raises `Refused` naming the file where it cannot be read at all."""
    try:
        document = read_document(content, name=file_name, limits=LIMITS)
    except DocumentError as error:
        words = REFUSALS.get(error.code, REFUSALS["unsupported"])
        place = f" {error.place}" if error.place else ""
        raise Refused(
            str(words) % {"file": f"{file_name}{place}"}, accepted=ACCEPTED, field="file"
        ) from error
    if document.kind not in KINDS:
        raise Refused(REFUSALS["unsupported"] % {"file": file_name}, accepted=ACCEPTED, field="file")
    sheets: dict[str, list[Block]] = {}
    for block in document.blocks:
        if block.kind == BlockKind.ROW:
            sheets.setdefault(block.place.name, []).append(block)
    if not sheets.keys() & SHEETS.keys():
        raise Refused(
            _("“%(file)s”里没有可导入的工作表。") % {"file": file_name}, accepted=ACCEPTED, field="file"
        )
    rows: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    for name in SHEETS:
        rows[name] = _read_sheet(name, sheets.get(name, []), faults)
    structure = Structure(tuple(rows[UNITS]), tuple(rows[POSTS]), tuple(rows[PEOPLE]))
    cells = {
        name: [(block.place.row or 0, block.cells) for block in blocks] for name, blocks in sheets.items()
    }
    return Read(structure, faults, cells)


ACCEPTED = _("请用“下载模板”得到的工作簿（xlsx），含“单位”“岗位”“人员”三张表，不加密、不带宏。")


def _read_sheet(name: str, blocks: list[Block], faults: list[Fault]) -> list[Any]:
    """The rows of one sheet; the first row that holds a known heading is the head."""
    make, columns = SHEETS[name]
    headings = {column.heading for column in columns}
    head = next((block for block in blocks if headings & {_heading(cell) for cell in block.cells}), None)
    if head is None:
        return []
    places = {_heading(cell): index for index, cell in enumerate(head.cells)}
    missing = [column.heading for column in columns if column.required and column.heading not in places]
    if missing:
        line = head.place.row or 0
        faults += [Fault(name, line, one, _("缺少这一列。"), _("请用模板的表头。")) for one in missing]
        return []
    rows = []
    for block in blocks[blocks.index(head) + 1 :]:
        line = block.place.row or 0
        values, wrong = _read_row(columns, block.cells, places)
        faults += [Fault(name, line, *one) for one in wrong]
        if not wrong:
            rows.append(make(line=line, **values))
    return rows


def _read_row(
    columns: tuple[Column, ...], cells: tuple[str, ...], places: Mapping[str, int]
) -> tuple[dict[str, Any], list[tuple[Words, Words, Words]]]:
    """The values by field, and what is wrong: (column, message, what would be right) each."""
    values: dict[str, Any] = {}
    wrong: list[tuple[Words, Words, Words]] = []
    for column in columns:
        index = places.get(column.heading)
        text = _text(cells[index]) if index is not None and index < len(cells) else ""
        if column.required and not text:
            wrong.append((column.heading, _("不能为空。"), _("请填写。")))
            continue
        try:
            values[column.field] = column.read(text)
        except Unreadable as error:
            wrong.append((column.heading, _("“%(text)s”读不懂。") % {"text": text[:40]}, error.args[0]))
    return values, wrong


def _heading(cell: str) -> str:
    """A heading without the star that marks it as required, and with plain brackets."""
    return cell.strip().rstrip("*").strip().replace("（", "(").replace("）", ")")


@dataclass(frozen=True)
class Outcome:
    """What an import did: how many were made, and what was left out and why."""

    made: Mapping[str, int]
    faults: list[Fault]
    marked: bytes = b""


def import_workbook(content: bytes, file_name: str, *, only_good: bool, actor: Actor) -> Outcome:
    """Import a workbook: all of it, or with `only_good` the rows that are right and hang on right ones."""
    read = read_structure(content, file_name)
    structure, faults = good_part(read.structure, known_for(read.structure))
    found = sorted([*read.faults, *faults], key=lambda one: (list(SHEETS).index(one.sheet), one.line))
    if found and not only_good:
        return Outcome({}, found, marked_workbook(read, found))
    if not len(structure):
        return Outcome({}, found, marked_workbook(read, found))
    made = actions.import_structure(structure=structure, file_name=file_name, actor=actor)
    return Outcome(made, found, marked_workbook(read, found) if found else b"")


def template_workbook() -> bytes:
    """An empty workbook with the three sheets, their headings, and lists to choose from."""
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, (_make, columns) in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for index, column in enumerate(columns):
                sheet.write_string(0, index, column.heading + ("*" if column.required else ""), bold)
                sheet.set_column(index, index, 18)
                if column.choices:
                    sheet.data_validation(
                        1, index, LIMITS.rows, index, {"validate": "list", "source": list(column.choices)}
                    )
    return stream.getvalue()


def marked_workbook(read: Read, faults: list[Fault]) -> bytes:
    """The workbook as it came, each bad row with what is wrong and what would be right in its first two columns."""
    import xlsxwriter

    by_row: dict[tuple[str, int], list[Fault]] = {}
    for fault in faults:
        by_row.setdefault((fault.sheet, fault.line), []).append(fault)
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        red = book.add_format({"font_color": "#B3261E", "text_wrap": True, "valign": "top"})
        for name, rows in read.cells.items():
            sheet = book.add_worksheet(name[:31])
            sheet.set_column(0, 1, 32)
            sheet.write_string(0, 0, gettext("问题"), red)
            sheet.write_string(0, 1, gettext("应改为"), red)
            for line, cells in rows:
                wrong = by_row.get((name, line), [])
                # The rows keep their numbers, so that the faults on the page and in the file agree.
                if wrong:
                    sheet.write_string(
                        line - 1, 0, "\n".join(f"{one.column}:{one.message}" for one in wrong), red
                    )
                    sheet.write_string(line - 1, 1, "\n".join(str(one.accepted) for one in wrong), red)
                for index, cell in enumerate(cells):
                    sheet.write_string(line - 1, index + 2, cell)
    return stream.getvalue()
