"""The forms of leaders' acts and of the focus list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from bihuan.ledger.listing import Filters, slice_of
from bihuan.rectification import actions, leading_forms
from bihuan.rectification.focus import STANDING
from bihuan.rectification.leading_offers import THEN
from bihuan.rectification.models import LeaderInstruction
from bihuan.rectification.verbs import Verb
from bihuan.rectification.views.orders import query_of
from bihuan.rectification.views.serving import Deed, Request, page_of, picked_problems, seen_problem, serve
from bihuan.rectification.views.steps import given
from bihuan.rectification.withdrawing import standing_acts

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from bihuan.journal.action import Verb as Action
    from bihuan.ledger.models import Problem
    from bihuan.organizations.action_pages import Meta


def record_visit(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A leader went there."""
    return _of_leader(request, pk, Verb.RECORD_VISIT, actions.record_visit, leading_forms.VisitForm)


def record_instruction(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A leader wrote an instruction."""
    form = leading_forms.InstructionForm
    return _of_leader(request, pk, Verb.RECORD_INSTRUCTION, actions.record_instruction, form)


def _of_leader(
    request: Request,
    pk: uuid.UUID,
    verb: Verb,
    action: Action[..., Any],
    form: type[leading_forms.LeadersActForm],
) -> HttpResponse:
    problem = seen_problem(request, pk)
    bound = partial(form, problem=problem, actor=request.actor)
    return _one(request, problem, verb, action, bound)


def answer_instruction(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What came of an instruction; without one that waits there is nothing to answer."""
    problem = seen_problem(request, pk)
    waiting = LeaderInstruction.objects.filter(problem=problem, answered_on=None, withdrawn_on=None)
    if not waiting.exists():
        raise Http404
    form = partial(leading_forms.AnswerInstructionForm, problem=problem)
    return _one(request, problem, Verb.ANSWER_INSTRUCTION, actions.answer_instruction, form)


def withdraw_leaders_act(request: Request, pk: uuid.UUID) -> HttpResponse:
    """An entry was wrong; without one there is nothing to withdraw."""
    problem = seen_problem(request, pk)
    if not standing_acts(problem):
        raise Http404
    form = partial(leading_forms.WithdrawForm, problem=problem, actor=request.actor)
    return _one(request, problem, Verb.WITHDRAW_LEADERS_ACT, actions.withdraw_leaders_act, form)


def _one(request: Request, problem: Problem, verb: Verb, action: Action[..., Any], form: Any) -> HttpResponse:
    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(problem, actor=request.actor, **given(cleaned))

    back = page_of(problem)
    deed = Deed(
        verb=verb, action=action, form=form, call=call, subjects=[problem], back=back, consequence=THEN[verb]
    )
    return serve(request, deed)


def put_on_focus(request: Request) -> HttpResponse:
    """The ticked problems onto the focus list."""
    problems = picked_problems(request, _slice(request).filter(~STANDING))
    form = partial(leading_forms.PutOnFocusForm, problems=problems)
    return _list(request, problems, Verb.PUT_ON_FOCUS, actions.put_on_focus, form)


def take_off_focus(request: Request) -> HttpResponse:
    """The ticked problems off it."""
    problems = picked_problems(request, _slice(request).filter(STANDING))
    return _list(
        request, problems, Verb.TAKE_OFF_FOCUS, actions.take_off_focus, leading_forms.TakeOffFocusForm
    )


def _slice(request: Request) -> QuerySet[Problem]:
    return slice_of(request.actor, Filters.from_query(query_of(request))).order_by("problem_no")


def _list(
    request: Request, problems: list[Problem], verb: Verb, action: Action[..., Any], form: Any
) -> HttpResponse:
    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(problems, actor=request.actor, **given(cleaned))

    deed = Deed(
        verb=verb,
        action=action,
        form=form,
        call=call,
        subjects=problems,
        back=reverse("desk:focus"),
        consequence=THEN[verb],
    )
    return serve(request, deed)
