"""The lights of tasks within a problem: the tree of measures, which keeps no clocks of its own.

A task's light is read by the rule of clocks from its days and its progress at the moment somebody looks: nothing fires
on it, so nothing needs to be stored. What lies below colours what lies above (`coloured`, pure).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from bihuan.deadlines import rules
from bihuan.deadlines.explaining import days_words, sentence
from bihuan.deadlines.models import ClockKind
from bihuan.deadlines.running import fitted
from bihuan.deadlines.schedule import WHOLE
from bihuan.deadlines.terms import LIGHTS
from bihuan.journal.timesource import today
from bihuan.ledger.rigour import policy_of

if TYPE_CHECKING:
    from datetime import date

    from bihuan.deadlines.models import Clock
    from bihuan.ledger.models import Problem
    from bihuan.policies.models import Policy

K = TypeVar("K", bound=Hashable)
LATE_FROM: Final = rules.Light.YELLOW
"""From here on a light below is lateness, and its task is named above; blue only says that a day comes near."""


@dataclass(frozen=True, kw_only=True)
class Task(Generic[K]):
    """One node as the rule sees it. `first_due` is the day first approved."""

    key: K
    parent: K | None
    start: date
    due: date
    first_due: date
    progress: int
    done: bool = False
    suspended_on: date | None = None
    milestones: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True)
class Branch(Generic[K]):
    """The light of a task with all that lies below it, and the task it comes from."""

    light: rules.Light
    source: K


@dataclass(frozen=True, kw_only=True)
class TaskLight(Generic[K]):
    """What a task shows: its own light with words and reason, where it should be today, and what its branch shows."""

    own: rules.Light
    words: str
    because: str
    scheduled: int
    branch: Branch[K]


def coloured(parents: Mapping[K, K | None], own: Mapping[K, rules.Light]) -> dict[K, Branch[K]]:
    """Each task -> the worst light of its branch; of equals its own stands first, then the first below."""
    below: dict[K, list[K]] = {}
    for task, parent in parents.items():
        if parent is not None:
            below.setdefault(parent, []).append(task)
    found: dict[K, Branch[K]] = {}

    def of(task: K) -> Branch[K]:
        if task not in found:
            found[task] = Branch(own[task], task)
            for part in below.get(task, ()):
                if of(part).light.severity > found[task].light.severity:
                    found[task] = found[part]
        return found[task]

    for task in parents:
        of(task)
    return found


def lights_of_tasks(
    problem: Problem, tasks: Sequence[Task[K]], clocks: Iterable[Clock]
) -> dict[K, TaskLight[K]]:
    """The light of every task of a problem today, under the rule its rectification clock keeps."""
    if not tasks:
        return {}
    policy = _lights_policy(problem, clocks)
    thresholds = rules.Thresholds.from_record(policy.body)
    day = today()
    clocks_now = {task.key: _clock(task, day) for task in tasks}
    readings = {
        task.key: rules.light_of(clocks_now[task.key], day, _fitted(task, thresholds)) for task in tasks
    }
    own = {task.key: rules.Light.GREEN if task.done else readings[task.key].light for task in tasks}
    branches = coloured({task.key: task.parent for task in tasks}, own)
    return {
        task.key: TaskLight(
            own=own[task.key],
            words="" if task.done else days_words(task.due, day, suspended=task.suspended_on is not None),
            because="" if task.done else _because(readings[task.key], policy),
            scheduled=WHOLE if task.done else rules.scheduled_on(clocks_now[task.key], day),
            branch=branches[task.key],
        )
        for task in tasks
    }


def _lights_policy(problem: Problem, clocks: Iterable[Clock]) -> Policy:
    kept = [
        clock.lights_policy
        for clock in clocks
        if clock.kind == ClockKind.RECTIFICATION and clock.round == problem.round
    ]
    return kept[-1] if kept else policy_of(problem, LIGHTS)


def _clock(task: Task[K], day: date) -> rules.Clock:
    return rules.Clock(
        start=min(task.start, task.due),
        due=task.due,
        first_due=task.first_due,
        progress=task.progress,
        ended_on=day if task.done else None,
        suspended_on=task.suspended_on,
        milestones=task.milestones,
    )


def _fitted(task: Task[K], thresholds: rules.Thresholds) -> rules.Thresholds:
    return fitted(thresholds, (task.first_due - task.start).days)


def _because(reading: rules.Reading, policy: Policy) -> str:
    causes = [
        {"rule": cause.rule.value, "light": cause.light.value, "data": dict(cause.data)}
        for cause in reading.causes
    ]
    explanation: dict[str, Any] = {
        "causes": causes,
        "lights": {"code": policy.code, "version": policy.version},
    }
    return sentence(explanation)


__all__ = ["LATE_FROM", "Branch", "Task", "TaskLight", "coloured", "lights_of_tasks"]
