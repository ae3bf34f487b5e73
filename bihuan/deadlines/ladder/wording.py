"""Saying why a rung was proposed: one sentence of the facts kept with it, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.deadlines.explaining import light_words
from bihuan.deadlines.ladder.rules import Trigger
from bihuan.policies.catalogue import label_of

if TYPE_CHECKING:
    from bihuan.deadlines.models import LadderStep

WHY: Final = {
    Trigger.COMING: gettext_lazy("%(clock)s期限 %(due)s，还有 %(working_days)s 个工作日"),
    Trigger.OVERDUE: gettext_lazy("%(clock)s期限 %(due)s，已过 %(working_days)s 个工作日"),
    Trigger.LIGHT: gettext_lazy("%(clock)s亮到%(light)s"),
    Trigger.YELLOWS: gettext_lazy("整改时限第 %(count)s 次转为黄灯以上，达到 %(threshold)s 次"),
    Trigger.RETURNS: gettext_lazy("验收退回 %(count)s 次，达到 %(threshold)s 次"),
}


def because(step: LadderStep) -> str:
    """Why: the condition that was met, with its numbers; the clock and the policy are read with the step."""
    data = {"clock": step.clock.get_kind_display(), **step.facts}
    if "light" in data:
        data["light"] = light_words(str(data["light"]))
    return str(WHY[Trigger(step.trigger)]) % data


def because_by_rule(step: LadderStep) -> str:
    """The same, with the version of the rule that says so."""
    return _("%(why)s（“%(policy)s”规则第 %(version)s 版）") % {
        "why": because(step),
        "policy": label_of(step.policy.code),
        "version": step.policy.version,
    }
