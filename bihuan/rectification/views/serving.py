"""Serving the form of a verb: who may not know gets 404, who may not act gets 403, everybody else the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from bihuan.ledger.forms import picked
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.action_pages import SEEN, ActionPage, Meta, act_on_form, read_seen
from bihuan.rectification.offers import OFFERED, WORDS
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor
    from bihuan.journal.action import Verb as Action
    from bihuan.journal.records import Record

Call: TypeAlias = Callable[[dict[str, Any], Meta], Any]
RELATED = ("source", "sector", "jurisdiction", "lead_unit", "channel")
MOST_PICKED = 500


class Request(HttpRequest):
    """A request in which somebody acts; the acting middleware says who."""

    actor: Actor


def seen_problem(request: Request, pk: uuid.UUID) -> Problem:
    """The problem, or 404 for whoever may not know of it."""
    found = visible(request.actor, Problem.objects.select_related(*RELATED)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def picked_problems(request: Request, everything: QuerySet[Problem]) -> list[Problem]:
    """The ticked problems the person sees, or with scope=all every one that waits for the verb; none is a 404.

    What is sent for all is done to those that were shown, so that nothing that came meanwhile is taken unread.
    """
    shown = read_seen(request.POST.get(SEEN, ""))
    if request.GET.get("scope") == "all" and shown:
        seen = visible(request.actor, Problem.objects.select_related(*RELATED))
        found = list(seen.filter(pk__in=list(shown)))
    elif request.GET.get("scope") == "all":
        found = list(everything.select_related(*RELATED))
    else:
        ids = picked(request.GET.getlist("pick"))[:MOST_PICKED]
        found = list(visible(request.actor, Problem.objects.select_related(*RELATED)).filter(pk__in=ids))
    if not found:
        raise Http404
    return sorted(found, key=lambda problem: problem.problem_no)


def page_of(problem: Problem) -> str:
    """The problem's own page."""
    return reverse("desk:problem", args=[problem.pk])


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A verb about to be done through a form, and the words around it.

    `back` is where cancelling leads, and finishing too unless `done` says otherwise; `shown` names the subjects.
    """

    verb: Verb
    action: Action[..., Any]
    form: Callable[..., Any]
    call: Call
    subjects: Sequence[Record]
    back: str
    done: Callable[[Any], str] | None = None
    consequence: Any = ""
    template: str = "web/action_form.html"
    shown: Sequence[Any] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


def serve(request: Request, deed: Deed) -> HttpResponse:
    """The form of a verb. Authority is asked before anything is typed, and again when it is sent."""
    if request.method != "POST":
        deed.action.may(request.actor, list(deed.subjects), {})
    page = ActionPage(
        title=WORDS[deed.verb],
        consequence=deed.consequence or OFFERED.get(deed.verb, ""),
        submit_label=WORDS[deed.verb],
        subjects=[str(subject) for subject in deed.subjects] if deed.shown is None else deed.shown,
        cancel_url=deed.back,
        done=deed.done or (lambda _result: deed.back),
        labels={field.attname: field.verbose_name for field in Problem._meta.concrete_fields},
        template=deed.template,
        context=deed.context,
    )
    return act_on_form(request, deed.form, page, deed.call, subjects=deed.subjects)
