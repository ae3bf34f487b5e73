"""The forms of the ledger's verbs. Sight is asked first, so that what one may not know of answers 404."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ledger import actions, forms
from bihuan.ledger.findings import findings_seen
from bihuan.ledger.models import Finding, Problem
from bihuan.ledger.offers import CONSEQUENCES
from bihuan.ledger.registering import NewProblem
from bihuan.ledger.sight import visible
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.acting import Request
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.authority import jurisdiction_of

RELATED = ("source", "sector", "jurisdiction", "lead_unit", "channel")
PLAIN_FACTS = ("concerned_party", "site", "basis")


def seen_problem(request: Request, pk: uuid.UUID) -> Problem:
    """The problem, or 404 for whoever may not know of it."""
    found = visible(request.actor, Problem.objects.select_related(*RELATED)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def picked_problems(request: Request) -> list[Problem]:
    """The ticked problems the person sees; none at all is a 404, for then the address was made up."""
    ids = forms.picked(request.GET.getlist("pick"))
    found = list(visible(request.actor, Problem.objects.select_related(*RELATED)).filter(pk__in=ids))
    if not found:
        raise Http404
    return found


def back_to(problem: Problem) -> Callable[[Any], str]:
    """Where a finished form leads: the problem's page."""
    return lambda _result: reverse("desk:problem", args=[problem.pk])


def register(request: Request) -> HttpResponse:
    """Register one problem by hand."""
    place = jurisdiction_of(request.actor)
    if place is None:
        raise Http404

    def call(cleaned: dict[str, Any], meta: Meta) -> Problem:
        return actions.register.call(**meta)(
            jurisdiction=place,
            new=_new_problem(cleaned),
            batch=finding.batch if finding else None,
            findings=[finding] if finding else [],
            actor=request.actor,
        )

    finding = _asked_finding(request)
    channel = request.GET.get("channel", "")
    initial: dict[str, Any] = {"channel": channel} if channel else {}
    if finding is not None:
        initial |= {"text": finding.text, "source": finding.batch.source_id}
    form = partial(forms.RegisterForm, actor=request.actor, initial=initial)
    page = ActionPage(
        title=_("登记问题"),
        consequence=_("登记后得到编号，进入研判；期限、单位由拟办和交办单确定。"),
        submit_label=_("登记"),
        subjects=[f"{finding.source_no} {finding.text[:80]}"] if finding else [],
        cancel_url=reverse("desk:ledger"),
        done=lambda problem: reverse("desk:problem", args=[problem.pk]),
    )
    return act_on_form(request, form, page, call)


def _new_problem(cleaned: dict[str, Any]) -> NewProblem:
    """The facts of the form as the action takes them."""
    return NewProblem(
        title=cleaned["title"],
        text=cleaned["text"],
        source=cleaned["source"],
        sector=cleaned["sector"],
        nature=cleaned["nature"],
        impact=cleaned["impact"],
        urgency=cleaned["urgency"],
        rectification_kind=cleaned["rectification_kind"],
        external_deadline=cleaned["external_deadline"],
        amount=cleaned["amount"],
        fixed_on_entry=cleaned["fixed_on_entry"],
        lead_unit=cleaned["lead_unit"],
        self_reported=cleaned["self_reported"],
        channel=cleaned.get("channel"),
        more={name: cleaned[name] for name in PLAIN_FACTS},
    )


def _asked_finding(request: Request) -> Finding | None:
    """The finding the address names, where the problem comes out of one."""
    asked = forms.picked([request.GET.get("finding", "")])
    if not asked:
        return None
    found: Finding | None = (
        findings_seen(request.actor)
        .select_related("batch__source", "batch__jurisdiction", "batch__channel")
        .filter(pk=asked[0])
        .first()
    )
    if found is None:
        raise Http404
    return found


def register_placeholder(request: Request) -> HttpResponse:
    """A number for a problem that is kept offline."""
    place = jurisdiction_of(request.actor)
    if place is None:
        raise Http404
    actions.register_placeholder.may(request.actor, [], {"jurisdiction": place})

    def call(cleaned: dict[str, Any], meta: Meta) -> Problem:
        return actions.register_placeholder.call(**meta)(jurisdiction=place, actor=request.actor, **cleaned)

    page = ActionPage(
        title=LABELS[LedgerVerb.REGISTER_PLACEHOLDER],
        consequence=_("只占编号、计数和时限；内容按保密规定线下办理，不要写进系统，也不要上传文件。"),
        submit_label=_("登记占位"),
        cancel_url=reverse("desk:ledger"),
        done=lambda problem: reverse("desk:problem", args=[problem.pk]),
    )
    return act_on_form(request, forms.PlaceholderForm, page, call)


def propose(request: Request, pk: uuid.UUID | None = None) -> HttpResponse:
    """拟办 for one problem, or for all that were ticked."""
    problems = [seen_problem(request, pk)] if pk else picked_problems(request)
    initial = {}
    if len(problems) == 1:
        initial = {"lead_unit": problems[0].lead_unit_id, "handling": problems[0].proposed_handling}

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        actions.propose.call(**meta)(problems, actor=request.actor, **cleaned)

    page = ActionPage(
        title=LABELS[LedgerVerb.PROPOSE],
        consequence=CONSEQUENCES[LedgerVerb.PROPOSE],
        subjects=[str(problem) for problem in problems],
        cancel_url=reverse("desk:ledger"),
        done=lambda _result: reverse("desk:problem", args=[problems[0].pk]) if pk else reverse("desk:ledger"),
        said=_("已提出拟办意见。"),
        labels=_labels(),
    )
    return act_on_form(request, partial(forms.ProposeForm, initial=initial), page, call, subjects=problems)


def return_proposal(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The reviewer returns the proposal."""
    problem = seen_problem(request, pk)

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        actions.return_proposal.call(**meta)([problem], actor=request.actor, reason=cleaned["reason"])

    page = ActionPage(
        title=LABELS[LedgerVerb.RETURN_PROPOSAL],
        consequence=CONSEQUENCES[LedgerVerb.RETURN_PROPOSAL],
        subjects=[str(problem)],
        cancel_url=back_to(problem)(None),
        done=back_to(problem),
    )
    return act_on_form(request, forms.ReasonForm, page, call, subjects=[problem])


def edit_facts(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Add to or correct the facts."""
    problem = seen_problem(request, pk)
    names = [name for name in forms.EditFactsForm.base_fields if name != "sector"]
    initial = {name: getattr(problem, name) for name in names} | {"sector": problem.sector_id}

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        changes = {name: cleaned[name] for name in names} | {"sector_id": cleaned["sector"].pk}
        actions.edit_facts.call(**meta)(problem, changes=changes, actor=request.actor)

    page = ActionPage(
        title=LABELS[LedgerVerb.EDIT_FACTS],
        consequence=CONSEQUENCES[LedgerVerb.EDIT_FACTS],
        subjects=[str(problem)],
        cancel_url=back_to(problem)(None),
        done=back_to(problem),
        labels=_labels(),
    )
    return act_on_form(request, partial(forms.EditFactsForm, initial=initial), page, call, subjects=[problem])


def request_ending(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask for an ending other than closure."""
    problem = seen_problem(request, pk)

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        actions.request_ending.call(**meta)(problem, actor=request.actor, **cleaned)

    page = ActionPage(
        title=LABELS[LedgerVerb.REQUEST_ENDING],
        consequence=CONSEQUENCES[
            LedgerVerb.MERGE if request.GET.get("verb") == LedgerVerb.MERGE else LedgerVerb.REQUEST_ENDING
        ],
        subjects=[str(problem)],
        cancel_url=back_to(problem)(None),
        done=back_to(problem),
        said=_("已提请审批。"),
    )
    asked = {name: request.GET[name][:100] for name in ("verb", "into") if name in request.GET}
    form = partial(forms.EndingForm, actor=request.actor, initial=asked)
    return act_on_form(request, form, page, call, subjects=[problem])


def _labels() -> dict[str, Any]:
    """The names of a problem's columns, for whoever has to compare two versions."""
    return {field.attname: field.verbose_name for field in Problem._meta.concrete_fields}
