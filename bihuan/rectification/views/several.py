"""The forms of what is done to several problems in one act: acknowledging, closing, filing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from bihuan.rectification import actions, forms, queries
from bihuan.rectification.verbs import Verb
from bihuan.rectification.views.serving import Deed, Request, page_of, picked_problems, serve
from bihuan.rectification.views.steps import given

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from bihuan.journal.action import Verb as Action
    from bihuan.ledger.models import Problem
    from bihuan.organizations.action_pages import Meta


def acknowledge(request: Request) -> HttpResponse:
    """All of a unit's items in one act."""
    problems = picked_problems(request, queries.to_acknowledge(request.actor))
    form = partial(forms.AcknowledgeForm, unit=problems[0].lead_unit)
    return _several(request, problems, Verb.ACKNOWLEDGE, actions.acknowledge, form)


def close(request: Request) -> HttpResponse:
    """Several closures in one sitting."""
    return _sitting(request, Verb.CLOSE, actions.close)


def to_standing_duty(request: Request) -> HttpResponse:
    """Several turned into standing duty in one sitting."""
    return _sitting(request, Verb.TO_STANDING_DUTY, actions.to_standing_duty)


def _sitting(request: Request, verb: Verb, action: Action[..., Any]) -> HttpResponse:
    problems = picked_problems(request, queries.to_close(request.actor))
    return _several(request, problems, verb, action, forms.SittingForm)


def file_closure(request: Request) -> HttpResponse:
    """Several filings by one document."""
    problems = picked_problems(request, queries.to_file(request.actor))
    return _several(request, problems, Verb.FILE, actions.file_closure, forms.FilingForm)


def _several(
    request: Request,
    problems: list[Problem],
    verb: Verb,
    action: Action[..., Any],
    form: Callable[..., Any],
) -> HttpResponse:
    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(problems, actor=request.actor, **given(cleaned))

    back = page_of(problems[0]) if len(problems) == 1 else reverse("desk:home")
    return serve(request, Deed(verb=verb, action=action, form=form, call=call, subjects=problems, back=back))
