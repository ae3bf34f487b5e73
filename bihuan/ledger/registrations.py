"""What this room tells those below it: who sees a problem's files, what waits for a post, the words of its lists."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.matters import register_matter, register_matter_part, register_subject_page
from bihuan.files.policy import register_sight
from bihuan.journal.action import Actor
from bihuan.journal.verify.others import register_recount
from bihuan.ledger.actions.endings import MATTER as ENDING
from bihuan.ledger.counters import found_in_counters
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Batch, Problem, Sector, Source
from bihuan.ledger.policy import sees_batch
from bihuan.ledger.sight import can_see
from bihuan.ledger.taxonomy import in_tree_order, offered
from bihuan.organizations.choices import INDENT, register_codes
from bihuan.organizations.logs import open_journal
from bihuan.organizations.models import Post
from bihuan.organizations.registry import OpenItem, register_duties, register_open_items
from bihuan.text.starting_taxonomy import SECTORS, SOURCES

BEFORE: Final = frozenset({State.REGISTERED, State.PROPOSED})
"""States in which nobody has been assigned yet."""


def register() -> None:
    """Called once, when the program starts."""
    register_matter(ENDING, label=_("办结"))
    register_matter_part(ENDING, lambda approval: reverse("ledger:ending", args=[approval]))
    register_subject_page(Problem.Stream.kind, lambda subject: reverse("desk:problem", args=[subject]))
    register_sight(Problem.Stream.kind, sees_problem)
    register_sight(Batch.Stream.kind, sees_batch_id)
    register_open_items("ledger", open_problems_of)
    register_duties("ledger", posts=_posts_of_problems, units=_leading_units)
    register_codes("sector", lambda: _codes(Sector, SECTORS))
    register_codes("source", lambda: _codes(Source, SOURCES))
    register_recount(found_in_counters)
    open_journal({Problem.Stream.kind: _("问题")}, hidden=restricted_problems)


def _codes(model: Any, start: Sequence[Any]) -> list[tuple[str, str]]:
    """The office's own list; before one is planted, the list it would start with."""
    own = in_tree_order(offered(model.objects.all()))
    if own:
        return [(one.code, INDENT * one.code.count(".") + one.label) for one in own]
    return [(one.code, INDENT * one.code.count(".") + _said(one)) for one in start]


def _said(one: Any) -> str:
    return str(one.en if (get_language() or "").startswith("en") else one.zh)


def sees_problem(actor: Actor, subject: uuid.UUID) -> bool:
    """Whoever sees the problem sees its files."""
    problem = Problem.objects.filter(pk=subject).first()
    return problem is not None and can_see(actor, problem)


def sees_batch_id(actor: Actor, subject: uuid.UUID) -> bool:
    """Whoever sees the batch sees its files."""
    batch = Batch.objects.select_related("jurisdiction", "channel").filter(pk=subject).first()
    return batch is not None and sees_batch(actor, batch)


def open_problems_of(post: Post) -> list[OpenItem]:
    """Problems the post's holder handles or sponsors."""
    rows = Problem.objects.filter(state__in=OPEN)
    found = rows.filter(handler=post) | rows.filter(sponsor=post)
    return [
        OpenItem(kind="problem", id=row.pk, number=row.problem_no)
        for row in found.distinct().only("id", "problem_no")
    ]


def _posts_of_problems() -> Q:
    """Posts that handle or sponsor an open problem; asked one after the other, for each has an index of its own."""
    still_open = Problem.objects.filter(state__in=OPEN)
    return Q(Exists(still_open.filter(handler=OuterRef("pk")))) | Q(
        Exists(still_open.filter(sponsor=OuterRef("pk")))
    )


def _leading_units() -> Q:
    """Units that answer for an open problem since it was assigned to them."""
    assigned = Problem.objects.filter(state__in=OPEN - BEFORE, lead_unit=OuterRef("pk"))
    return Q(Exists(assigned))


def restricted_problems() -> Any:
    """Streams that must leave no trace on the journal page: channels have members, the log has readers."""
    return Problem.objects.filter(channel__isnull=False).values("pk")
