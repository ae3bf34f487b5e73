"""A large ledger imported as the job does it, beside the floor under it: reading the cells and copying as many rows."""

from __future__ import annotations

import random
import resource
import time
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import python_calamine
import xlsxwriter
from django.conf import settings

from bihuan.installation.connections import connect
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ImportRun
from bihuan.journal.identity import new_id

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Batch

HEADER: Final = (
    "序号",
    "存在问题",
    "责任单位",
    "整改时限",
    "整改状态",
    "销号时间",
    "发现时间",
    "涉及金额（万元）",
)
STATES: Final = ("整改中", "已销号", "已登记", "待验收", "长期坚持")
WORDS: Final = (
    "供水管网漏损率超过控制指标", "巡检不到位", "群众多次反映未得到有效解决", "养殖场粪污直排沟渠", "存在饮水安全隐患",
    "项目资金拨付滞后", "台账不全", "制度未修订", "消防通道被占用", "应急演练流于形式", "合同未备案", "招标程序不规范",
)  # fmt: skip
DAY_ONE: Final = 46_000
TWIN: Final = 50
"""Every so many rows one is said again word for word, so that there is something to find."""


@dataclass(frozen=True)
class Figures:
    """Seconds of each part, and the memory of the process that did it and of its reader (MB)."""

    rows: int
    gate: float
    check: float
    enter: float
    read_floor: float
    copy_floor: float
    memory: int
    reader_memory: int
    repeating: int

    @property
    def seconds(self) -> float:
        """From the file to rows that stand."""
        return self.gate + self.check + self.enter

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        floor = self.read_floor + self.copy_floor
        return {
            "rows": self.rows,
            "seconds": round(self.seconds, 1),
            "gate_seconds": round(self.gate, 1),
            "check_seconds": round(self.check, 1),
            "enter_seconds": round(self.enter, 1),
            "rows_per_second": round(self.rows / self.seconds),
            "floor_seconds": round(floor, 2),
            "times_the_floor": round(self.seconds / floor, 1),
            "peak_rss_mb": self.memory,
            "reader_peak_rss_mb": self.reader_memory,
            "repeating_rows": self.repeating,
        }


def sheet_of(rows: int, unit: str) -> bytes:
    """A ledger of so many rows in five states, dates as spreadsheets keep them, every fiftieth row said twice."""
    draw = random.Random(rows)  # noqa: S311  (made-up rows)
    target = BytesIO()
    said = ""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet("台账")
        page.write_row(0, 0, HEADER)
        for at in range(rows):
            state = STATES[at % len(STATES)]
            if at % TWIN or not said:
                said = (
                    f"{draw.randrange(10**9)}号点位"
                    + "，".join(draw.sample(WORDS, draw.randint(3, 6)))
                    + "。"
                )
            held = "" if state == "已登记" else unit
            closed = "2026-05-20" if state == "已销号" else ""
            page.write_row(
                at + 1,
                0,
                (
                    at + 1,
                    said,
                    held,
                    DAY_ONE + at % 400,
                    state,
                    closed,
                    "2026-01-15",
                    12.5 if at % 7 == 0 else "",
                ),
            )
    return target.getvalue()


def floor_of(content: bytes) -> tuple[float, float]:
    """Seconds to read every cell, and to COPY as many plain rows into a table that goes again."""
    began = time.perf_counter()
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    lines = [[str(value) for value in row] for row in sheet.iter_rows()]
    read = time.perf_counter()
    columns = ", ".join(f"c{at} text" for at in range(len(HEADER)))
    # The running role makes no tables; the owner's is gone with its connection.
    with connect(settings.CONFIGURATION.owner_database) as owner:
        owner.execute(f"CREATE TEMPORARY TABLE bench_floor ({columns})")
        with owner.cursor() as cursor, cursor.copy("COPY bench_floor FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
    return read - began, time.perf_counter() - read


def measured(content: bytes, rows: int, batch: Batch, actor: Actor) -> Figures:
    """Hand the ledger in, check it, let it in; by the functions the pages and the job call."""
    steps = [time.perf_counter()]
    run = import_runs.hand_in(f"bench-{new_id().hex[:8]}.xlsx", content, batch, actor=actor)
    steps.append(time.perf_counter())
    import_runs.check(run.pk)
    steps.append(time.perf_counter())
    run.refresh_from_db()
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    import_runs.enter(run.pk)
    steps.append(time.perf_counter())
    run.refresh_from_db()
    if run.state != ImportRun.State.DONE:
        raise RuntimeError(f"{run.state}: {run.failure}")
    # Measured before the floor, which holds all cells at once.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    read_floor, copy_floor = floor_of(content)
    gate, check, enter = (later - earlier for earlier, later in pairwise(steps))
    return Figures(
        rows, gate, check, enter, read_floor, copy_floor, memory, reader, int(run.counts.get("repeating", 0))
    )
