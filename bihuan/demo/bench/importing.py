"""A large ledger imported as the job does it: what each part costs, and the floor under it."""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from bihuan.demo.bench.effort import Spent, spent
from bihuan.demo.bench.import_floor import floor_of
from bihuan.demo.bench.memory import most_memory
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ImportRun
from bihuan.journal.identity import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    """The parts of an import, the floor under them, and how much memory all processes of each part held at most (MB)."""

    rows: int
    steps: dict[str, Spent]
    floor: dict[str, float]
    written_mb: int
    memory: dict[str, int]
    repeating: int

    @property
    def seconds(self) -> float:
        """From the file to rows that stand."""
        return sum(step.wall for step in self.steps.values())

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        floor = sum(self.floor.values())
        return {
            "rows": self.rows,
            "seconds": round(self.seconds, 1),
            **{f"{name}_seconds": round(step.wall, 1) for name, step in self.steps.items()},
            **{f"{name}_python_seconds": round(step.program, 1) for name, step in self.steps.items()},
            **{
                f"{name}_database_seconds": round(step.server, 1)
                for name, step in self.steps.items()
                if step.server is not None
            },
            "rows_per_second": round(self.rows / self.seconds),
            **{f"floor_{name}_seconds": round(seconds, 2) for name, seconds in self.floor.items()},
            "floor_written_mb": self.written_mb,
            "times_the_floor": round(self.seconds / floor, 1),
            **{f"{name}_peak_memory_mb": most for name, most in self.memory.items()},
            "repeating_rows": self.repeating,
        }

    def as_table(self) -> str:
        """For people."""
        lines = [("", "seconds", "rows/s", "ms/row", "python s", "database s", "memory MB")]
        most = self.memory | {"whole": max(self.memory.values())}
        for name, step in [*self.steps.items(), ("whole", self._whole())]:
            database = "-" if step.server is None else f"{step.server:.1f}"
            lines.append((name, *self._timed(step.wall), f"{step.program:.1f}", database, str(most[name])))
        for name, seconds in [*self.floor.items(), ("together", sum(self.floor.values()))]:
            lines.append((f"floor: {name}", *self._timed(seconds), "", "", ""))
        table = "\n".join(f"{name:16}" + "".join(f"{cell:>12}" for cell in cells) for name, *cells in lines)
        return (
            f"{table}\n{self.seconds / sum(self.floor.values()):.1f} times the floor;"
            f" {self.written_mb} MB written;"
            f" {self.repeating} rows repeat another"
        )

    def _timed(self, seconds: float) -> tuple[str, str, str]:
        return f"{seconds:.1f}", f"{self.rows / seconds:.0f}", f"{seconds / self.rows * 1000:.2f}"

    def _whole(self) -> Spent:
        steps = self.steps.values()
        server = [step.server for step in steps if step.server is not None]
        return Spent(self.seconds, sum(step.program for step in steps), sum(server) if server else None)


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
    steps: dict[str, Spent] = {}
    memory: dict[str, int] = {}
    with _step("gate", steps, memory):
        run = import_runs.hand_in(f"bench-{new_id().hex[:8]}.xlsx", content, batch, actor=actor)
    with _step("check", steps, memory):
        import_runs.check(run.pk)
    run.refresh_from_db()
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    with _step("enter", steps, memory):
        import_runs.enter(run.pk)
    run.refresh_from_db()
    if run.state != ImportRun.State.DONE:
        raise RuntimeError(f"{run.state}: {run.failure}")
    # Measured before the floor, which holds all cells at once.
    floor, written = floor_of(content, batch.pk)
    return Figures(rows, steps, floor, written >> 20, memory, int(run.counts.get("repeating", 0)))


@contextmanager
def _step(name: str, steps: dict[str, Spent], memory: dict[str, int]) -> Iterator[None]:
    before = spent()
    with most_memory() as held:
        yield
    steps[name], memory[name] = spent() - before, held.most
