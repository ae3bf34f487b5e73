"""What a run of the benchmark found out, for machines and for people."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.demo.bench.effort import Effort
from bihuan.demo.bench.measure import Cost
from bihuan.journal.verify.report import Tally

LIGHTER = gettext_lazy("副本只含问题自己的日志流（不含方案、交办单、佐证），问题页比真实的轻。")


@dataclass(frozen=True)
class Outcome:
    """Rows asked for, events loaded, the size of the database, and what each part took."""

    rows: int
    loaded: int
    megabytes: int
    fill: Effort
    tidy: Effort
    verify: Effort
    floor: Effort
    tally: Tally
    costs: list[Cost]

    def speed(self, effort: Effort) -> int:
        """Events a second."""
        return round(self.tally.events / effort.wall)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "rows": self.rows,
            "loaded_events": self.loaded,
            "database_megabytes": self.megabytes,
            "fill": self.fill.as_json(),
            "vacuum": self.tidy.as_json(),
            "events": self.tally.events,
            "wrong": len(self.tally.wrong),
            "verify": self.verify.as_json() | {"events_per_second": self.speed(self.verify)},
            "floor": self.floor.as_json() | {"events_per_second": self.speed(self.floor)},
            "load": load(),
            "costs": [cost.as_json() for cost in self.costs],
            "note": str(LIGHTER),
        }

    def lines(self) -> list[str]:
        """For people."""
        heads = [
            (_("中位"), 9),
            ("p95", 9),
            (_("最大"), 9),
            (_("处理器"), 9),
            (_("查询"), 6),
            (_("裸 SQL"), 9),
            (_("倍数"), 7),
        ]
        milliseconds = _("毫秒")
        line = "".join(filled_to(words, width) for words, width in heads)
        return [
            _("%(rows)s 个问题 · 数据库 %(size)s MB")
            % {"rows": f"{self.rows:,}", "size": f"{self.megabytes:,}"},
            _("填充 %(events)s 条事件：%(effort)s；整理：%(tidy)s")
            % {"events": f"{self.loaded:,}", "effort": self.fill.words(), "tidy": self.tidy.words()},
            _("核对 %(events)s 条事件，%(speed)s 条/秒，异常 %(wrong)s：%(effort)s")
            % {
                "events": f"{self.tally.events:,}",
                "speed": f"{self.speed(self.verify):,}",
                "wrong": len(self.tally.wrong),
                "effort": self.verify.words(),
            },
            _("只取同样的字节并算 SHA-256，%(speed)s 条/秒：%(effort)s")
            % {"speed": f"{self.speed(self.floor):,}", "effort": self.floor.words()},
            f"{'':28}{line}  ({milliseconds})",
            *(cost.line() for cost in self.costs),
            _("机器此时的负荷：%(load)s") % {"load": load()},
            str(LIGHTER),
        ]


def load() -> str:
    """How many processes wanted the processor in the last minute: figures of a busy machine say little."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"


def filled_to(words: str, width: int) -> str:
    """Words at the right of a column: a Chinese character takes two places of it."""
    taken = sum(2 if east_asian_width(character) in "WF" else 1 for character in words)
    return " " * max(1, width - taken) + words
