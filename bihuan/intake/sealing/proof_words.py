"""A proof in words, for the page and the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.intake.sealing.proving import Point

if TYPE_CHECKING:
    from bihuan.intake.sealing.proving import Proof

LABELS: Final[dict[Point, tuple[Any, Any]]] = {
    Point.JOURNAL: (_("日志与现有记录"), _("%(n)s 条日志首尾相接，现有记录与日志一致")),
    Point.SEAL: (_("封账事件"), _("批次日志第 %(n)s 条；封账人没有交代过其中任何一段")),
    Point.PAPER: (_("证明文件"), _("SHA-256 与封账事件所载一致")),
    Point.FILES: (_("来文原件"), _("%(n)s 份，内容与收到时一致")),
    Point.PASSAGES: (_("片段交代"), _("按日志重新清点 %(n)s 段，与证明一致")),
    Point.PROBLEMS: (_("入账问题"), _("%(n)s 件都在台账，编号与证明一致")),
    Point.SAMPLE: (_("抽查样本"), _("按种子重新抽取 %(n)s 段，与复核的样本一致，答复全部一致")),
}
BROKEN: Final = _("不符")


@dataclass(frozen=True)
class Said:
    """One point, ready to be shown."""

    label: str
    words: str
    holds: bool
    where: tuple[str, ...]


def said_of(proof: Proof) -> list[Said]:
    """Every point with its words."""
    return [
        Said(
            str(LABELS[one.point][0]),
            str(LABELS[one.point][1]) % {"n": one.counted} if one.holds else str(BROKEN),
            one.holds,
            one.where,
        )
        for one in proof.points
    ]
