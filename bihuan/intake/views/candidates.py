"""Candidates: added, changed, cut in two, joined, put aside, confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.intake import actions
from bihuan.intake.comparing import outcomes_for, sought_for
from bihuan.intake.confirming import missing_names
from bihuan.intake.forms import AddForm, CandidateForm, DropForm, ShownForm, SplitForm
from bihuan.intake.models import Candidate
from bihuan.intake.sharing import Moved, shown_of
from bihuan.intake.views.answering import answer
from bihuan.intake.views.finding import find_document
from bihuan.journal.errors import Refused
from bihuan.ledger.duplicates import alike
from bihuan.ledger.models import Problem
from bihuan.ledger.pages.comparisons import pair_of
from bihuan.ledger.sight import visible
from bihuan.organizations.action_pages import ActionPage, act_on_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from bihuan.intake.models import IntakeDocument


@require_POST
def confirm(request: HttpRequest, document: UUID) -> HttpResponse:
    """Enter candidates in the ledger."""
    found = find_document(request, document)
    ks = _numbers(request, "candidates")
    shown = {str(k): request.POST[f"seen-{k}"] for k in ks if f"seen-{k}" in request.POST}
    return answer(
        request,
        found,
        lambda: actions.confirm_candidates.call(key=_key(request))(
            found, candidates=ks, shown=shown, actor=_actor(request)
        ),
        said=ngettext("%(n)s 条已入账。", "%(n)s 条已入账。", len(ks)) % {"n": len(ks)},
    )


@require_POST
def merge(request: HttpRequest, document: UUID) -> HttpResponse:
    """Join candidates into one problem."""
    found = find_document(request, document)
    ks = _numbers(request, "candidates")
    return answer(
        request,
        found,
        lambda: actions.merge_candidates(found, candidates=ks, actor=_actor(request)),
        said=_("已合并。"),
    )


@require_safe
def alike_problems(request: HttpRequest, document: UUID, k: int) -> HttpResponse:
    """The problems of the ledger a candidate may repeat; its card loads this."""
    found = find_document(request, document)
    candidate = _candidate(found, k)
    likes = alike(sought_for(candidate, found), actor=_actor(request))
    context = {
        "document": found,
        "k": k,
        "at": min(candidate.passages, default=0),
        "pairs": [(one.problem.pk, pair_of(one, None, ()), outcomes_for(one.problem)) for one in likes],
        "decided": bool(candidate.compared),
        "editable": found.state == found.State.REVIEWING and candidate.state == Candidate.State.PROPOSED,
        "title": _("疑似重复"),
    }
    return render(request, "intake/alike.html", context)


@require_POST
def compare(request: HttpRequest, document: UUID, k: int) -> HttpResponse:
    """Say what a candidate is to a problem of the ledger."""
    found = find_document(request, document)
    try:
        problem = visible(_actor(request), Problem.objects.filter(pk=request.POST.get("problem", ""))).first()
    except ValidationError:
        problem = None
    if problem is None:
        raise Http404
    return answer(
        request,
        found,
        lambda: actions.compare_candidate(
            found,
            candidate=k,
            problem=problem,
            outcome=request.POST.get("outcome", ""),
            actor=_actor(request),
        ),
        said=_("已认定。"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, document: UUID, k: int) -> HttpResponse:
    """Words and facts of a candidate."""
    found = find_document(request, document)
    candidate = _candidate(found, k)

    ask = missing_names(candidate)[:1]

    def form(data: Any = None, files: Any = None) -> CandidateForm:
        made.append(CandidateForm(data, files, candidate=candidate, batch=found.batch, ask="".join(ask)))
        return showing(made[-1], candidate)

    made: list[CandidateForm] = []

    def call(values: dict[str, Any], meta: dict[str, Any]) -> None:
        with telling(made[-1]):
            actions.edit_candidate.call(key=meta["key"])(
                found,
                candidate=k,
                title=values["title"],
                text=values["text"],
                facts=made[-1].changes(),
                shown=values["shown"],
                actor=_actor(request),
            )

    page = ActionPage(
        title=_("修改候选问题"),
        done=lambda _result: _review(found, candidate),
        consequence=_("改的是入账后的问题；来源原文照旧保存。"),
        submit_label=_("保存"),
        cancel_url=_review(found, candidate),
    )
    return act_on_form(request, form, page, call)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, document: UUID, k: int) -> HttpResponse:
    """Two problems out of one."""
    found = find_document(request, document)
    candidate = _candidate(found, k)
    first, second = halves(candidate.text)

    def form(data: Any = None, files: Any = None) -> SplitForm:
        initial = {"first_text": first, "first_title": candidate.title, "second_text": second}
        made.append(SplitForm(data, files, initial=initial))
        return showing(made[-1], candidate)

    made: list[SplitForm] = []

    def call(values: dict[str, Any], meta: dict[str, Any]) -> list[int]:
        with telling(made[-1]):
            return actions.split_candidate.call(key=meta["key"])(
                found,
                candidate=k,
                first={"title": values["first_title"], "text": values["first_text"]},
                second={"title": values["second_title"], "text": values["second_text"]},
                shown=values["shown"],
                actor=_actor(request),
            )

    page = ActionPage(
        title=_("拆成两条"),
        done=lambda _result: _review(found, candidate),
        consequence=_("得到两条候选，源编号相同；来源的这一条反馈仍是一条，两个问题都办结才答复。"),
        submit_label=_("拆开"),
        said=_("已拆成两条。"),
        cancel_url=_review(found, candidate),
        subjects=[candidate.title],
    )
    return act_on_form(request, form, page, call)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, document: UUID, k: int) -> HttpResponse:
    """Not a problem after all."""
    found = find_document(request, document)
    candidate = _candidate(found, k)

    def call(values: dict[str, Any], meta: dict[str, Any]) -> None:
        actions.drop_candidate.call(key=meta["key"])(
            found, candidate=k, reason=values["reason"], actor=_actor(request)
        )

    page = ActionPage(
        title=_("不采用这条候选"),
        done=lambda _result: _review(found, candidate),
        consequence=_("它所在的片段重新变为未交代，请另作交代。"),
        submit_label=pgettext("act", "不采用"),
        cancel_url=_review(found, candidate),
        subjects=[candidate.title],
    )
    return act_on_form(request, DropForm, page, call)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, document: UUID) -> HttpResponse:
    """A problem the program did not see."""
    found = find_document(request, document)
    at = request.GET.get("n", "")

    def form(data: Any = None, files: Any = None) -> AddForm:
        return AddForm(data, files, initial={"passages": at if at.isdigit() else ""})

    def call(values: dict[str, Any], meta: dict[str, Any]) -> int:
        return actions.add_candidate.call(key=meta["key"])(
            found, passages=values["passages"], title=values["title"], actor=_actor(request)
        )

    page = ActionPage(
        title=_("加一条漏记"),
        done=lambda k: _review(found, Candidate.objects.get(document=found, k=k)),
        consequence=_("按所选片段的文字生成一条候选，再补齐单位和期限后确认。"),
        submit_label=_("加上"),
        said=_("已加一条候选。"),
        cancel_url=reverse("intake:review", args=[found.pk]),
    )
    return act_on_form(request, form, page, call)


def halves(text: str) -> tuple[str, str]:
    """Where a text would be cut: after the sentence, else the clause, nearest to its middle."""
    middle = len(text) // 2
    for marks in ("。；\n", "，、"):
        cuts = [at + 1 for at, letter in enumerate(text[:-1]) if letter in marks]
        if cuts:
            best = min(cuts, key=lambda at: abs(at - middle))
            return text[:best].strip(), text[best:].strip()
    return text, text


FormT = TypeVar("FormT", bound=ShownForm)


def showing(form: FormT, candidate: Candidate) -> FormT:
    """A fresh form says what it shows; one that was sent says what it showed."""
    if not form.is_bound:
        form.show(shown_of(candidate))
    return form


@contextmanager
def telling(form: ShownForm) -> Iterator[None]:
    """A refused form comes back showing how things stand: sending it again is a decision made knowing them."""
    try:
        yield
    except Moved as moved:
        form.show(moved.data.get("now", {}))
        raise


def _candidate(document: IntakeDocument, k: int) -> Candidate:
    found: Candidate | None = Candidate.objects.filter(document=document, k=k).first()
    if found is None:
        raise Http404
    return found


def _review(document: IntakeDocument, candidate: Candidate) -> str:
    n = min(candidate.passages, default=1)
    return f"{reverse('intake:review', args=[document.pk])}?n={n}#p-{n}"


def _numbers(request: HttpRequest, name: str) -> list[int]:
    given = ",".join(request.POST.getlist(name))
    numbers = [int(one) for one in given.split(",") if one.isascii() and one.isdigit()]
    if not numbers:
        raise Refused(_("没有选中任何候选。"), accepted=_("请从候选列表中选择。"), field=name)
    return numbers


def _key(request: HttpRequest) -> str:
    key = request.POST.get("idempotency_key", "")
    return f"form:{key}" if key else ""


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]
