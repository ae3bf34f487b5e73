"""What the members of a panel signed, as the 验收意见表 shows it: one line a member, dissent among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from bihuan.documents.official_lines import written_date
from bihuan.rectification.models import AcceptancePanel
from bihuan.rectification.panel_reading import PanelRead, Signature, read_panels

if TYPE_CHECKING:
    from collections.abc import Callable

    from bihuan.rectification.models import Acceptance

ALONE = "未组成验收组。"


def signed_by_panel(acceptance: Acceptance, quoted: Callable[[str], str]) -> dict[str, str]:
    """The lines of the panel of this verdict. `quoted` hides personal data in opinions; signers are officials."""
    panel = (
        AcceptancePanel.objects.filter(acceptance=acceptance)
        .exclude(state=AcceptancePanel.State.DISSOLVED)
        .first()
    )
    if panel is None:
        return {"验收组意见": ALONE}
    with override("zh-hans"):
        (read,) = read_panels([panel])
        lines = [_line(number, one, quoted) for number, one in enumerate(read.sitting, start=1)]
        return {"验收组意见": "\n".join([_counted(read), *lines])}


def _counted(read: PanelRead) -> str:
    sits = read.sitting
    agreed = sum(one.met is True for one in sits)
    against = sum(one.met is False for one in sits)
    waiting = len(sits) - agreed - against
    said = f"共{len(sits)}人，同意通过{agreed}人，不同意通过{against}人"
    return f"{said}，待签署{waiting}人。" if waiting else f"{said}。"


def _line(number: int, one: Signature, quoted: Callable[[str], str]) -> str:
    chair = "（组长）" if one.chair else ""
    who = f"{number}. {one.name}{chair}　{one.unit}{one.post}"
    if one.met is None:
        return f"{who}：待签署。"
    failed = f"未通过：{'、'.join(one.failed)}。" if one.failed else ""
    day = written_date(one.signed_on) if one.signed_on else ""
    verdict = "同意通过" if one.met else "不同意通过"
    dissent = "（与验收组结论不同）" if one.dissents else ""
    return f"{who}：{verdict}{dissent}。{quoted(one.opinion).rstrip('。')}。{failed}（{day}签署）"
