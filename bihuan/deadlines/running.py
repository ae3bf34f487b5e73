"""Which clocks run in which state, and how thresholds suit a short period. Pure.

The table follows the state, not the verb that led there: however a problem comes to stand where it stands (by a step,
by an ending, from an imported ledger, by a rebound), the same clocks run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bihuan.deadlines.rules import Light
from bihuan.ledger.lifecycle_words import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.deadlines.rules import Thresholds

ACKNOWLEDGE: Final = "acknowledge"
PLAN: Final = "plan"
RECTIFICATION: Final = "rectification"
ACCEPTANCE: Final = "acceptance"
NOTICE: Final = "notice"

RUNNING_IN: Final[Mapping[State, frozenset[str]]] = {
    State.ASSIGNED: frozenset({ACKNOWLEDGE, RECTIFICATION}),
    State.PLANNING: frozenset({PLAN, RECTIFICATION}),
    State.RECTIFYING: frozenset({RECTIFICATION}),
    State.SUSPENDED: frozenset({RECTIFICATION}),
    State.ACCEPTING: frozenset({RECTIFICATION, ACCEPTANCE}),
    State.NOTICED: frozenset({RECTIFICATION, NOTICE}),
    State.CLOSURE_REVIEW: frozenset({RECTIFICATION}),
}
"""The deadline promised outside covers acceptance, notice and closure, so its clock runs until the problem is closed."""

AT_WORK: Final = frozenset({State.RECTIFYING, State.SUSPENDED})
"""Where even progress is expected: a plan in the making and a result awaiting judgement are not behind schedule."""


def clocks_in(state: State, *, notice_runs: bool = False, plan_owed: bool = False) -> frozenset[str]:
    """The kinds of clock of a problem in `state`. A notice may also run after closure, a plan be due while work goes on."""
    kinds = RUNNING_IN.get(state, frozenset())
    if state in AT_WORK and plan_owed:
        return kinds | {PLAN}
    if state is State.CLOSED and notice_runs:
        return kinds | {NOTICE}
    return kinds


def is_suspended(state: State) -> bool:
    """Whether the clocks of this state stand still."""
    return state is State.SUSPENDED


def fitted(thresholds: Thresholds, days: int) -> Thresholds:
    """The thresholds for a period of so many days.

    They are made for periods of months. On a period of days they would burn from the first day and tell nothing, so
    each begins no earlier than in the last part of the whole that the policy says: blue in the last half, and so on.
    """

    def at_most(limit: int | None, light: Light) -> int | None:
        return None if limit is None else min(limit, max(0, days) // thresholds.part_of(light))

    return replace(
        thresholds,
        blue_days=at_most(thresholds.blue_days, Light.BLUE),
        yellow_days=at_most(thresholds.yellow_days, Light.YELLOW),
        orange_days=at_most(thresholds.orange_days, Light.ORANGE),
    )
