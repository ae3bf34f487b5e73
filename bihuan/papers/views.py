"""Papers: their list, the page of one, its pages as pictures, and the forms of this room's verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.files.page_pictures import page_of, pages_of
from bihuan.ledger.forms import picked
from bihuan.ledger.listing import Filters, slice_of
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.sight import visible
from bihuan.ledger.steps import units_in
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.authority import unit_of
from bihuan.organizations.tree import home_of
from bihuan.papers import actions, forms, order_form
from bihuan.papers import pages as shown
from bihuan.papers.drafting import MOST_PROBLEMS
from bihuan.papers.kinds import Drafter, PaperKind
from bihuan.papers.models import Paper
from bihuan.papers.queries import papers_seen
from bihuan.papers.verbs import LABELS, Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from bihuan.journal.action import Verb as Action
    from bihuan.organizations.acting import Request
    from bihuan.organizations.models import Unit

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RELATED = ("jurisdiction", "lead_unit", "source", "sector", "batch", "channel")


@require_safe
def papers(request: Request) -> HttpResponse:
    """The papers one may know of."""
    asked = {name: str(value) for name, value in request.GET.items()}
    return render(request, "papers/list.html", shown.page_of_list(request.actor, asked))


@require_safe
def of_problem(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The papers about a problem, as the section its page loads."""
    problem = visible(request.actor, Problem.objects.select_related(*RELATED)).filter(pk=pk).first()
    if problem is None:
        raise Http404
    context = shown.section_of(request.actor, problem) | {"problem": problem}
    return render(request, "papers/of_problem.html", context)


@require_safe
def paper(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One paper."""
    return render(request, "papers/paper.html", shown.page_of_paper(request.actor, _seen(request, pk)))


@require_safe
def pages(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The part of a paper's page that shows its pages, or its text where nothing can draw them."""
    found = _seen(request, pk)
    count = pages_of(found.draft) if found.draft else 0
    numbers = [
        {"number": number, "url": reverse("papers:page", args=[found.pk, number])}
        for number in range(1, count + 1)
    ]
    return render(
        request, "papers/pages.html", {"paper": found, "pages": numbers, "lines": shown.lines_of(found)}
    )


@require_safe
def page(request: Request, pk: uuid.UUID, number: int) -> HttpResponse:
    """One page of the draft as a picture."""
    found = _seen(request, pk)
    picture = page_of(found.draft, number) if found.draft else None
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def order_word(request: Request, pk: uuid.UUID) -> HttpResponse:
    """交办单: the assignment order as a form with its table and a place to acknowledge it."""
    found = order_form.order_word(request.actor, pk)
    if found is None:
        raise Http404
    name, content = found
    response = HttpResponse(content, content_type=WORD)
    response["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    return response


@require_safe
def choose(request: Request) -> HttpResponse:
    """Which kind is to be drafted about the problems picked."""
    problems = _picked(request)
    context = {
        "title": LABELS[Verb.DRAFT],
        "subjects": [str(problem) for problem in problems],
        "groups": shown.choices_for(request.actor, problems, request.GET.urlencode()),
        "crumbs": [{"words": _("文书"), "url": reverse("papers:list")}],
    }
    return render(request, "papers/choose.html", context)


def draft(request: Request, kind: str) -> HttpResponse:
    """Draft one kind about the problems picked."""
    sort = shown.kind_or_none(kind)
    if sort is None:
        raise Http404
    problems = _picked(request)
    if request.method != "POST":
        actions.draft_paper.may(request.actor, problems, {"kind": kind})
    sent: list[forms.DraftForm] = []

    def form(*data: Any) -> forms.DraftForm:
        sent.append(forms.DraftForm(*data, kind=sort, initial=_initial(request, sort, problems)))
        return sent[-1]

    def call(cleaned: dict[str, Any], meta: Meta) -> Paper:
        arguments = sent[-1].arguments()
        return actions.draft_paper.call(**meta)(problems, kind=kind, actor=request.actor, **arguments)

    page = ActionPage(
        title=_("起草：%(kind)s") % {"kind": sort.label},
        done=_address_of,
        consequence=_("生成 Word 草稿，不编号、不套红头、不盖章；印发后把文号和签发件回填到这里。")
        if not sort.is_form
        else _("生成带编号的 Word 表单。"),
        submit_label=_("生成草稿"),
        said=_("草稿已生成。"),
        cancel_url=reverse("desk:problem", args=[problems[0].pk]),
        subjects=[str(problem) for problem in problems],
    )
    return act_on_form(request, form, page, call, subjects=problems)


def _initial(request: Request, kind: PaperKind, problems: list[Problem]) -> dict[str, Any]:
    unit = unit_of(request.actor)
    found: dict[str, Any] = {"signed_by": home_of(unit).name if unit else ""}
    if kind.drafter is Drafter.LEAD and not kind.is_form:
        to: list[Unit] = units_in(problems[0], [InvolvementRole.OFFICE])
    else:
        to = [problem.lead_unit for problem in problems if problem.lead_unit]
    if kind.code != "referral_letter":
        found["recipients"] = list({one.pk: one.pk for one in to})
    else:
        found["others"] = problems[0].referred_to
    return found


def redraft(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The next edition."""
    return _serve(request, _seen(request, pk), Verb.REDRAFT, actions.redraft_paper, forms.RedraftForm)


def enter(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Number, day and signed copy."""
    return _serve(request, _seen(request, pk), Verb.ENTER, actions.enter_document_no, forms.EnterForm)


def void(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Out of use."""
    return _serve(request, _seen(request, pk), Verb.VOID, actions.void_paper, forms.ReasonForm)


def _consequence(verb: Verb) -> str:
    return {
        Verb.REDRAFT: _("上一稿留在经过里，文件换成新的一稿。"),
        Verb.ENTER: _("文书从此为已印发；以后更正须说明理由，原来的记录不动。"),
        Verb.VOID: _("作废后仍可查看，不再办理。"),
    }[verb]


def _serve(
    request: Request, found: Paper, verb: Verb, action: Action[..., Any], form_class: Callable[..., Any]
) -> HttpResponse:
    """The form of a verb about one paper: authority is asked before anything is typed, and again when it is sent."""
    if request.method != "POST":
        action.may(request.actor, [found], {})
    sent: list[Any] = []
    with_paper = form_class is not forms.ReasonForm

    def form(*data: Any) -> Any:
        sent.append(form_class(*data, paper=found) if with_paper else form_class(*data))
        return sent[-1]

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        given: dict[str, Any] = sent[-1].arguments() if hasattr(sent[-1], "arguments") else dict(cleaned)
        given.pop("seen", None)
        return action.call(**meta)(found, actor=request.actor, **given)

    page = ActionPage(
        title=LABELS[verb],
        consequence=_consequence(verb),
        submit_label=LABELS[verb],
        subjects=[str(found)],
        cancel_url=_address_of(found),
        done=lambda _result: _address_of(found),
        said=_("已办理：%(title)s") % {"title": LABELS[verb]},
        labels={column.attname: column.verbose_name for column in Paper._meta.concrete_fields},
    )
    return act_on_form(request, form, page, call, subjects=[found])


def _picked(request: Request) -> list[Problem]:
    """The problems ticked in a list, or all of its slice; 404 where one is not this reader's to see, or none is left.

    One more than a paper may hold is read, so that too many are refused and never left out unsaid.
    """
    if request.GET.get("scope") == "all":
        given = QueryDict(request.GET.get("filter", "")).items()
        filters = Filters.from_query({name: str(value) for name, value in given})
        rows = slice_of(request.actor, filters)
        wanted = None
    else:
        ids = picked(request.GET.getlist("pick"))[: MOST_PROBLEMS + 1]
        rows = visible(request.actor, Problem.objects.all()).filter(pk__in=ids)
        wanted = len(set(ids))
    found = list(rows.select_related(*RELATED).order_by("problem_no")[: MOST_PROBLEMS + 1])
    if not found or (wanted is not None and len(found) != wanted):
        raise Http404
    return found


def _seen(request: Request, pk: uuid.UUID) -> Paper:
    rows = papers_seen(request.actor).select_related(
        "jurisdiction", "from_unit", "template__jurisdiction", "draft__blob", "signed_copy__blob"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _address_of(found: Paper) -> str:
    return reverse("papers:paper", args=[found.pk])
