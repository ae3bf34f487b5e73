"""The forms of what is done to several problems in one act: acknowledging, pressing, closing, filing."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.journal.action import BLOCK
from bihuan.journal.wording import listed
from bihuan.ledger.forms import picked
from bihuan.organizations.authority import has_role
from bihuan.organizations.models import Role
from bihuan.rectification import actions, forms, queries
from bihuan.rectification.levels import filing_level, named
from bihuan.rectification.verbs import Verb
from bihuan.rectification.views.serving import RELATED, Deed, Request, page_of, picked_problems, serve
from bihuan.rectification.views.steps import given

if TYPE_CHECKING:
    import uuid
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


def press(request: Request, order: uuid.UUID | None = None) -> HttpResponse:
    """Press every unit that has not acknowledged, or those ticked, of one order or of the whole office."""
    waiting, back = queries.to_press(request.actor), reverse("desk:wall")
    units = picked(request.GET.getlist("pick"))
    if order is not None:
        waiting = waiting.filter(pk__in=queries.items_waiting(order).values("problem"))
        back = reverse("desk:order_wall", args=[order])
    if units:
        waiting = waiting.filter(lead_unit__in=units)
    problems = list(waiting.select_related(*RELATED))
    if not problems:
        return _nobody_left(request, back)

    def call(_cleaned: dict[str, Any], _meta: Meta) -> None:
        # Sent twice it presses nobody twice: what was pressed today no longer waits to be.
        for start in range(0, len(problems), BLOCK):
            actions.press(problems[start : start + BLOCK], actor=request.actor)

    counted = Counter(problem.lead_unit for problem in problems)
    deed = Deed(
        verb=Verb.PRESS,
        action=actions.press,
        form=forms.NothingForm,
        call=call,
        subjects=problems,
        back=back,
        consequence=_("每个单位的收件人各得一条消息；同一件一天催一次，都有记录。"),
        shown=[_("%(unit)s：%(n)d 件未签收") % {"unit": unit, "n": n} for unit, n in counted.items()],
    )
    return serve(request, deed)


def _nobody_left(request: Request, back: str) -> HttpResponse:
    if not has_role(request.actor, Role.COORDINATOR, Role.REVIEWER):
        raise Http404
    messages.info(request, _("没有要催签的单位：都已签收，或今天已经催过。"))
    return redirect(back)


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
    """Several filings by one document; the page says which level is told, where the rule says so."""
    problems = picked_problems(request, queries.to_file(request.actor))
    told = sorted({level for level in map(filing_level, problems) if level is not None}, reverse=True)
    consequence = (
        _("按“逐级验收”规则报%(levels)s备案；登记备案文号。") % {"levels": listed(named(one) for one in told)}
        if told
        else ""
    )
    return _several(
        request, problems, Verb.FILE, actions.file_closure, forms.FilingForm, consequence=consequence
    )


def _several(
    request: Request,
    problems: list[Problem],
    verb: Verb,
    action: Action[..., Any],
    form: Callable[..., Any],
    *,
    consequence: str = "",
) -> HttpResponse:
    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(problems, actor=request.actor, **given(cleaned))

    back = page_of(problems[0]) if len(problems) == 1 else reverse("desk:home")
    deed = Deed(
        verb=verb,
        action=action,
        form=form,
        call=call,
        subjects=problems,
        back=back,
        consequence=consequence,
    )
    return serve(request, deed)
