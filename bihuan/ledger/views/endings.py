"""Reading how a problem is asked to end otherwise than by closure: before deciding on it, and afterwards."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.approvals.policy import may_see
from bihuan.journal import access
from bihuan.journal.action import Actor
from bihuan.ledger.lifecycle_words import VERB_WORDS
from bihuan.ledger.models import Ending, Problem
from bihuan.ledger.sight import can_see
from bihuan.organizations.acting import Request

RELATED = ("problem__lead_unit", "problem__source", "into", "approval")


@require_safe
@never_cache
def ending(request: Request, approval: uuid.UUID) -> HttpResponse:
    """Which ending, why, where it goes, and the paper of the source it rests on."""
    found = Ending.objects.filter(approval=approval).select_related(*RELATED).first()
    if found is None or not _may_read(request.actor, found):
        raise Http404
    if found.problem.channel_id is not None:
        access.record(request.actor, "restricted:ledger.ending", subjects=[found.problem])
    title = VERB_WORDS[found.verb].say(get_language() or "")
    facts: list[tuple[str, Any]] = [
        (_("问题"), _named(request.actor, found.problem)),
        (_("来源"), found.problem.source.label),
        (_("牵头单位"), str(found.problem.lead_unit or "")),
        (_("理由"), found.reason),
        (_("并入"), _named(request.actor, found.into) if found.into else ""),
        (_("接收机关"), found.receiving_body),
        (_("来源机关文号"), found.document_no),
        (_("状态"), found.get_state_display()),
    ]
    context = {
        "title": title,
        "facts": [{"label": label, "value": value} for label, value in facts if value],
    }
    return render(request, "ledger/ending.html", context)


def _named(actor: Actor, problem: Problem) -> Any:
    """A link for whoever sees the problem; of one that runs in a channel whoever does not learns nothing."""
    if not can_see(actor, problem):
        return "" if problem.channel_id is not None else problem.problem_no
    url = reverse("desk:problem", args=[problem.pk])
    return {"piece": "link", "words": f"{problem.problem_no} {problem.title}", "url": url}


def _may_read(actor: Actor, found: Ending) -> bool:
    """Whoever sees the problem, and whoever has to decide; of a channel its own people alone."""
    if can_see(actor, found.problem):
        return True
    return found.problem.channel_id is None and found.approval is not None and may_see(actor, found.approval)
