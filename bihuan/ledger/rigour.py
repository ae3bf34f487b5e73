"""How strictly a problem is handled: by policy, from its source and grade, with the source's own customs first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.journal.open_action import current, is_open
from bihuan.journal.timesource import today
from bihuan.policies.queries import policy_for
from bihuan.policies.rigour_shapes import RAISED_AT_FIRST
from bihuan.policies.shapes import STARTING_DECLINES

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem
    from bihuan.policies.models import Policy

RIGOUR = "rigour"
DECLINE = "decline"


@dataclass(frozen=True)
class Rigour:
    """`short_path`: no plan needed; `notice`: before_closure, after_closure or none; `raise_at_return`: see the policy."""

    short_path: bool
    notice: str
    accepts: str
    closes: str
    raise_at_return: int


def policy_of(problem: Problem, code: str) -> Policy:
    """The policy in force today for this problem, quoted in the open action's events."""
    policy = policy_for(
        code,
        jurisdiction=problem.jurisdiction,
        source=problem.source.code,
        sector=problem.sector.code,
        grade=problem.grade,
        supervision_level=problem.supervision_level,
        on=today(),
    )
    if is_open():
        current().quote(policy_id=policy.pk, code=policy.code, version=policy.version)
    return policy


def rigour_of(problem: Problem) -> Rigour:
    """The rigour of one problem: policy, where the source itself requires notice never less than that."""
    body = policy_of(problem, RIGOUR).body
    notice = body["notice"]
    if problem.source.notice_required and notice == "none":
        notice = "before_closure"
    return Rigour(
        short_path=bool(body["short_path"]) and problem.grade == "minor",
        notice=notice,
        accepts=problem.source.accepts,
        closes=problem.source.closes,
        # A version older than this number meant what was the rule then.
        raise_at_return=int(body.get("raise_at_return", RAISED_AT_FIRST)),
    )


def declines_allowed(problem: Problem) -> int:
    """How often a problem may be declined before the leading group decides whose it is."""
    body = policy_of(problem, DECLINE).body
    # A version older than this number meant what was the rule then.
    return int(body.get("before_leading_group", STARTING_DECLINES))
