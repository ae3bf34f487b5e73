"""From the values of a ring or a clock panel to what their templates draw: paths, places, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.web import geometry
from bihuan.web.stages import ENDING_NAMES, STAGE_NAMES

if TYPE_CHECKING:
    from datetime import date

    from bihuan.web.components import Words
    from bihuan.web.sections import ClockPanel, Ring, RingStage


@dataclass(frozen=True, kw_only=True)
class DrawnStage:
    number: int
    state: str  # "passed", "now", "ahead", "skipped"
    name: Words
    below: Words
    path: str
    halo: str
    tick: str
    x: float
    y: float
    y_below: float


def _states(ring: Ring) -> list[str]:
    """A closed ring has passed its seventh stage, a held one all eight; otherwise what lies before now."""
    last_passed = {"closed": 7, "held": 8}.get(ring.ended, ring.now - 1)
    ended = ring.ended in ("closed", "held")
    states = []
    for number in range(1, geometry.STAGES + 1):
        if number <= last_passed:
            states.append("passed")
        elif number == ring.now and not ended:
            states.append("now")
        else:
            states.append("ahead")
    return states


def _drawn(number: int, state: str, given: RingStage | None) -> DrawnStage:
    name = (given.name if given else "") or STAGE_NAMES[number - 1]
    below: Words = ""
    if given is not None and given.words:
        below = given.words
    elif given is not None and given.on is not None:
        below = f"{given.on:%m-%d}"
    elif state == "now":
        below = _("进行中")
    if given is not None and given.skipped:
        state = "skipped"
    x, y = geometry.LABELS[number - 1]
    outer, inner = (109, 82) if state == "now" else (104, 84)
    return DrawnStage(
        number=number,
        state=state,
        name=name,
        below=below,
        path=geometry.segment(number, outer, inner),
        halo=geometry.segment(number, 118, 80, gap=0) if state == "now" else "",
        tick=geometry.tick(number) if state == "passed" else "",
        x=x,
        # With a date there are two lines around the centre, without one there is one on it.
        y=y - 7 if below else y,
        y_below=y + 8,
    )


def ring_context(ring: Ring) -> dict[str, object]:
    given = list(ring.stages)
    drawn = [
        _drawn(index + 1, state, given[index] if index < len(given) else None)
        for index, state in enumerate(_states(ring))
    ]
    present = drawn[ring.now - 1]
    centre = ring.centre or (ENDING_NAMES[ring.ended] if ring.ended else present.name)
    return {
        "stages": drawn,
        "colour": {"closed": 7, "held": 8}.get(ring.ended, ring.now),
        "centre": centre,
        # Long words (English, renamed stages) must fit into the hole of the ring.
        "centre_size": "mid-long" if len(str(centre)) > 4 else "mid-2",  # noqa: PLR2004 - four wide characters fit
        "over": _over(ring),
        "lines": list(ring.lines)[:2],
        "said": _said(ring, present),
        "suspended": ring.ended == "suspended",
    }


def _over(ring: Ring) -> str:
    if ring.ended in ("closed", "held"):
        return _("第 %(round)s 轮") % {"round": ring.round}
    return _("第 %(stage)s 阶段 · 第 %(round)s 轮") % {"stage": ring.now, "round": ring.round}


def _said(ring: Ring, present: DrawnStage) -> str:
    """What the picture says to those who cannot see it."""
    if ring.ended:
        words = {"name": present.name, "ended": ENDING_NAMES[ring.ended], "round": ring.round}
        return _("八个阶段，第 %(round)s 轮：%(ended)s，停在%(name)s") % words
    words = {"name": present.name, "stage": ring.now, "round": ring.round}
    return _("八个阶段，第 %(round)s 轮，现在是第 %(stage)s 阶段：%(name)s") % words


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A mark on the clock rail; the words stand above or below it and lean inwards at the ends."""

    place: float
    words: str
    anchor: str


def _anchor(place: float) -> str:
    if place > 88:  # noqa: PLR2004 - beyond this the words would leave the rail
        return "end"
    return "start" if place < 12 else "midt"  # noqa: PLR2004


def clock_context(panel: ClockPanel) -> dict[str, object]:
    context: dict[str, object] = {"panel": panel, "rail": None}
    if panel.start is None or panel.due is None or panel.today is None:
        return context
    rail = geometry.rail(panel.start, panel.today, panel.due, panel.first)
    over = [Pin(place=rail.today, words=_("今天"), anchor=_anchor(rail.today))]
    under = [
        Pin(
            place=rail.due,
            words=_due_words(panel.due, moved=rail.first is not None),
            anchor=_anchor(rail.due),
        )
    ]
    first = None
    if rail.first is not None and panel.first is not None:
        first = Pin(place=rail.first, words=_first_words(panel.first), anchor=_anchor(rail.first))
        # Two words closer than this would run into each other above the rail.
        if abs(rail.first - rail.today) < 14:  # noqa: PLR2004
            first = Pin(
                place=first.place, words=first.words, anchor="end" if rail.first <= rail.today else "start"
            )
            over = [
                Pin(
                    place=rail.today,
                    words=over[0].words,
                    anchor="start" if rail.first <= rail.today else "end",
                )
            ]
            if rail.today > 92 and rail.first <= rail.today:  # noqa: PLR2004
                over = [Pin(place=rail.today, words=_("今天"), anchor="end")]
                first = Pin(place=rail.first - 6, words=first.words, anchor="end")
    said = {"start": panel.start.isoformat(), "today": panel.today.isoformat(), "due": panel.due.isoformat()}
    context |= {
        "rail": rail,
        "over": over,
        "under": under,
        "first": first,
        "start_words": panel.start_words or f"{panel.start:%m-%d}",
        "said": _("从 %(start)s 到 %(due)s，今天 %(today)s") % said,
    }
    return context


def _due_words(due: date, *, moved: bool) -> str:
    day = f"{due:%m-%d}"
    return (_("现 %(day)s") if moved else _("到期 %(day)s")) % {"day": day}


def _first_words(first: date) -> str:
    return _("原 %(day)s") % {"day": f"{first:%m-%d}"}
