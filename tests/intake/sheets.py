"""Running ledgers as offices keep them, made for tests."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter

from bihuan.intake.imports import runs as import_runs
from bihuan.intake.imports import staging
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.journal import timesource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.intake.imports.running import BadCell, ImportRow
    from bihuan.ledger.models import Batch
    from tests.organizations.cast import Cast

HEADER = ("序号", "存在问题", "责任单位", "整改时限", "整改状态", "销号时间", "发现时间", "涉及金额（万元）")


def workbook(rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> bytes:
    """A sheet named 台账 with a merged title above its header."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet("台账")
        page.merge_range(0, 0, 0, len(header) - 1, "问题整改台账", book.add_format({"align": "center"}))
        for line, row in enumerate([header, *rows], start=1):
            for column, value in enumerate(row):
                page.write(line, column, value)
    return written.getvalue()


def rows(count: int, bad: frozenset[int] = frozenset()) -> list[list[object]]:
    """So many rows in turn of several states; those in `bad` (from 0) have one wrong cell each."""
    states = ("整改中", "已销号", "已登记", "待验收", "长期坚持")
    made: list[list[object]] = []
    for at in range(count):
        state = states[at % len(states)]
        unit = "" if state == "已登记" else "市水务局"
        closed = "2026-05-20" if state == "已销号" else ""
        row: list[object] = [
            at + 1,
            f"第{at + 1}号供水管网漏损率超过控制指标，巡检不到位。",
            unit,
            "2026-10-31",
            state,
            closed,
            "2026-01-15",
            "12.5" if at % 7 == 0 else "",
        ]
        if at in bad:
            row[3] = "等通知"
        made.append(row)
    return made


@dataclass
class Looked:
    """A ledger that was handed in and checked."""

    run: ImportRun

    @property
    def rows(self) -> list[ImportRow]:
        return [staging.row_of(one) for one in self.laid(StagedRow.Group.NEW)]

    @property
    def bad(self) -> list[BadCell]:
        return [cell for one in self.laid(StagedRow.Group.BAD) for cell in staging.bad_cells_of(one)]

    @property
    def bad_rows(self) -> int:
        return len(self.laid(StagedRow.Group.BAD))

    def laid(self, *groups: StagedRow.Group) -> list[StagedRow]:
        return list(StagedRow.objects.filter(run=self.run, group__in=groups).order_by("n"))


def look(batch: Batch, content: bytes, cast: Cast, name: str = "旧台账.xlsx") -> Looked:
    """Hand a ledger in; a few rows are checked at once."""
    return Looked(import_runs.begin(name, content, batch, actor=cast.coordinator.actor))


def take(batch: Batch, content: bytes, cast: Cast, name: str = "旧台账.xlsx") -> ImportRun:
    """Hand a ledger in and let its new rows in."""
    run = look(batch, content, cast, name).run
    import_runs.take(run, actor=cast.coordinator.actor)
    run.refresh_from_db()
    return run


def laid_out(batch: Batch, these: Sequence[ImportRow], cast: Cast) -> staging.StagedBlock:
    """Rows as a check would have laid them out, whatever a sheet could say."""
    coordinator = cast.coordinator.actor
    run = ImportRun.objects.create(
        batch=batch,
        person=coordinator.person,
        post=coordinator.post,
        language="zh-hans",
        name="旧台账.xlsx",
        sha256="0" * 64,
        asked_at=timesource.now(),
    )
    staging.stage_rows(run, 0, these)
    return staging.StagedBlock(list(StagedRow.objects.filter(run=run).order_by("n")))
