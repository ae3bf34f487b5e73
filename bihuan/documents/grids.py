"""Tables by the lines drawn around their cells: which cells there are, and what stands in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.documents.layout import in_reading_order
from bihuan.documents.lines import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.documents.layout import Run
    from bihuan.documents.pdf_page import Rule

_SAME = 2.5
_TOUCH = 4.0
_FEWEST_UPRIGHT = 3
_MOST_CELLS = 5_000


@dataclass(slots=True)
class Grid:
    """A table on a page: where its upright and level lines stand, and the runs of text inside."""

    uprights: list[Rule]
    levels: list[Rule]
    columns: list[float]
    lines: list[float]
    runs: list[Run] = field(default_factory=list)

    @property
    def top(self) -> float:
        """Where it begins."""
        return self.lines[0]

    def holds(self, run: Run) -> bool:
        """Whether a run stands inside."""
        middle, height = (run.left + run.right) / 2, run.base - run.size / 2
        return self.columns[0] <= middle <= self.columns[-1] and self.lines[0] <= height <= self.lines[-1]

    def rows(self) -> list[Row]:
        """What each row says, and its cells with merged ones filled in."""
        origin = self._origins()
        found: dict[tuple[int, int], list[Run]] = {}
        for run in self.runs:
            column = _between(self.columns, (run.left + run.right) / 2)
            line = _between(self.lines, run.base - run.size / 2)
            found.setdefault(origin[line, column], []).append(run)
        texts = {cell: _cell_text(runs) for cell, runs in found.items()}
        rows = []
        for line in range(len(self.lines) - 1):
            wanted = [origin[line, column] for column in range(len(self.columns) - 1)]
            own = dict.fromkeys(cell for cell in wanted if cell[0] == line and cell in texts)
            rows.append(
                Row("\t".join(texts[cell] for cell in own), tuple(texts.get(cell, "") for cell in wanted))
            )
        return rows

    def _origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each place of the grid the cell it belongs to: its own, or one it is merged with to the left or above."""
        origin: dict[tuple[int, int], tuple[int, int]] = {}
        for line in range(len(self.lines) - 1):
            height = (self.lines[line] + self.lines[line + 1]) / 2
            for column in range(len(self.columns) - 1):
                middle = (self.columns[column] + self.columns[column + 1]) / 2
                origin[line, column] = (line, column)
                if column and not _drawn(self.uprights, self.columns[column], height):
                    origin[line, column] = origin[line, column - 1]
                elif line and not _drawn(self.levels, self.lines[line], middle):
                    origin[line, column] = origin[line - 1, column]
        return origin


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its text, and one entry a column."""

    text: str
    cells: tuple[str, ...]


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """The tables of a page, from above. A frame around a page's text is none: a table has two columns at least."""
    uprights = sorted(_without_frame(rules), key=lambda rule: rule.begins)
    groups: list[list[Rule]] = []
    for rule in uprights:
        if groups and rule.begins <= max(one.ends for one in groups[-1]) + _TOUCH:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [grid for group in groups if (grid := _grid(group, rules)) is not None]


def _without_frame(rules: Sequence[Rule]) -> list[Rule]:
    """The upright lines but those of a frame around everything: it encloses the others, and no line inside meets it."""
    uprights = [rule for rule in rules if rule.is_upright]
    top = min((rule.begins for rule in uprights), default=0.0)
    bottom = max((rule.ends for rule in uprights), default=0.0)
    levels = [rule for rule in rules if not rule.is_upright and top + _TOUCH < rule.at < bottom - _TOUCH]

    def is_frame(rule: Rule) -> bool:
        whole = rule.begins <= top + _TOUCH and rule.ends >= bottom - _TOUCH
        return whole and not any(one.begins - _TOUCH <= rule.at <= one.ends + _TOUCH for one in levels)

    inside = [rule for rule in uprights if not is_frame(rule)]
    # Where every line reaches from top to bottom there is a row of cells and no frame.
    return inside or uprights


def _grid(uprights: list[Rule], rules: Sequence[Rule]) -> Grid | None:
    top, bottom = min(rule.begins for rule in uprights), max(rule.ends for rule in uprights)
    columns = _places(rule.at for rule in uprights)
    if len(columns) < _FEWEST_UPRIGHT:
        return None
    levels = [
        rule
        for rule in rules
        if not rule.is_upright
        and top - _TOUCH <= rule.at <= bottom + _TOUCH
        and rule.ends > columns[0]
        and rule.begins < columns[-1]
    ]
    # A row that goes on on the next page often has no line below it, and none above it there.
    lines = _places([top, *(rule.at for rule in levels), bottom])
    if len(lines) * len(columns) > _MOST_CELLS:
        return None
    return Grid(uprights, levels, columns, lines)


def _places(found: Iterable[float]) -> list[float]:
    """Places of lines, those drawn double or as thin boxes once."""
    places: list[float] = []
    for place in sorted(found):
        if not places or place - places[-1] > _SAME:
            places.append(place)
    return places


def _between(places: list[float], wanted: float) -> int:
    inside = sum(place <= wanted for place in places) - 1
    return min(max(inside, 0), len(places) - 2)


def _drawn(rules: Sequence[Rule], at: float, through: float) -> bool:
    return any(
        abs(rule.at - at) <= _SAME and rule.begins - _SAME <= through <= rule.ends + _SAME for rule in rules
    )


def _cell_text(runs: list[Run]) -> str:
    """The lines of a cell as one text: where they break is a matter of the column's width."""
    text = ""
    for line in in_reading_order(runs):
        text = joined(text, line.text) if text else line.text.strip()
    return text
