"""The pages of a panel: setting it up, signing, replacing, another chair, giving it up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404

from bihuan.ledger.sight import can_see
from bihuan.rectification import actions, panel_forms
from bihuan.rectification.first_promises import promises
from bihuan.rectification.models import AcceptancePanel
from bihuan.rectification.panel_offers import CONSEQUENCES
from bihuan.rectification.verbs import Verb
from bihuan.rectification.views.serving import Deed, Request, page_of, seen_problem, serve

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponse

    from bihuan.journal.action import Verb as Action
    from bihuan.organizations.action_pages import Meta

JUDGING = "rectification/judge_form.html"


def set_up_panel(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Who judges this application together."""
    problem = seen_problem(request, pk)

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        given = {name: value for name, value in cleaned.items() if name != "seen"}
        return actions.set_up_panel.call(**meta)(problem, actor=request.actor, **given)

    return serve(
        request,
        Deed(
            verb=Verb.SET_UP_PANEL,
            action=actions.set_up_panel,
            form=partial(panel_forms.SetUpForm, problem=problem),
            call=call,
            subjects=[problem],
            back=page_of(problem),
            consequence=CONSEQUENCES[Verb.SET_UP_PANEL],
        ),
    )


def sign_panel(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One member's own opinion, beside what was promised; what the others signed does not stand before their eyes."""
    panel = _seen_panel(request, pk)
    beside = {"promises": promises(panel.problem)}
    return _of_panel(
        request,
        panel,
        Verb.SIGN_PANEL,
        actions.sign_panel,
        panel_forms.SignForm,
        template=JUDGING,
        context=beside,
    )


def replace_panellist(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Somebody else in the seat of one who has not signed."""
    panel = _seen_panel(request, pk)
    form = partial(panel_forms.ReplaceForm, panel=panel)
    return _of_panel(request, panel, Verb.REPLACE_PANELLIST, actions.replace_panellist, form)


def change_chair(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Another member speaks for the panel."""
    panel = _seen_panel(request, pk)
    form = partial(panel_forms.ChairForm, panel=panel)
    return _of_panel(request, panel, Verb.CHANGE_CHAIR, actions.change_chair, form)


def dissolve_panel(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The panel is given up before anybody signed."""
    panel = _seen_panel(request, pk)
    return _of_panel(request, panel, Verb.DISSOLVE_PANEL, actions.dissolve_panel, panel_forms.DissolveForm)


def _seen_panel(request: Request, pk: uuid.UUID) -> AcceptancePanel:
    found: AcceptancePanel | None = (
        AcceptancePanel.objects.filter(pk=pk)
        .select_related("problem__jurisdiction", "problem__lead_unit")
        .first()
    )
    if found is None or not can_see(request.actor, found.problem):
        raise Http404
    return found


def _of_panel(
    request: Request,
    panel: AcceptancePanel,
    verb: Verb,
    action: Action[..., Any],
    form: Callable[..., Any],
    **how: Any,
) -> HttpResponse:
    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        given = {name: value for name, value in cleaned.items() if name != "seen"}
        return action.call(**meta)(panel, actor=request.actor, **given)

    return serve(
        request,
        Deed(
            verb=verb,
            action=action,
            form=form,
            call=call,
            subjects=[panel],
            shown=[str(panel.problem)],
            back=page_of(panel.problem),
            consequence=CONSEQUENCES[verb],
            **how,
        ),
    )
