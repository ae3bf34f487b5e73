"""The list of look-backs, the page of one, and the forms of this room's verbs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.ledger.forms import picked
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.lookback import actions, forms, pages
from bihuan.lookback.models import Lookback
from bihuan.lookback.offers import CONSEQUENCES
from bihuan.lookback.queries import Slice, lookbacks_seen
from bihuan.lookback.verbs import LABELS, Verb
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Sequence

    from bihuan.journal.action import Verb as Action
    from bihuan.journal.records import Record
    from bihuan.organizations.acting import Request

MOST_PICKED = 200


@require_safe
def lookbacks(request: Request) -> HttpResponse:
    """The four piles."""
    asked = request.GET.get("show", "")
    which = Slice(asked) if asked in set(Slice) else Slice.DUE
    context = pages.page_of_list(request.actor, which, request.GET.get("after", ""), _language())
    return render(request, "lookback/list.html", context)


@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One look-back."""
    return render(
        request, "lookback/detail.html", pages.page_of_one(request.actor, _seen(request, pk), _language())
    )


def assign(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send a unit to one."""
    row = _seen(request, pk)
    form = partial(forms.AssignForm, initial={"unit": row.inspector_unit_id})
    return _serve(request, Verb.ASSIGN, actions.assign_lookback, form, ([row],), back=_page_of(row))


def assign_several(request: Request) -> HttpResponse:
    """Send a unit to all that were ticked."""
    ids = picked(request.GET.getlist("pick"))[:MOST_PICKED]
    rows = list(lookbacks_seen(request.actor).filter(pk__in=ids).order_by("due_on", "id"))
    if not rows:
        raise Http404
    back = f"{reverse('lookback:list')}?show={Slice.WAITING}"
    return _serve(request, Verb.ASSIGN, actions.assign_lookback, forms.AssignForm, (rows,), back=back)


def hold(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The effect was kept."""
    row = _seen(request, pk)
    return _serve(request, Verb.HOLD, actions.hold, forms.LookForm, (row,), back=_page_of(row))


def rebound(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The problem is back."""
    row = _seen(request, pk)
    return _serve(request, Verb.REBOUND, actions.rebound, forms.ReboundForm, (row,), back=_page_of(row))


def open_lookback(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One more look at a problem."""
    problem = visible(request.actor, Problem.objects.select_related("jurisdiction")).filter(pk=pk).first()
    if problem is None:
        raise Http404
    back = reverse("desk:problem", args=[problem.pk])
    return _serve(request, Verb.OPEN, actions.open_lookback, forms.OpenForm, ([problem],), back=back)


def _serve(
    request: Request,
    verb: Verb,
    action: Action[..., Any],
    form: Callable[..., Any],
    positional: tuple[Any, ...],
    *,
    back: str,
) -> HttpResponse:
    """The form of a verb: authority is asked before anything is typed, and again when it is sent."""
    subjects = _subjects(positional)
    if request.method != "POST":
        action.may(request.actor, subjects, {})

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        given = {name: value for name, value in cleaned.items() if name != "seen"}
        return action.call(**meta)(*positional, actor=request.actor, **given)

    page = ActionPage(
        title=LABELS[verb],
        consequence=CONSEQUENCES[verb],
        submit_label=LABELS[verb],
        subjects=[str(getattr(subject, "problem", subject)) for subject in subjects],
        cancel_url=back,
        done=lambda _result: back,
        said=_("已办理：%(title)s") % {"title": LABELS[verb]},
        labels={field.attname: field.verbose_name for field in Lookback._meta.concrete_fields},
    )
    return act_on_form(request, form, page, call, subjects=subjects)


def _subjects(positional: tuple[Any, ...]) -> Sequence[Record]:
    (first,) = positional
    return first if isinstance(first, list) else [first]


def _seen(request: Request, pk: uuid.UUID) -> Lookback:
    found = (
        lookbacks_seen(request.actor).select_related("problem__jurisdiction", "file").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def _page_of(row: Lookback) -> str:
    return reverse("lookback:detail", args=[row.pk])


def _language() -> str:
    return get_language() or "zh"
