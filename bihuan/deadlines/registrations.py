"""What this room tells those below it: its matter for approval, its page for who decides, its place on a rule's page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.urls import reverse

from bihuan.approvals.matters import register_matter, register_subject_page
from bihuan.deadlines import reapplication_pages as pages
from bihuan.deadlines.ladder.policy import sees_conduct, sees_delisting, sees_request
from bihuan.deadlines.models import Conduct, Delisting, LadderRequest, Reapplication
from bihuan.deadlines.reapplications import sees
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.files.policy import register_sight
from bihuan.policies.neighbours import register_offers, register_table

if TYPE_CHECKING:
    import uuid


def register() -> None:
    """Called once, when the program starts."""
    kind = Reapplication.Stream.kind
    register_matter(Verb.ASK_REAPPLICATION, label=LABELS[Verb.ASK_REAPPLICATION])
    register_subject_page(kind, lambda subject: reverse("deadlines:reapplication", args=[subject]))
    register_sight(kind, sees)
    for verb in (Verb.TAKE_UP_RUNG, Verb.ASK_DELISTING, Verb.DETERMINE_CONDUCT):
        register_matter(verb, label=LABELS[verb])
    for stream, name, who in (
        (LadderRequest.Stream.kind, "request", sees_request),
        (Delisting.Stream.kind, "delisting", sees_delisting),
        (Conduct.Stream.kind, "conduct", sees_conduct),
    ):
        register_subject_page(stream, partial(_page, name))
        register_sight(stream, who)
    register_offers(pages.offers)
    register_offers(pages.trial_offers)
    register_table(pages.past_of)


def _page(name: str, subject: uuid.UUID) -> str:
    return reverse(f"deadlines:{name}", args=[subject])
