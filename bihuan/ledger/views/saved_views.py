"""Keeping a slice of the ledger for oneself, and dropping it again."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ledger import actions, forms
from bihuan.ledger.models import SavedView
from bihuan.ledger.saved_views import in_address, views_of
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.acting import Request
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form, act_on_record


def save_view(request: Request) -> HttpResponse:
    """Keep the present slice."""

    def call(cleaned: dict[str, Any], meta: Meta) -> SavedView:
        return actions.save_view.call(**meta)(
            name=cleaned["name"], query=cleaned["query"], actor=request.actor
        )

    page = ActionPage(
        title=_("存为视图"),
        consequence=_("只有您自己看得到，随时可以删除。"),
        cancel_url=reverse("desk:ledger"),
        done=lambda view: reverse("desk:ledger") + f"?{in_address(view)}",
    )
    initial = {"query": request.GET.get("query", "")}
    return act_on_form(request, partial(forms.ViewForm, initial=initial), page, call)


def forget_view(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Drop a slice one has kept."""
    view = views_of(request.actor).filter(pk=pk).first()
    if view is None:
        raise Http404
    page = ActionPage(
        title=LABELS[LedgerVerb.FORGET_VIEW],
        consequence=_("只删除这个视图，问题不受影响。"),
        subjects=[view.name],
        cancel_url=reverse("desk:ledger") + f"?{in_address(view)}",
        done=lambda _none: reverse("desk:ledger"),
    )
    return act_on_record(request, actions.forget_view, view, page)
