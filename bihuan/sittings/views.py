"""The pages of sittings: the list, one of them part by part, its forms and its sheets."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.journal import access
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.ledger.forms import picked
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.listing import Filters, slice_of
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form, read_seen, seen_now
from bihuan.rectification import actions
from bihuan.rectification.actions.sittings import MOST_CASES
from bihuan.rectification.models import ClosureSitting, SittingCase
from bihuan.rectification.sitting_queries import sittings_seen, waiting_for_sitting
from bihuan.rectification.verbs import LABELS, Verb
from bihuan.sittings import forms, pages, sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from bihuan.journal.action import Verb as Action
    from bihuan.organizations.acting import Request

SHOWN = 20
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def sittings(request: Request) -> HttpResponse:
    """The sittings one may know of."""
    return render(request, "sittings/list.html", pages.page_of_list(request.actor))


def prepare(request: Request) -> HttpResponse:
    """Put the ticked problems, the slice, or everything that waits before a sitting."""
    problems = _waiting(request)
    if request.method != "POST":
        actions.prepare_sitting.may(request.actor, problems, {})

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        given = {name: value for name, value in cleaned.items() if name != "seen"}
        given["members"] = list(given["members"])
        return actions.prepare_sitting.call(**meta)(problems, **given, actor=request.actor)

    place = problems[0].jurisdiction
    page = ActionPage(
        title=LABELS[Verb.PREPARE_SITTING],
        consequence=_("逐件填写会审意见，由有销号权的另一个人一次审定。"),
        submit_label=LABELS[Verb.PREPARE_SITTING],
        subjects=_named(problems),
        cancel_url=reverse("sittings:list"),
        done=lambda made: reverse("sittings:sitting", args=[made.pk]),
    )
    return act_on_form(request, partial(forms.SittingForm, place=place), page, call, subjects=problems)


def _named(problems: list[Problem]) -> list[str]:
    """The first of them, and how many there are."""
    shown = [str(problem) for problem in problems[:SHOWN]]
    more = len(problems) - len(shown)
    return [*shown, _("另有 %(n)d 件") % {"n": more}] if more else shown


def _waiting(request: Request) -> list[Problem]:
    related = ("jurisdiction", "channel")
    if request.GET.get("scope") == "all":
        found = waiting_for_sitting(request.actor)
        typed = QueryDict(request.GET.get("filter", ""))
        if typed:
            slice_ = slice_of(request.actor, Filters.from_query(typed)).filter(state=State.CLOSURE_REVIEW)
            found = found.filter(pk__in=slice_)
    else:
        ids = picked(request.GET.getlist("pick"))
        found = visible(request.actor, Problem.objects.filter(pk__in=ids)).order_by("problem_no")
    problems = list(found.select_related(*related)[:MOST_CASES])
    if not problems:
        raise Http404
    return problems


def _seen(request: Request, pk: uuid.UUID) -> ClosureSitting:
    """The sitting, or 404 for whoever may not know of it."""
    rows = sittings_seen(request.actor).select_related("jurisdiction", "file")
    found: ClosureSitting | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One part of a sitting; sent, its marks are kept and the next part is shown."""
    found = _seen(request, pk)
    asked = {name: request.GET.get(name, "") for name in ("part", "show")}
    if request.method != "POST":
        return _shown(request, found, pages.page_of_sitting(request.actor, found, asked))
    rows = [forms.MarkForm(request.POST, case=row) for row in _sent(request, found)]
    note: dict[str, Any] | None = None
    if all(row.is_valid() for row in rows):
        try:
            kept = _keep(request, found, [row.mark for row in rows if row.changes])
        except NotVisible:
            raise
        except Refused as refused:
            note = {
                "title": refused.message,
                "lines": [refused.accepted] if refused.accepted else [],
                "tone": "refusal",
            }
        else:
            if kept:
                messages.success(request, _("已填 %(n)d 件。") % {"n": kept})
            return redirect(pages.after_saving(found, asked))
    else:
        wrong = sum(not row.is_valid() for row in rows)
        note = {
            "title": _("有 %(n)d 行没有填对，都还没有保存。") % {"n": wrong},
            "lines": [_("请改标出的行。")],
            "tone": "refusal",
        }
    context = pages.page_of_sitting(request.actor, found, asked, request.POST)
    return _shown(request, found, context | {"note": note}, status=422)


def _sent(request: Request, found: ClosureSitting) -> list[SittingCase]:
    """The rows the form speaks of."""
    ids = picked(request.POST.getlist("row"))
    rows = SittingCase.objects.filter(sitting=found, problem__in=ids[: pages.PART])
    return list(rows.select_related("problem").order_by("ordinal"))


def _keep(request: Request, found: ClosureSitting, marks: list[Any]) -> int:
    if not marks:
        return 0
    key = request.POST.get("idempotency_key", "")
    meta: dict[str, Any] = {
        "key": key and f"form:{key}",
        "seen": read_seen(request.POST.get("seen", "")),
    }
    actions.mark_cases.call(**meta)(found, marks=marks, actor=request.actor)
    return len(marks)


def _shown(
    request: Request, found: ClosureSitting, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    more = {"seen": seen_now([found]), "key": str(uuid.uuid4())}
    return render(request, "sittings/sitting.html", context | more, status=status)


def edit(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Another day, place or other members."""
    found = _seen(request, pk)
    initial = {
        "title": found.title,
        "held_on": found.held_on,
        "place": found.place,
        "members": [one["post"] for one in found.members if one["post"]],
        "other_members": "\n".join(str(one["name"]) for one in found.members if not one["post"]),
    }
    form = partial(forms.SittingForm, place=found.jurisdiction, initial=initial)
    return _step(request, found, (Verb.EDIT_SITTING, actions.edit_sitting), form, "")


def cancel(request: Request, pk: uuid.UUID) -> HttpResponse:
    """It will not be held."""
    words = _("各件回到等待审定，可以列入别的会审。")
    step = (Verb.CANCEL_SITTING, actions.cancel_sitting)
    return _step(request, _seen(request, pk), step, forms.ReasonForm, words)


def decide(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Carry out what was marked."""
    words = _("每一件同时销号、转常态、退回或缓议，随后起草纪要和销号通知。")
    step = (Verb.DECIDE_SITTING, actions.decide_sitting)
    return _step(request, _seen(request, pk), step, forms.DecideForm, words)


def _step(
    request: Request,
    found: ClosureSitting,
    step: tuple[Verb, Action[..., Any]],
    form: Callable[..., Any],
    consequence: str,
) -> HttpResponse:
    verb, action = step
    if request.method != "POST":
        action.may(request.actor, [found], {})
    back = reverse("sittings:sitting", args=[found.pk])

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        given = {name: value for name, value in cleaned.items() if name != "seen"}
        if "members" in given:
            given["members"] = list(given["members"])
        return action.call(**meta)(found, **given, actor=request.actor)

    page = ActionPage(
        title=LABELS[verb],
        consequence=consequence,
        submit_label=LABELS[verb],
        subjects=[found.title],
        cancel_url=back,
        done=lambda _result: back,
    )
    return act_on_form(request, form, page, call, subjects=[found])


@require_safe
def sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The sheet for the members."""
    found = _seen(request, pk)
    name = _("会审表-%(day)s.xlsx") % {"day": found.held_on.isoformat()}
    return _excel(request, found, sheets.members_sheet(request.actor, found), name)


@require_safe
def filing(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The table of what was closed."""
    found = _seen(request, pk)
    if found.state != ClosureSitting.State.DECIDED:
        raise NotAllowed(_("会审还没有审定。"), accepted=_("审定以后才有销号备案表。"))
    name = _("销号备案表-%(day)s.xlsx") % {"day": found.held_on.isoformat()}
    return _excel(request, found, sheets.filing_sheet(request.actor, found), name)


def _excel(request: Request, found: ClosureSitting, content: bytes, name: str) -> HttpResponse:
    access.record(request.actor, "export:sitting", sitting=str(found.pk), name=name)
    answer = HttpResponse(content, content_type=EXCEL)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or ""
    )
    return answer
