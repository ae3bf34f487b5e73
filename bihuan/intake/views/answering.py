"""How a quick act is answered: to a script the pieces of the page that changed, to a plain form the page again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from bihuan.intake import queries
from bihuan.intake.cards import cards_of
from bihuan.intake.disposing import standing_on
from bihuan.intake.models import Passage
from bihuan.intake.sealing.sample_page import seal_offer
from bihuan.intake.sharing import Moved
from bihuan.journal.errors import NotVisible, Refused
from bihuan.journal.models import JournalEvent, StreamHead

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from bihuan.intake.models import IntakeDocument

OK = 200


def answer(
    request: HttpRequest, document: IntakeDocument, call: Callable[[], Any], *, said: str = ""
) -> HttpResponse:
    """Carry out one act on a document and show what became of it, or why not."""
    before = _last_event(document)
    status, stale = OK, False
    try:
        call()
    except NotVisible:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        status, stale = refused.status, isinstance(refused, Moved)
    by_script = request.headers.get("HX-Request") == "true"
    if said and status == OK and not by_script:
        # A script puts what changed before one's eyes; saying it as well would only cover it.
        messages.success(request, said)
    if not by_script:
        return redirect(_back(request, document))
    changes = _changes(request, document, before, cards_too=stale)
    return render(request, "intake/changes.html", changes, status=status)


def _last_event(document: IntakeDocument) -> int:
    return StreamHead.objects.filter(pk=document.pk).values_list("seq", flat=True).first() or 0


def _back(request: HttpRequest, document: IntakeDocument) -> str:
    """The passage one was at; after it was settled, the next open one."""
    n = request.POST.get("at", "")
    where = int(n) if n.isascii() and n.isdigit() else 0
    following = queries.next_open_after(document, where) or where or 1
    return f"{reverse('intake:review', args=[document.pk])}?n={following}#p-{following}"


def _changes(
    request: HttpRequest, document: IntakeDocument, before: int, *, cards_too: bool
) -> dict[str, Any]:
    """What this act (and whoever was quicker) changed, as far as the part on the page shows it."""
    first, last = _part(request)
    keys = {
        key
        for event in JournalEvent.objects.filter(stream=document.pk, seq__gt=before)
        for key in event.body["changes"]
    }
    named = _named(request)
    on_page = Passage.objects.filter(document=document, n__gte=first, n__lte=last)
    touched = [passage for passage in on_page if passage.row_key in keys or passage.n in named]
    candidates = standing_on(document, range(first, last + 1))
    moved = cards_too or any(key.startswith("intake.candidate:") for key in keys)
    ordered = sorted(candidates, key=lambda one: (min(one.passages, default=0), one.k))
    meter = queries.meter_of(queries.standing_of(document.batch))
    return {
        "document": document,
        "batch": document.batch,
        "passages": queries.passage_views(touched, candidates),
        "cards": cards_of(document.batch, ordered) if moved else None,
        "meter": meter,
        "seal": seal_offer(document.batch, meter, request.actor),  # type: ignore[attr-defined]
        "editable": True,
    }


def _part(request: HttpRequest) -> tuple[int, int]:
    try:
        return int(request.POST.get("first", "")), int(request.POST.get("last", ""))
    except ValueError:
        return 1, queries.PART


def _named(request: HttpRequest) -> set[int]:
    return {
        int(one) for one in request.POST.get("passages", "").split(",") if one.isascii() and one.isdigit()
    }
