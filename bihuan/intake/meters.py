"""The meter of passages still unaccounted for: how far a batch is, as one picture and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.intake.models import Disposition
from bihuan.journal.wording import strung

if TYPE_CHECKING:
    from bihuan.intake.standing import Standing

# Colours of the meter: several dispositions share one where telling them apart there would only be noise.
SEGMENTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("problem", gettext_lazy("问题"), (Disposition.PROBLEM,)),
    ("context", gettext_lazy("背景"), (Disposition.CONTEXT, Disposition.HEADING, Disposition.METADATA)),
    ("merit", gettext_lazy("成绩"), (Disposition.PRAISE,)),
    ("demand", gettext_lazy("要求和措施"), (Disposition.REQUIREMENT, Disposition.MEASURE_TAKEN)),
    ("dup", gettext_lazy("重复"), (Disposition.DUPLICATE,)),
    ("none", gettext_lazy("不是问题"), (Disposition.NOT_A_PROBLEM,)),
    ("clue", gettext_lazy("线索"), (Disposition.CLUE,)),
)
COLOUR_OF = {disposition: key for key, _label, dispositions in SEGMENTS for disposition in dispositions}


@dataclass(frozen=True)
class Segment:
    """One stretch of the meter; `x` and `width` are percentages as SVG writes them."""

    key: str
    label: str
    count: int
    x: str
    width: str


@dataclass(frozen=True)
class Meter:
    """The meter of passages still unaccounted for, ready to be drawn."""

    total: int
    accounted: int
    unaccounted: int
    pending: int
    segments: tuple[Segment, ...]
    obstacles: tuple[str, ...]

    @property
    def words(self) -> str:
        """The picture in words, for those who do not see it."""
        parts = strung(f"{one.label} {one.count}" for one in self.segments)
        return _("共 %(total)s 段：%(parts)s") % {"total": self.total, "parts": parts or _("尚无")}


def meter_of(standing: Standing) -> Meter:
    """Segments in a fixed order, the open ones last."""
    counts = [
        (key, str(label), sum(standing.by_disposition.get(name, 0) for name in names))
        for key, label, names in SEGMENTS
    ]
    counts.append(("open", _("未交代"), standing.unaccounted))
    segments, x = [], 0.0
    for key, label, count in counts:
        if count:
            width = count / standing.total * 100
            segments.append(Segment(key, label, count, f"{x:.2f}%", f"{width:.2f}%"))
            x += width
    return Meter(
        total=standing.total,
        accounted=standing.accounted,
        unaccounted=standing.unaccounted,
        pending=standing.pending,
        segments=tuple(segments),
        obstacles=tuple(standing.obstacles),
    )
