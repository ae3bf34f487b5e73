"""The city's acceptance panels: where policy asks for one, two from other units sign beside the acceptor, one against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Post, Role, RoleGrant, Tenure
from bihuan.rectification import actions as do
from bihuan.rectification.acceptance_words import FAILED, GATES
from bihuan.rectification.panel_seats import seats_for
from bihuan.rectification.panels import panel_terms

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

PASSED: Final = dict.fromkeys(GATES, "passed")
LASTING: Final = "lasting"
BUSY: Final = (Role.DECIDER, Role.INSPECTOR, Role.COORDINATOR, Role.REVIEWER)


def judged_together(problem: Problem, chair: Actor) -> None:
    """Set the panel up and have every member sign; nothing where one acceptor is enough."""
    terms = panel_terms(problem)
    if not terms.demanded:
        return
    seats = seats_for(problem)
    posts = seats.posts.exclude(pk__in=seats.barred)
    mine = Post.objects.get(pk=chair.post)
    others: dict[object, Post] = {}
    # Whoever closes, looks back or works for the office has another part to play with the same problem.
    busy = RoleGrant.objects.filter(role__in=BUSY).values("post")
    for post in posts.exclude(unit=mine.unit_id).exclude(pk__in=busy):
        others.setdefault(post.unit_id, post)
    members = list(others.values())[: terms.members - 1]
    panel = do.set_up_panel(problem, chair=mine, members=members, actor=chair)
    do.sign_panel(panel, gates=PASSED, opinion="现场核查，措施全部落实。", actor=chair)
    for number, post in enumerate(members):
        holder = Tenure.objects.filter(post=post, until=None).select_related("person").latest("since")
        agrees = number != len(members) - 1
        do.sign_panel(
            panel,
            gates=PASSED if agrees else PASSED | {LASTING: FAILED},
            opinion="查阅资料并到现场，同意通过。" if agrees else "长效管护的经费还没有列入预算，建议补齐。",
            actor=actor_for(holder.person, post),
        )
