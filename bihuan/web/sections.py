"""What a problem page is made of: the larger pieces, one dataclass for each section with its parts.

Same rules as in `bihuan.web.components`: plain values, already decided, drawn by the tag of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bihuan.web.components import Due, Empty, Ending, Light, Link, Percent, Shown, Words


@dataclass(frozen=True, kw_only=True)
class RingStage:
    """One of the eight. `words` stands where no date can (进行中, 免公示); `skipped` draws it hollow."""

    name: Words = ""
    on: date | None = None
    words: Words = ""
    skipped: bool = False


@dataclass(frozen=True, kw_only=True)
class Ring:
    """The product's picture. `stages` are the eight in order, or empty for the standard names without dates;
    `lines` are at most two short lines under the centre word.
    """

    now: int
    stages: Sequence[RingStage] = ()
    round: int = 1
    ended: Ending = ""
    centre: Words = ""
    lines: Sequence[Words] = ()


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One row of the clock table."""

    name: Words
    current: date | None
    first: date | None = None
    extensions: int = 0
    basis: Words = ""
    note: Words = ""


@dataclass(frozen=True, kw_only=True)
class ClockPanel:
    """The leading clock large (headline 余 22 天), the rail from its start to its due day, then every clock."""

    headline: Words
    light: Light
    due: date | None = None
    first: date | None = None
    extensions: int = 0
    start: date | None = None
    start_words: Words = ""
    today: date | None = None
    clocks: Sequence[Clock] = ()


@dataclass(frozen=True, kw_only=True)
class Fact:
    label: Words
    value: Shown


@dataclass(frozen=True, kw_only=True)
class Goal:
    """An indicator: baseline → now / target. `percent` is how much of the way is done."""

    name: Words
    baseline: Words
    now: Words
    target: Words
    percent: int
    unit: Words = ""


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who answers, in which role; `notes` are short facts beside the name (post, since when, share)."""

    role: Words
    name: Words
    notes: Sequence[Words] = ()


@dataclass(frozen=True, kw_only=True)
class SourceText:
    """The source's own words, verbatim, with where they stand and who may recognise them as fixed."""

    text: str
    origin: Sequence[Shown] = ()


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One node of the tree; `depth` 1 is what the plan says, 2 and 3 what was handed down."""

    no: Words
    title: Words
    unit: Words
    depth: int = 1
    tier: Words = ""
    tier_name: Words = ""
    url: str = ""
    person: Words = ""
    deliverable: Words = ""
    lacks: Words = ""
    due: Due | None = None
    progress: Percent | None = None
    light: Light | None = None


@dataclass(frozen=True, kw_only=True)
class Measures:
    rows: Sequence[Measure]
    note: Words = ""
    links: Sequence[Link] = ()
    empty: Empty | None = None


@dataclass(frozen=True, kw_only=True)
class EvidenceFile:
    """A file that proves something. `preview_url` is an image of ours; without one the kind is written large. `versions`: where its
    earlier versions are read, if a corrected file took their place.
    """

    name: Words
    url: str
    kind: Words = ""
    preview_url: str = ""
    alt: Words = ""
    heading: Words = ""
    taken_at: datetime | date | None = None
    by: Words = ""
    size: Words = ""
    digest: str = ""
    verified: bool | None = None
    cited_by: Words = ""
    versions: Link | None = None


@dataclass(frozen=True, kw_only=True)
class EvidencePair:
    before: EvidenceFile
    after: EvidenceFile


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Pairs stand before/after side by side; the rest is a grid."""

    files: Sequence[EvidenceFile] = ()
    pairs: Sequence[EvidencePair] = ()
    pair_note: Words = ""
    note: Words = ""
    link: Link | None = None
    empty: Empty | None = None


@dataclass(frozen=True, kw_only=True)
class RouteStep:
    """A step has a name, a holder and a wait. `status`: done, now, todo, returned, skipped."""

    name: Words
    status: Literal["done", "now", "todo", "returned", "skipped"]
    decision: Words = ""
    who: Words = ""
    when: datetime | date | None = None
    note: Words = ""


@dataclass(frozen=True, kw_only=True)
class Route:
    steps: Sequence[RouteStep]
    title: Words = ""
    note: Words = ""
    link: Link | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. `stage` colours the dot; `digest` is the short hash of its event."""

    at: datetime
    what: Words
    by: Words = ""
    stage: int | None = None
    url: str = ""
    digest: str = ""
    verified: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Timeline:
    entries: Sequence[Entry]
    note: Words = ""
    verified_words: Words = ""
    more: Link | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """An allowed action, with what will follow from it. "dialog" loads its form, "post" acts at once (then
    `confirm` asks first), "link" opens a page. At most one `primary` on a page.
    """

    label: Words
    url: str
    consequence: Words = ""
    primary: bool = False
    how: Literal["dialog", "post", "link"] = "dialog"
    confirm: Words = ""


@dataclass(frozen=True, kw_only=True)
class Denied:
    label: Words
    why: Words


@dataclass(frozen=True, kw_only=True)
class Acts:
    allowed: Sequence[Act]
    denied: Sequence[Denied] = ()


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A doubt to be answered: a title, one sentence, and links or acts that settle it."""

    title: Words
    sentence: Shown = None
    acts: Sequence[Act] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field that moved under the writer's hands; `typed` is what the writer has in the form."""

    label: Words
    before: Shown
    now: Shown
    typed: Shown = None


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Somebody else changed it first: who, when, and what. The form below keeps every word typed; without a form
    on the page (`form_below` false) the words wait on the page one came from.
    """

    who: Words = ""
    at: datetime | None = None
    changes: Sequence[Change] = ()
    form_below: bool = True


@dataclass(frozen=True, kw_only=True)
class Note:
    """A remark in the page. "refusal" says what is missing and, in `link`, where to mend it."""

    title: Words = ""
    lines: Sequence[Shown] = ()
    tone: Literal["info", "refusal", "late", "ok"] = "info"
    link: Link | None = None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Long work: it shows how far it is and says whether one may leave."""

    title: Words
    done: int
    total: int
    note: Words = ""
    left_words: Words = ""
