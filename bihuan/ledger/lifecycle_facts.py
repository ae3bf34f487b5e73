"""What the lifecycle needs to know of a problem besides its state, and the conditions put on its steps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bihuan.ledger.lifecycle_words import Words

if TYPE_CHECKING:
    from collections.abc import Callable


class Notice(StrEnum):
    """When the result is put under public notice, by policy."""

    BEFORE_CLOSURE = "before_closure"
    AFTER_CLOSURE = "after_closure"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the table needs to know of a problem besides its state. The defaults are the long path."""

    short_path: bool = False
    """Policy lets a minor problem go without a plan."""
    notice: Notice = Notice.BEFORE_CLOSURE
    continuous: bool = False
    """The rectification kind is 持续整改."""
    already_fixed: bool = False
    """The source records that it was fixed while the inspection was still there (边审边改)."""
    source_is_external: bool = False
    plan_waiting: bool = False
    """A plan of this round is submitted and neither approved nor returned."""
    plan_owed: bool = False
    """The round began with the work under way (a rebound, a result sent back), and has no approved plan yet."""
    times_declined: int = 0
    declines_allowed: int = 2
    """At so many the leading group decides, by policy."""
    decided_from_above: bool = False
    """A meeting or a leader fixed the unit by name."""
    decline_limit_passed: bool = False
    notice_running: bool = False
    """A notice is published and has not been ended."""
    notice_period_over: bool = False
    filed: bool = False


class Condition(StrEnum):
    """When an edge applies."""

    ALWAYS = "always"
    NOT_FIXED_YET = "not_fixed_yet"
    ALREADY_FIXED = "already_fixed"
    ORDINARY_ORDER = "ordinary_order"
    DECLINED_OUT = "declined_out"
    MAY_BE_DECLINED = "may_be_declined"
    NEEDS_PLAN = "needs_plan"
    SHORT_PATH = "short_path"
    NO_PLAN_WAITING = "no_plan_waiting"
    PLAN_WAITING = "plan_waiting"
    PLAN_OWED = "plan_owed"
    NO_PLAN_OWED = "no_plan_owed"
    NOTICE_FIRST = "notice_first"
    NO_NOTICE_FIRST = "no_notice_first"
    PERIOD_OVER = "period_over"
    LATER_NOTICE_RUNNING = "later_notice_running"
    LATER_NOTICE_OVER = "later_notice_over"
    CONTINUOUS = "continuous"
    NOT_FILED = "not_filed"

    def holds(self, facts: Facts) -> bool:
        """Tell whether this condition holds for `facts`."""
        return _HOLDS[self](facts)


_HOLDS: Final[dict[Condition, Callable[[Facts], bool]]] = {
    Condition.ALWAYS: lambda _: True,
    Condition.NOT_FIXED_YET: lambda facts: not facts.already_fixed,
    Condition.ALREADY_FIXED: lambda facts: facts.already_fixed,
    Condition.ORDINARY_ORDER: lambda facts: facts.times_declined < facts.declines_allowed,
    Condition.DECLINED_OUT: lambda facts: facts.times_declined >= facts.declines_allowed,
    Condition.MAY_BE_DECLINED: lambda facts: (
        not facts.decided_from_above
        and not facts.decline_limit_passed
        and facts.times_declined < facts.declines_allowed
    ),
    Condition.NEEDS_PLAN: lambda facts: not facts.short_path,
    Condition.SHORT_PATH: lambda facts: facts.short_path,
    Condition.NO_PLAN_WAITING: lambda facts: not facts.plan_waiting,
    Condition.PLAN_WAITING: lambda facts: facts.plan_waiting,
    Condition.PLAN_OWED: lambda facts: facts.plan_owed and not facts.plan_waiting,
    Condition.NO_PLAN_OWED: lambda facts: not facts.plan_owed,
    Condition.NOTICE_FIRST: lambda facts: facts.notice is Notice.BEFORE_CLOSURE,
    Condition.NO_NOTICE_FIRST: lambda facts: facts.notice is not Notice.BEFORE_CLOSURE,
    Condition.PERIOD_OVER: lambda facts: facts.notice_period_over,
    Condition.LATER_NOTICE_RUNNING: lambda facts: facts.notice_running,
    Condition.LATER_NOTICE_OVER: lambda facts: facts.notice_running and facts.notice_period_over,
    Condition.CONTINUOUS: lambda facts: facts.continuous,
    Condition.NOT_FILED: lambda facts: not facts.filed,
}

CONDITION_WORDS: Final[dict[Condition, Words]] = {
    Condition.ALWAYS: Words("任何情况下", "always"),
    Condition.NOT_FIXED_YET: Words("尚未整改到位", "it is not fixed yet"),
    Condition.ALREADY_FIXED: Words("检查期间已整改（边审边改）", "it was fixed during the inspection"),
    Condition.ORDINARY_ORDER: Words("交办异议未到规定次数", "it was declined less often than policy allows"),
    Condition.DECLINED_OUT: Words("交办异议已到规定次数", "it was declined as often as policy allows"),
    Condition.MAY_BE_DECLINED: Words(
        "在异议期限内、异议未到规定次数，且承办单位不是会议或领导指定的",
        "within the limit, declined fewer than two times, and not fixed by a meeting or a leader",
    ),
    Condition.NEEDS_PLAN: Words("按规定需要整改方案", "policy asks for a plan"),
    Condition.SHORT_PATH: Words("一般问题走简易程序", "a minor problem takes the short path"),
    Condition.NO_PLAN_WAITING: Words("没有待审的方案", "no plan waits for a decision"),
    Condition.PLAN_WAITING: Words("有待审的方案", "a plan waits for a decision"),
    Condition.PLAN_OWED: Words(
        "本轮整改还没有方案，也没有待审的方案", "this round has no plan yet and none waits for a decision"
    ),
    Condition.NO_PLAN_OWED: Words(
        "本轮整改方案已经批准，或按规定不需要方案",
        "the plan of this round is approved, or policy asks for none",
    ),
    Condition.NOTICE_FIRST: Words("销号前须公示", "notice comes before closure"),
    Condition.NO_NOTICE_FIRST: Words("销号后公示或经批准不公示", "notice comes after closure or not at all"),
    Condition.PERIOD_OVER: Words("公示期已满", "the period of notice is over"),
    Condition.LATER_NOTICE_RUNNING: Words("销号后的公示尚未结束", "a notice after closure is running"),
    Condition.LATER_NOTICE_OVER: Words("销号后的公示期已满", "the period of a notice after closure is over"),
    Condition.CONTINUOUS: Words("整改类型为持续整改", "the rectification kind is continuous"),
    Condition.NOT_FILED: Words("尚未备案", "it is not filed yet"),
}
