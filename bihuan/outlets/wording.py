"""An outlet and what became of its dispatches, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.wording import listed
from bihuan.messages.kinds import Matter
from bihuan.outlets.checking import SECURITY
from bihuan.outlets.errors import LABELS, Why
from bihuan.outlets.keyring import opened_or_nothing
from bihuan.outlets.models import Dispatch, DispatchState, Outlet

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS: Final[Mapping[str, Any]] = {
    "host": gettext_lazy("服务器"),
    "port": gettext_lazy("端口"),
    "security": gettext_lazy("加密"),
    "user": gettext_lazy("用户名"),
    "sender": gettext_lazy("发件人"),
    "url": gettext_lazy("网关地址"),
    "method": gettext_lazy("请求方式"),
    "format": gettext_lazy("请求体"),
    "body": gettext_lazy("请求体模板"),
    "header": gettext_lazy("请求头"),
    "success_field": gettext_lazy("答复里看哪一项"),
    "success_value": gettext_lazy("等于什么算成功"),
}


def settings_facts(outlet: Outlet) -> list[dict[str, Any]]:
    """What is written down, without the secrets."""
    facts = [
        {"label": SETTINGS[name], "value": _value(name, outlet.settings[name])}
        for name in SETTINGS
        if name in outlet.settings
    ]
    matters = [str(Matter(one).label) for one in outlet.matters]
    return [
        *facts,
        {"label": _("密钥"), "value": _("已保存，不显示") if opened_or_nothing(outlet) else None},
        {"label": _("对方在内网"), "value": _("是") if outlet.intranet else _("否")},
        {"label": _("本系统的访问地址"), "value": outlet.site},
        {"label": _("只发这些事项"), "value": listed(matters) if matters else _("全部")},
    ]


def _value(name: str, value: Any) -> Any:
    if name == "security":
        return SECURITY.get(value, value)
    return str(value) or None


def pace_words(outlet: Outlet) -> str:
    """How many a minute."""
    return _("每分钟最多 %(count)s 条") % {"count": outlet.per_minute}


def trial_words(dispatch: Dispatch) -> str:
    """What became of a trial, with the receiver's own words."""
    when = f"{timezone.localtime(dispatch.made_at):%Y-%m-%d %H:%M}"
    if dispatch.state == DispatchState.DELIVERED:
        return _("%(when)s 已送达，对方答复：%(words)s") % {"when": when, "words": dispatch.words}
    return _("%(when)s 未送达：%(why)s") % {"when": when, "why": why_words(dispatch)}


def why_words(dispatch: Dispatch) -> str:
    """Why it did not go out, with the receiver's own words where there are any."""
    label = str(LABELS[Why(dispatch.why)]) if dispatch.why in set(Why) else dispatch.why
    if not dispatch.words:
        return label
    return _("%(why)s（%(words)s）") % {"why": label, "words": dispatch.words}


def trouble_row(dispatch: Dispatch) -> list[Any]:
    """A dispatch that did not go out, as cells: when, what, state, attempts, why."""
    what = (
        _("试验消息") if dispatch.trial else _("%(count)s 条消息") % {"count": getattr(dispatch, "count", 0)}
    )
    state: Any = dispatch.get_state_display()
    if dispatch.state == DispatchState.WAITING:
        again = f"{timezone.localtime(dispatch.next_at):%H:%M}"
        state = _("%(time)s 再试") % {"time": again}
    return [dispatch.made_at, what, state, dispatch.attempts, why_words(dispatch)]
