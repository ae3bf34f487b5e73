"""Saying why a light is on: one sentence made of the facts kept with the clock, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.deadlines.achievability import Achievability, Judge
from bihuan.deadlines.models.clocks import ACHIEVABILITY_LABELS
from bihuan.deadlines.rules import Light, Rule
from bihuan.policies.catalogue import label_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

LIGHT_WORDS: Final = {
    Light.OFF: gettext_lazy("不亮灯"),
    Light.GREEN: gettext_lazy("绿灯"),
    Light.BLUE: gettext_lazy("蓝灯"),
    Light.YELLOW: gettext_lazy("黄灯"),
    Light.ORANGE: gettext_lazy("橙灯"),
    Light.RED: gettext_lazy("红灯"),
}
RULE_WORDS: Final = {
    Rule.SUSPENDED: gettext_lazy("自 %(on)s 起停表"),
    Rule.ENDED: gettext_lazy("已于 %(on)s 停止计时"),
    Rule.OVERDUE: gettext_lazy("期限 %(due)s 已过，逾期 %(days_over)s 天"),
    Rule.EXTENDED: gettext_lazy("首次期限是 %(first_due)s，延期到 %(due)s 后最轻亮%(light)s"),
    Rule.RAISED: gettext_lazy("整改办手工升级为%(light)s"),
}
JUDGMENT_WORDS: Final = {
    Judge.UNIT: gettext_lazy("责任单位说%(word)s"),
    Judge.OFFICE: gettext_lazy("整改办判断%(word)s"),
}
BASIS_WORDS: Final = {
    "external": gettext_lazy("来源或交办单规定的期限"),
    "notice": gettext_lazy("公示至 %(until)s，期满后的第一个工作日结束"),
    "policy": gettext_lazy("按“%(policy)s”规则第 %(version)s 版计算"),
}


def light_words(light: str) -> str:
    """绿灯, 蓝灯 …"""
    return str(LIGHT_WORDS[Light(light)])


def sentence(explanation: Mapping[str, Any]) -> str:
    """Why the light is what it is: the decisive rules with their numbers, and the version that set the limits."""
    causes = explanation.get("causes", [])
    if not causes:
        return ""
    decisive = [cause for cause in causes if cause["light"] == causes[0]["light"]]
    said = _("；").join(_said(cause) for cause in decisive)
    lights = explanation["lights"]
    return _("%(light)s：%(said)s（“%(policy)s”规则第 %(version)s 版）。") % {
        "light": light_words(causes[0]["light"]),
        "said": said,
        "policy": label_of(lights["code"]),
        "version": lights["version"],
    }


def _said(cause: Mapping[str, Any]) -> str:
    rule = Rule(cause["rule"])
    data = {**cause["data"], "light": light_words(cause["light"])}
    if "due_at" in data:
        return _said_in_hours(rule, data)
    if rule is Rule.TIME_LEFT:
        if "threshold" in data:
            return _("距期限 %(due)s 还有 %(days_left)s 天，在 %(threshold)s 天以内") % data
        return _("距期限 %(due)s 还有 %(days_left)s 天") % data
    if rule is Rule.PROGRESS_GAP:
        return _said_of_progress(data)
    return _said_plainly(rule, data)


def _said_of_progress(data: Mapping[str, Any]) -> str:
    """Where an approved plan is the schedule, the milestone that passed last is named."""
    behind = "threshold" in data
    if "measure" not in data:
        if behind:
            return _("序时进度应为 %(scheduled)s%%，实际 %(progress)s%%，落后 %(gap)s 个百分点") % data
        return _("实际进度 %(progress)s%%，没有明显落后序时进度 %(scheduled)s%%") % data
    if behind:
        said = _("按方案进度应为 %(scheduled)s%%，实际 %(progress)s%%，落后 %(gap)s 个百分点") % data
    else:
        said = _("实际进度 %(progress)s%%，没有明显落后方案进度 %(scheduled)s%%") % data
    if data["measure"]:
        said += _("（措施 %(measure)s 到 %(by)s 应完成 %(percent)s%%）") % data
    return said


def _said_plainly(rule: Rule, data: Mapping[str, Any]) -> str:
    if rule is Rule.ACHIEVABILITY:
        word = ACHIEVABILITY_LABELS[Achievability(data["word"])]
        return str(JUDGMENT_WORDS[Judge(data["by"])]) % {"word": word}
    return str(RULE_WORDS[rule]) % data


def _said_in_hours(rule: Rule, data: dict[str, Any]) -> str:
    data["due"] = _told(data["due_at"])
    if rule is Rule.OVERDUE:
        return _("期限 %(due)s 已过，逾期 %(hours_over)s 小时") % data
    return _("距期限 %(due)s 还有 %(hours_left)s 小时") % data


def what_next(explanation: Mapping[str, Any]) -> str:
    """What happens next if nothing does: ``2026-12-05 转为黄灯``; empty where nothing will."""
    coming = explanation.get("next")
    if not coming:
        return ""
    day = _told(coming["at"]) if "at" in coming else coming["day"]
    return _("%(day)s 转为%(light)s") % {"day": day, "light": light_words(coming["light"])}


def basis_words(explanation: Mapping[str, Any]) -> str:
    """What the due day rests on."""
    basis = explanation.get("basis")
    if not basis:
        return ""
    policy = explanation["policy"]
    said = str(BASIS_WORDS[basis["from"]]) % {
        "policy": label_of(policy["code"]),
        "version": policy["version"],
        "until": basis.get("until", ""),
    }
    if basis.get("event_missing"):
        said += _("；起算事件没有记载，自开始计时之日起算")
    if basis.get("provisional"):
        said += _("；跨越节假日安排尚未公布的年份，暂定")
    return said


def time_words(due: date, due_at: datetime | None, now: datetime, *, suspended: bool) -> str:
    """The headline of a clock: as `days_words`, and by the hour within a day of a deadline that has one."""
    left = None if due_at is None else due_at - now
    if left is None or suspended or abs(left) >= timedelta(days=1):
        return days_words(due, now.date(), suspended=suspended)
    hours, minutes = divmod(int(abs(left).total_seconds()) // 60, 60)
    if left > timedelta(0):
        return _("余 %(hours)d 小时 %(minutes)02d 分") % {"hours": hours, "minutes": minutes}
    return _("已超 %(hours)d 小时 %(minutes)02d 分") % {"hours": hours, "minutes": minutes}


def moment_words(due: date, due_at: datetime | None) -> str:
    """The day a clock is due, and the hour where it has one."""
    if due_at is None:
        return due.isoformat()
    return timezone.localtime(due_at).strftime("%Y-%m-%d %H:%M")


def _told(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M")


def days_words(due: date, today: date, *, suspended: bool) -> str:
    """The headline of a clock: 余 5 天, 今日到期, 逾期 3 天, 停表."""
    if suspended:
        return _("停表")
    left = (due - today).days
    if left < 0:
        return ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", -left) % {"days": -left}
    if left == 0:
        return _("今日到期")
    return ngettext("余 %(days)s 天", "余 %(days)s 天", left) % {"days": left}
