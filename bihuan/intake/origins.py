"""From a finding back to the words it was read from: its passage in review, and the file as it was received."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.intake.models import Candidate
from bihuan.intake.policy import sees_batch, sees_file_of_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Finding


def passages_of(actor: Actor, findings: Sequence[Finding]) -> dict[UUID, list[dict[str, str]]]:
    """Links for each finding, as far as the actor may open what they lead to (registered with `bihuan.ledger`)."""
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    candidates = Candidate.objects.filter(finding__in=findings).order_by("document", "k")
    for candidate in candidates.select_related("document__batch__jurisdiction", "document__file"):
        document = candidate.document
        if found[candidate.finding_id]:
            continue
        if sees_batch(actor, document.batch):
            number = min(candidate.passages, default=1)
            review = f"{reverse('intake:review', args=[document.pk])}?n={number}#p-{number}"
            words = _("第 %(number)s 段") % {"number": number}
            found[candidate.finding_id].append({"words": words, "url": review})
        if sees_file_of_document(actor, document.pk):
            url = reverse("files:download", args=[document.file_id])
            found[candidate.finding_id].append({"words": document.name, "url": url})
    return dict(found)
