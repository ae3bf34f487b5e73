"""The numbers this room reads from policy: routes, limits of decline, extension and suspension, the period of notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bihuan.calendars.queries import calendar_for
from bihuan.calendars.rules import add_working_days, subtract_working_days
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.ledger.rigour import policy_of
from bihuan.organizations.tree import ids_on
from bihuan.policies.shapes import STARTING_SUSPENSIONS

if TYPE_CHECKING:
    from bihuan.calendars.rules import WorkingCalendar
    from bihuan.ledger.models import Problem
    from bihuan.rectification.verbs import Verb

NEVER: Final = date.fromisoformat(NO_DEADLINE)


def calendar_of(problem: Problem) -> WorkingCalendar:
    """The working days of the problem's place, its own calendar before those above it."""
    return calendar_for(*reversed(ids_on(problem.jurisdiction.path)))


def route_in_policy(problem: Problem, matter: Verb) -> list[tuple[str, str]]:
    """Names and deciders of the steps prescribed for a matter."""
    routes: dict[str, Any] = policy_of(problem, "approval_route").body["routes"]
    return [(step["name"], step["decider"]) for step in routes[matter.value.partition(".")[2]]]


def internal_deadline_for(problem: Problem, external: date) -> date:
    """Our own earlier date before one promised outside, never before today."""
    ahead = int(policy_of(problem, "internal_deadline").body["working_days_before"])
    return min(external, max(today(), subtract_working_days(external, ahead, calendar_of(problem))))


def decline_limit_passed(problem: Problem) -> bool:
    """Whether the unit's days to say that a problem is not theirs are over."""
    if problem.assigned_on is None or problem.state != State.ASSIGNED:
        return False
    days = int(policy_of(problem, "decline").body["working_days"])
    return today() > add_working_days(problem.assigned_on, days, calendar_of(problem))


@dataclass(frozen=True)
class ExtensionTerms:
    """How often, how long and until when one may ask."""

    most: int
    longest_days: int
    last_day_to_ask: date


def extension_terms(problem: Problem) -> ExtensionTerms:
    """The limits of extension in force for the problem."""
    body = policy_of(problem, "extension").body
    last = subtract_working_days(
        problem.external_deadline, int(body["ask_before_working_days"]), calendar_of(problem)
    )
    return ExtensionTerms(int(body["most"]), int(body["longest_days"]), last)


@dataclass(frozen=True)
class SuspensionTerms:
    """How often, and how long in all, the clock of a round may be stopped."""

    most: int
    longest_days: int


def suspension_terms(problem: Problem) -> SuspensionTerms:
    """The limits of suspension in force; versions from before stops were counted have the number of the starting set."""
    body = policy_of(problem, "suspension").body
    return SuspensionTerms(int(body.get("most", STARTING_SUSPENSIONS)), int(body["longest_days"]))


def days_stood_still(problem: Problem) -> int:
    """How many days the clock of this round stood still by approved stops that have ended."""
    ended = problem.suspensions_asked.filter(round=problem.round, resumed_on__isnull=False)
    stood = 0
    for since, until in ended.values_list("decided_on", "resumed_on"):
        stood += (until - since).days if since and until else 0
    return stood


def notice_until(problem: Problem, since: date) -> date:
    """The last day of the notice: its working days, the first day not counted."""
    days = int(policy_of(problem, "notice").body["working_days"])
    return add_working_days(since, days, calendar_of(problem))


def notice_place(problem: Problem) -> str:
    """Where results are shown unless said otherwise."""
    return str(policy_of(problem, "notice").body["place"])


def assurances_required(problem: Problem) -> bool:
    """Whether a plan must write down all five assurances (五落实)."""
    return bool(policy_of(problem, "rigour").body.get("five_assurances", False))
