"""A large ledger imported as the job does it: what each part costs, and the floor under it."""

from __future__ import annotations

import os
import random
import resource
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from django.db import connection

from bihuan.demo.bench.import_floor import floor_of
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ImportRun
from bihuan.journal.identity import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

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
class Step:
    """What one part took: seconds by the clock, and of the processor in this program's processes and in the database's."""

    seconds: float
    python: float
    database: float | None


@dataclass(frozen=True)
class Figures:
    """The parts of an import, the floor under them, and the memory of the process and of its reader (MB)."""

    rows: int
    steps: dict[str, Step]
    floor: dict[str, float]
    written_mb: int
    memory: int
    reader_memory: int
    repeating: int

    @property
    def seconds(self) -> float:
        """From the file to rows that stand."""
        return sum(step.seconds for step in self.steps.values())

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        floor = sum(self.floor.values())
        return {
            "rows": self.rows,
            "seconds": round(self.seconds, 1),
            **{f"{name}_seconds": round(step.seconds, 1) for name, step in self.steps.items()},
            **{f"{name}_python_seconds": round(step.python, 1) for name, step in self.steps.items()},
            **{
                f"{name}_database_seconds": round(step.database, 1)
                for name, step in self.steps.items()
                if step.database is not None
            },
            "rows_per_second": round(self.rows / self.seconds),
            **{f"floor_{name}_seconds": round(seconds, 2) for name, seconds in self.floor.items()},
            "floor_written_mb": self.written_mb,
            "times_the_floor": round(self.seconds / floor, 1),
            "peak_rss_mb": self.memory,
            "reader_peak_rss_mb": self.reader_memory,
            "repeating_rows": self.repeating,
        }

    def as_table(self) -> str:
        """For people."""
        lines = [("", "seconds", "rows/s", "ms/row", "python s", "database s")]
        for name, step in [*self.steps.items(), ("whole", self._whole())]:
            database = "-" if step.database is None else f"{step.database:.1f}"
            lines.append((name, *self._timed(step.seconds), f"{step.python:.1f}", database))
        for name, seconds in [*self.floor.items(), ("together", sum(self.floor.values()))]:
            lines.append((f"floor: {name}", *self._timed(seconds), "", ""))
        table = "\n".join(f"{name:16}" + "".join(f"{cell:>12}" for cell in cells) for name, *cells in lines)
        return (
            f"{table}\n{self.seconds / sum(self.floor.values()):.1f} times the floor;"
            f" {self.written_mb} MB written; peak memory {self.memory} MB, its reader {self.reader_memory} MB;"
            f" {self.repeating} rows repeat another"
        )

    def _timed(self, seconds: float) -> tuple[str, str, str]:
        return f"{seconds:.1f}", f"{self.rows / seconds:.0f}", f"{seconds / self.rows * 1000:.2f}"

    def _whole(self) -> Step:
        steps = self.steps.values()
        database = [step.database for step in steps if step.database is not None]
        return Step(self.seconds, sum(step.python for step in steps), sum(database) if database else None)


def sheet_of(rows: int, unit: str, states: Sequence[str] = STATES) -> bytes:
    """A ledger of so many rows in these states by turns, dates as spreadsheets keep them, every fiftieth row said twice."""
    draw = random.Random(rows)  # noqa: S311  (made-up rows)
    target = BytesIO()
    said = ""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet("台账")
        page.write_row(0, 0, HEADER)
        for at in range(rows):
            state = states[at % len(states)]
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


def measured(content: bytes, rows: int, batch: Batch, actor: Actor) -> Figures:
    """Hand the ledger in, check it, let it in; by the functions the pages and the job call."""
    clock = _Clock()
    run = import_runs.hand_in(f"bench-{new_id().hex[:8]}.xlsx", content, batch, actor=actor)
    steps = {"gate": clock.step()}
    import_runs.check(run.pk)
    steps["check"] = clock.step()
    run.refresh_from_db()
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    import_runs.enter(run.pk)
    steps["enter"] = clock.step()
    run.refresh_from_db()
    if run.state != ImportRun.State.DONE:
        raise RuntimeError(f"{run.state}: {run.failure}")
    # Measured before the floor, which holds all cells at once.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    floor, written = floor_of(content, batch.pk)
    return Figures(rows, steps, floor, written >> 20, memory, reader, int(run.counts.get("repeating", 0)))


class _Clock:
    """Time since last asked."""

    def __init__(self) -> None:
        self._last = self._now()

    def step(self) -> Step:
        now = self._now()
        seconds, python, database = (
            None if later is None or earlier is None else later - earlier
            for later, earlier in zip(now, self._last, strict=True)
        )
        self._last = now
        return Step(seconds or 0.0, python or 0.0, database)

    def _now(self) -> tuple[float, float, float | None]:
        spent = os.times()
        python = spent.user + spent.system + spent.children_user + spent.children_system
        return time.perf_counter(), python, _spent_by_database()


def _spent_by_database() -> float | None:
    """Processor seconds of the process that serves this connection, where it runs here and the system tells."""
    connection.ensure_connection()
    try:
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    except OSError:
        return None
    ticks = stat.rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
