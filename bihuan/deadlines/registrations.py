"""What this room tells those below it: its matter for approval, its page for who decides, its place on a rule's page."""

from __future__ import annotations

from django.urls import reverse

from bihuan.approvals.matters import register_matter, register_subject_page
from bihuan.deadlines import reapplication_pages as pages
from bihuan.deadlines.models import Reapplication
from bihuan.deadlines.reapplications import sees
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.files.policy import register_sight
from bihuan.policies.neighbours import register_offers, register_table


def register() -> None:
    """Called once, when the program starts."""
    kind = Reapplication.Stream.kind
    register_matter(Verb.ASK_REAPPLICATION, label=LABELS[Verb.ASK_REAPPLICATION])
    register_subject_page(kind, lambda subject: reverse("deadlines:reapplication", args=[subject]))
    register_sight(kind, sees)
    register_offers(pages.offers)
    register_table(pages.past_of)
