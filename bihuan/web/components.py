"""What pages are made of: plain values that a room's queries build and the tags of this room draw.

Every tag of `{% load bihuan %}` takes one of these, or a mapping with the same keys (`made` turns it into
the dataclass and refuses a key it does not know). So a room below this floor can hand over plain dicts
and need not import `bihuan.web`. The values know nothing of Django's request, of models or of the clock:
whoever builds them has already decided; here it is only drawn.

Values inside tables and facts (`Shown`) are more than words: a `Light`, `StageMark`, `Level`, `Due`, `Link`,
`Chip`, a date, or a list of these; each is drawn as its tag would draw it. Larger pieces, which are a whole
section of a page, live in `bihuan.web.sections`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from django.utils.functional import Promise

Words: TypeAlias = str | Promise
Colour = Literal["green", "blue", "yellow", "orange", "red", "off"]
Ending = Literal["", "closed", "held", "suspended"]
Tone = Literal["plain", "solid", "strong", "ink", "ok", "notice"]


# ---- marks: small enough for a table cell -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Light:
    """A derived signal: shape, letter and words. `because` is one sentence with rule and policy version."""

    colour: Colour
    words: Words = ""
    because: Words = ""


@dataclass(frozen=True, kw_only=True)
class StageMark:
    """The 20 px ring. `stage` 1 discover … 8 look back; `name` replaces the standard word of that stage."""

    stage: int
    name: Words = ""
    round: int = 1
    ended: Ending = ""


@dataclass(frozen=True, kw_only=True)
class Level:
    """Supervision level as ink weight: rank 0 常规 outline, 1 重点 grey, 2 提级 black outline, 3 挂牌 solid black."""

    name: Words
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline. The first one is struck through beside the current one when they differ."""

    current: date | None
    first: date | None = None
    extensions: int = 0
    missing: Words = ""
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Chip:
    words: Words
    tone: Tone = "plain"


@dataclass(frozen=True, kw_only=True)
class Link:
    words: Words
    url: str
    hint: Words = ""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something that ought to be there and is not: drawn in the colour of a notice, never as a blank."""

    words: Words


@dataclass(frozen=True, kw_only=True)
class Struck:
    """Words that hold no longer and stay to be read: struck through, and `said` so to who hears the page."""

    words: Words
    said: Words


@dataclass(frozen=True, kw_only=True)
class Percent:
    """Progress of 100, drawn as a bar with its number; `scheduled` is where one should be today."""

    value: int
    scheduled: int | None = None


Mark: TypeAlias = Light | StageMark | Level | Due | Chip | Link | Missing | Struck | Percent
Shown: TypeAlias = Words | int | date | datetime | Mark | Sequence[Words | Mark] | None


DRAWN_COLUMNS = 9
"""As many as the ledger's sheet takes beside each other."""

# ---- tables ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `key` names the width and place in the stylesheet; the ledger's keys are stage, no, title,
    light, source, sector, unit, due, level. Sorting is a link: `sort_url` leads to the next order. An `extra` column
    was chosen beyond the drawn ones: a phone shows it as a line with its label.
    """

    key: str
    label: Words
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    right: bool = False
    extra: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """`id` is what a ticked box sends; `name` is what a screen reader says for the row (its number). A row on which no
    act of the batch would do anything has no box (`pickable`).
    """

    id: str
    cells: Sequence[Shown]
    url: str = ""
    name: Words = ""
    selected: bool = False
    pickable: bool = True


@dataclass(frozen=True, kw_only=True)
class BatchAct:
    """One act on all ticked rows: its form is fetched from `url` with their ids as `pick` (repeated). `why_not`
    folds it away with its reason instead of a dead button.
    """

    label: Words
    url: str
    primary: bool = False
    why_not: Words = ""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The bar over a table with boxes. `all_label` (改选全部 412 件) appears when the whole page is ticked and
    sends `scope=all` with `filter`, the query string of the list; leave it empty where no act can take that.
    """

    acts: Sequence[BatchAct]
    all_label: Words = ""
    filter: str = ""


@dataclass(frozen=True, kw_only=True)
class Pager:
    """Keyset pages know only their neighbours. An empty url means there is no such neighbour."""

    range_words: Words = ""
    order_words: Words = ""
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Empty:
    """An empty list says what to do next."""

    title: Words
    sentence: Words = ""
    link: Link | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A list. `kind` "ledger" uses the ledger's drawn columns and phone stack; "plain" fits any columns, and on
    a phone each cell becomes a line with its column's label. The first cell of key "no" or "title" is the
    row's heading.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: Words
    kind: Literal["ledger", "plain"] = "plain"
    batch: Batch | None = None
    pager: Pager | None = None
    empty: Empty | None = None

    @property
    def wide(self) -> bool:
        """More columns than a sheet takes: it scrolls sideways by itself."""
        drawn = self.kind == "ledger" and not any(column.extra for column in self.columns)
        return len(self.columns) > DRAWN_COLUMNS and not drawn


@dataclass(frozen=True, kw_only=True)
class QueueAct:
    """The one button of a desk row. "dialog" loads a form; "post" acts at once; "link" opens a page."""

    label: Words
    url: str
    how: Literal["dialog", "post", "link"] = "dialog"


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    no: Words
    url: str
    sentence: Words
    mark: StageMark | None = None
    who: Words = ""
    waited: Words = ""
    light: Light | None = None
    extensions: int = 0
    act: QueueAct | None = None


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One pile of the desk: its title sits in the table head, so that all piles share one column grid.

    Where not everything was counted, `exact` is false and there are at least `total`.
    """

    key: str
    title: Words
    rows: Sequence[QueueRow]
    total: int
    exact: bool = True
    note: Words = ""
    who_head: Words = ""
    clock_head: Words = ""
    more: Link | None = None
    empty: Empty | None = None


# ---- above a table -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number over the desk or a report; `late` is the only reason to print it red."""

    label: Words
    value: Words | int
    url: str = ""
    note: Words = ""
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class FilterChip:
    label: Words
    value: Words
    remove_url: str


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    label: Words
    selected: bool = False


@dataclass(frozen=True, kw_only=True)
class FilterChoice:
    """A condition that may be added: a select (or dates, or words) sent by GET under `name`."""

    name: str
    label: Words
    options: Sequence[Option] = ()
    kind: Literal["select", "date", "text"] = "select"
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The bar of conditions. `kept` are name/value pairs the form must carry along (view, sort); without a
    `search_name` there is no box for words.

    `columns` are those the list may show, sent as `column` (repeated) by a form of their own, which carries
    `kept_beside` along.
    """

    url: str
    chips: Sequence[FilterChip] = ()
    choices: Sequence[FilterChoice] = ()
    search_name: str = "q"
    search_value: str = ""
    search_hint: Words = ""
    clear_url: str = ""
    kept: Sequence[tuple[str, str]] = ()
    columns: Sequence[Option] = ()
    kept_beside: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class SavedView:
    name: Words
    url: str
    count: Words | int | None = None
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class SavedViews:
    """Tabs of kept slices; `save_url` opens the form that keeps the present one, `forget_url` the one that drops it."""

    views: Sequence[SavedView]
    save_url: str = ""
    forget_url: str = ""
