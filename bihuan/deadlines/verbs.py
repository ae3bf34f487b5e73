"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. The last eight are reactions."""

    SWEEP = "deadlines.sweep"
    RAISE_LIGHT = "deadlines.raise_light"
    JUDGE_ACHIEVABILITY = "deadlines.judge_achievability"
    RECOUNT = "deadlines.recount"
    ASK_REAPPLICATION = "deadlines.ask_reapplication"
    STOP_REAPPLICATION = "deadlines.stop_reapplication"
    CLIMB = "deadlines.climb"
    TAKE_UP_RUNG = "deadlines.take_up_rung"
    DISMISS_RUNG = "deadlines.dismiss_rung"
    ASK_DELISTING = "deadlines.ask_delisting"
    OPEN_CONDUCT = "deadlines.open_conduct"
    REPLY_TO_CONDUCT = "deadlines.reply_to_conduct"
    DETERMINE_CONDUCT = "deadlines.determine_conduct"
    MOVE_CLOCKS = "deadlines.move_clocks"
    KEEP_CLOCKS = "deadlines.keep_clocks"
    REAPPLY_POLICY = "deadlines.reapply_policy"
    PLAN_RECOUNT = "deadlines.plan_recount"
    SETTLE_REAPPLICATION = "deadlines.settle_reapplication"
    SETTLE_RUNGS = "deadlines.settle_rungs"
    SETTLE_DELISTING = "deadlines.settle_delisting"
    SETTLE_CONDUCT = "deadlines.settle_conduct"


LABELS: Final = {
    Verb.SWEEP: _("亮灯更新"),
    Verb.RAISE_LIGHT: _("手工升级亮灯"),
    Verb.JUDGE_ACHIEVABILITY: _("判断能否按期"),
    Verb.RECOUNT: _("按公布的节假日重新计算期限"),
    Verb.ASK_REAPPLICATION: _("提请规则适用于在办事项"),
    Verb.STOP_REAPPLICATION: _("停止规则适用于在办事项"),
    Verb.SETTLE_REAPPLICATION: _("规则适用于在办事项的审批结果"),
    Verb.MOVE_CLOCKS: _("时钟随职责转移"),
    Verb.KEEP_CLOCKS: _("计时"),
    Verb.REAPPLY_POLICY: _("按新规则计时"),
    Verb.PLAN_RECOUNT: _("安排重新计算期限"),
    Verb.CLIMB: _("提醒和提出督办"),
    Verb.TAKE_UP_RUNG: _("提请督办"),
    Verb.DISMISS_RUNG: _("不予督办"),
    Verb.ASK_DELISTING: _("申请摘牌或降低督办级别"),
    Verb.OPEN_CONDUCT: _("提出整改行为认定"),
    Verb.REPLY_TO_CONDUCT: _("申辩"),
    Verb.DETERMINE_CONDUCT: _("提请认定整改行为"),
    Verb.SETTLE_RUNGS: _("督办提请的审批结果"),
    Verb.SETTLE_DELISTING: _("摘牌申请的审批结果"),
    Verb.SETTLE_CONDUCT: _("整改行为认定的审批结果"),
}
