"""Findings: the list, one of them, the batch they came with, their answers as a sheet, and the forms about them."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.documents.excel import Sheet, Value, write_workbook
from bihuan.journal import access
from bihuan.journal.timesource import today
from bihuan.ledger import actions, forms
from bihuan.ledger.answer_words import Outcome, answer_words
from bihuan.ledger.findings import FindingFilters, batches_seen, findings_seen, problems_of, raised_by
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Batch, Finding, FindingState
from bihuan.ledger.pages import findings as pages
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.acting import Request
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.sight import sight_of

KEPT_IN_MEMORY = 2 * 1024 * 1024
AT_ONCE = 200


@require_safe
def findings(request: Request) -> HttpResponse:
    """The list across batches."""
    if sight_of(request.actor).nothing:
        raise Http404
    context = pages.list_context(
        request.actor, FindingFilters.from_query(request.GET), request.GET.get("after", "")
    )
    return render(request, "ledger/findings.html", context)


@require_safe
def finding(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One finding."""
    return render(
        request, "ledger/finding.html", pages.finding_context(request.actor, seen_finding(request, pk))
    )


@require_safe
def batch(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What came of one feedback."""
    found = _seen_batch(request, pk)
    filters = FindingFilters.from_query({**request.GET.dict(), "batch": found.code})
    context = pages.batch_context(request.actor, found, filters, request.GET.get("after", ""))
    return render(request, "ledger/batch.html", context)


@require_safe
def export_answers(request: Request, pk: uuid.UUID) -> FileResponse:
    """The findings of a batch in the source's order, each with its problems and its answer, as Excel."""
    found = _seen_batch(request, pk)
    # The response closes the file when it was sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    header = [
        _("序号"), _("源编号"), _("反馈原文"), _("登记成的问题"), _("牵头单位"), _("办理情况"), _("期限"),
        _("认定结果"), _("答复"), _("答复日期"), _("答复文号"),
    ]  # fmt: skip
    sheet = Sheet(
        name=_("答复"),
        title=found.title,
        header=header,
        rows=_answers(request, found),
        widths=(6, 10, 48, 30, 20, 16, 12, 14, 48, 12, 18),
    )
    count = write_workbook(file, [sheet])  # type: ignore[arg-type]  # a spooled file is binary enough
    file.seek(0)
    access.record(request.actor, "export:answers", subjects=[found], rows=count)
    name = _("答复-%(batch)s-%(day)s.xlsx") % {"batch": found.code, "day": today().isoformat()}
    return FileResponse(file, as_attachment=True, filename=name)


def _answers(request: Request, found: Batch) -> Iterator[list[Value]]:
    """Row by row; a part of the batch at a time, so that its size costs neither memory nor a query a row."""
    rows = findings_seen(request.actor).filter(batch=found).order_by("ordinal")
    part, language = list(rows[:AT_ONCE]), get_language() or "zh"
    while part:
        problems = raised_by(request.actor, part)
        for one in part:
            raised = problems.get(one.pk, [])
            # An answer overtaken by a rebound is no answer to hand over again.
            answered = timezone.localdate(one.answered_at) if one.state == FindingState.ANSWERED else None
            yield [
                one.ordinal,
                one.source_no,
                one.text,
                "\n".join(f"{problem.problem_no} {problem.title}" for problem in raised),
                "\n".join(str(problem.lead_unit or "") for problem in raised),
                "\n".join(STATE_WORDS[State(problem.state)].say(language) for problem in raised),
                one.deadline,
                one.determination,
                one.answer if answered else "",
                answered,
                one.answer_document,
            ]
        part = list(rows.filter(ordinal__gt=part[-1].ordinal)[:AT_ONCE])


def _seen_batch(request: Request, pk: uuid.UUID) -> Batch:
    found = batches_seen(request.actor).select_related("source", "jurisdiction").filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.channel_id is not None:
        access.record(request.actor, "restricted:ledger.batch", subjects=[found])
    return found


def seen_finding(request: Request, pk: uuid.UUID) -> Finding:
    """The finding, or 404 for whoever may not know of it."""
    related = ("batch__source", "batch__jurisdiction")
    found: Finding | None = findings_seen(request.actor).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.batch.channel_id is not None:
        access.record(request.actor, "restricted:ledger.finding", subjects=[found])
    return found


def record_determination(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Write down the source's verdict on a finding, in its own words."""
    found = seen_finding(request, pk)
    form = partial(
        forms.DeterminationForm,
        words=found.batch.source.determinations,
        initial={
            "determination": found.determination,
            "determined_on": found.determined_on,
            "document_no": found.determination_document,
        },
    )
    return _serve(request, found, form, actions.record_determination, LedgerVerb.RECORD_DETERMINATION)


def draft_answer(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Keep the words of an answer that cannot be given yet."""
    found = seen_finding(request, pk)
    form = partial(forms.DraftAnswerForm, initial={"answer": found.answer or _first_words(request, found)})
    return _serve(request, found, form, actions.draft_answer, LedgerVerb.DRAFT_ANSWER)


def answer_finding(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Answer the source."""
    found = seen_finding(request, pk)
    initial = {
        "answer": found.answer or _first_words(request, found),
        "document_no": found.answer_document,
    }
    form = partial(forms.AnswerForm, initial=initial)
    return _serve(request, found, form, actions.answer_finding, LedgerVerb.ANSWER_FINDING)


def _first_words(request: Request, found: Finding) -> str:
    """The answer as the ledger would write it, for a person to go on from."""
    problems = problems_of(request.actor, found).select_related("lead_unit", "merged_into")
    return answer_words(
        Outcome(
            title=problem.title,
            state=State(problem.state),
            unit=problem.lead_unit.name if problem.lead_unit else "",
            day=problem.closed_on,
            into=problem.merged_into.title if problem.merged_into else "",
            to=problem.referred_to,
            document=problem.ended_document,
        )
        for problem in problems
    )


def _serve(
    request: Request, found: Finding, form: Callable[..., Any], verb: Any, name: LedgerVerb
) -> HttpResponse:
    """The form of a verb: authority is asked before anything is typed, and again when it is sent."""
    if request.method != "POST":
        verb.may(request.actor, [found], {})

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        verb.call(**meta)(found, actor=request.actor, **cleaned)

    back = reverse("ledger:finding", args=[found.pk])
    page = ActionPage(
        title=LABELS[name],
        subjects=[f"{pages.number_of(found)} {pages.shortened(found.text, 80)}"],
        submit_label=LABELS[name],
        said=_("已办理：%(title)s") % {"title": LABELS[name]},
        cancel_url=back,
        done=lambda _result: back,
        labels={field.attname: field.verbose_name for field in Finding._meta.concrete_fields},
    )
    return act_on_form(request, form, page, call, subjects=[found])
