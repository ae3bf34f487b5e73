"""The words of what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.desk.duties.gaps import Missing
from bihuan.journal.timesource import today

if TYPE_CHECKING:
    from bihuan.desk.duties.gaps import Gap


def gap_words(gap: Gap) -> str:
    """What is missing, for how long, and by which rule it is expected."""
    if gap.what is Missing.PLAN_MEETING:
        return _("方案还没有会议研究（规则第 %(version)d 版）") % {"version": gap.version}
    if gap.what is Missing.CLOSURE_MEETING:
        return _("销号还没有会议研究（规则第 %(version)d 版）") % {"version": gap.version}
    days = (today() - gap.since).days if gap.since else 0
    who = _("包抓领导") if gap.what is Missing.SPONSOR_VISIT else _("第一责任人")
    return _("%(who)s已 %(days)d 天没有现场督导，应每 %(every)d 天至少一次（规则第 %(version)d 版）") % {
        "who": who,
        "days": days,
        "every": gap.every,
        "version": gap.version,
    }
