"""A ladder in words: one line a rung, as an office would say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.policies.ladder_shapes import AT_LIGHT, LEVELS, RUNGS
from bihuan.policies.shapes import DECIDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def ladder_facts(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Reminders, then each rung: what calls for it, what it needs and brings, who decides; then what concerns them all."""
    starts = _("%(rung)s；特急事项从%(critical)s开始") % {
        "rung": RUNGS[body["starts_at"]],
        "critical": RUNGS[body["critical_starts_at"]],
    }
    return [
        {"label": _("提醒"), "value": _reminder(body["reminder"])},
        *({"label": label, "value": _rung(body[code])} for code, label in RUNGS.items()),
        {"label": _("起始"), "value": starts},
        {"label": _("申辩"), "value": _("%(count)s 个工作日以内") % {"count": body["conduct_reply_days"]}},
        {"label": _("认定"), "value": _route(body["conduct_route"])},
        {"label": _("摘牌"), "value": _route(body["delisting_route"])},
    ]


def _reminder(told: Mapping[str, Any]) -> str:
    before = [told[name] for name in ("before_days", "again_before_days") if told[name] is not None]
    parts = [_("到期前 %(count)s 个工作日") % {"count": count} for count in before]
    if told.get("before_hours") is not None:
        parts.append(_("按小时计的，到期前 %(count)s 小时") % {"count": told["before_hours"]})
    if told["after_days"] is not None:
        parts.append(
            _("逾期 %(count)s 个工作日，以后每 %(every)s 个工作日，共不超过 %(most)s 次")
            % {"count": told["after_days"], "every": told["every_days"], "most": told["most"]}
        )
    return _("；").join([*(parts or [_("不启用")]), _scope(told)])


def _rung(rung: Mapping[str, Any]) -> str:
    conditions = list(_conditions(rung))
    if not conditions:
        return _("不启用")
    parts = [_("，或").join(conditions), _scope(rung)]
    if rung["gap_days"]:
        parts.append(_("距上一级办结至少 %(count)s 个工作日") % {"count": rung["gap_days"]})
    if rung["needs_conduct"]:
        parts.append(_("须先认定整改行为"))
    if rung["level"] != "unchanged":
        parts.append(_("督办级别至少为%(level)s") % {"level": LEVELS[rung["level"]]})
    return _("；").join([*parts, _route(rung["route"])])


def _conditions(rung: Mapping[str, Any]) -> Iterator[str]:
    if rung["after_days"] is not None:
        yield _("逾期 %(count)s 个工作日") % {"count": rung["after_days"]}
    if rung["at_light"] != "never":
        yield _("亮到%(light)s") % {"light": AT_LIGHT[rung["at_light"]]}
    if rung["yellows"] is not None:
        yield _("整改时限第 %(count)s 次转为黄灯以上") % {"count": rung["yellows"]}
    if rung["returns"] is not None:
        yield _("验收退回 %(count)s 次") % {"count": rung["returns"]}


def _scope(told: Mapping[str, Any]) -> str:
    return _("看各项时限") if told["clocks"] == "every" else _("只看整改时限")


def _route(steps: list[Mapping[str, str]]) -> str:
    return " → ".join(f"{step['name']}（{DECIDERS.get(step['decider'], step['decider'])}）" for step in steps)
