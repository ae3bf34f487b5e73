"""What is wrong with the body of a call, in words a person reads: which field, why, and what would be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MISSING: Final = "missing"
UNKNOWN: Final = "extra_forbidden"
BODY: Final = ["body", "sent"]
"""What stands before a field's own name, and says nothing to whoever sent it."""

# The beginning of a complaint's kind -> what would be accepted. The first that fits counts.
_ACCEPTED: Final = (
    ("string_too_long", gettext_lazy("更短的文字")),
    ("string", gettext_lazy("文字，写在引号里")),
    ("int", gettext_lazy("整数")),
    ("bool", gettext_lazy("true 或 false")),
    ("uuid", gettext_lazy("记录的编号（UUID）")),
    ("datetime", gettext_lazy("时刻，如 2026-09-30T09:00:00+08:00")),
    ("timezone", gettext_lazy("时刻，如 2026-09-30T09:00:00+08:00")),
    ("date", gettext_lazy("日期，如 2026-09-30")),
    ("decimal", gettext_lazy('数字，写成文字，如 "125000.00"')),
    ("list", gettext_lazy("一列值，写在方括号里")),
    ("too_long", gettext_lazy("更少的值")),
    ("too_short", gettext_lazy("更多的值")),
    ("dict", gettext_lazy("名称与值，写在花括号里")),
    ("model", gettext_lazy("名称与值，写在花括号里")),
    ("none_required", gettext_lazy("null，或去掉这一项")),
)  # fmt: skip


def field_of(error: Mapping[str, Any]) -> str:
    """Where the fault is, as one writes it: ``new.title``, ``measures.0.deadline``."""
    place = [str(step) for step in error.get("loc", ())]
    inside = place[len(BODY) :] if place[: len(BODY)] == BODY else place[1:]
    return ".".join(inside)


def complaint(error: Mapping[str, Any]) -> tuple[str, str]:
    """One fault: what is wrong, and what would be right."""
    kind, field = str(error.get("type", "")), field_of(error)
    if kind == MISSING:
        if not field:
            return _("请求没有内容。"), _("请按接口说明用 JSON 写明各项。")
        return _("缺少“%(field)s”。") % {"field": field}, _("请给出这一项。")
    if kind == UNKNOWN:
        return _("没有“%(field)s”这一项。") % {"field": field}, _("请按接口说明填写，去掉多余的项。")
    right = next((words for start, words in _ACCEPTED if kind.startswith(start)), None)
    accepted = _("应为：%(accepted)s。") % {"accepted": right} if right else str(error.get("msg", ""))
    return _("“%(field)s”的值不对。") % {"field": field or "JSON"}, accepted


def all_of(errors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The answer to a wrong body: the first fault as a refusal says it, and every fault beside it."""
    said = [(field_of(error), *complaint(error)) for error in errors]
    field, message, accepted = said[0]
    return {
        "message": message,
        "accepted": accepted,
        "field": field,
        "faults": [{"field": at, "message": wrong, "accepted": right} for at, wrong, right in said],
    }
