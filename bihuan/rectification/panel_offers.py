"""What may be done about the panel of an application, for the buttons of a problem's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused
from bihuan.ledger.lifecycle_words import State, Who
from bihuan.ledger.offers import Offer
from bihuan.rectification.actions.acceptance import fit_to_judge
from bihuan.rectification.models import Panellist
from bihuan.rectification.panels import members_of, seat_of, sitting_panel
from bihuan.rectification.policy import holds
from bihuan.rectification.verbs import LABELS, Verb

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

CONSEQUENCES: Final[Mapping[Verb, object]] = {
    Verb.SET_UP_PANEL: gettext_lazy("成员逐人签署意见；全部签署以后由组长作出结论。"),
    Verb.SIGN_PANEL: gettext_lazy("签的是本人的意见，签署以后不能更改；不同意见如实记录。"),
    Verb.REPLACE_PANELLIST: gettext_lazy("签署前可以更换，写明理由；原成员留在记录里。"),
    Verb.CHANGE_CHAIR: gettext_lazy("由另一名成员作出结论，已签署的意见不变。"),
    Verb.DISSOLVE_PANEL: gettext_lazy("没有人签署时可以撤销，写明理由。"),
}
NAMES: Final[Mapping[Verb, str]] = {
    Verb.SIGN_PANEL: "sign_panel",
    Verb.REPLACE_PANELLIST: "replace_panellist",
    Verb.CHANGE_CHAIR: "change_chair",
    Verb.DISSOLVE_PANEL: "dissolve_panel",
}


def panel_offers(actor: Actor, problem: Problem) -> list[Offer]:
    """While a verdict is awaited: for a member to sign, for who accepts to set up and to change."""
    if State(problem.state) is not State.ACCEPTING:
        return []
    panel = sitting_panel(problem)
    accepts = holds(actor, problem, Who.ACCEPTOR)
    if panel is None:
        return [_set_up(actor, problem)] if accepts else []
    found = []
    mine = seat_of(actor, panel)
    if mine is not None and mine.state == Panellist.State.ASKED:
        found.append(_offer(Verb.SIGN_PANEL, panel.pk, primary=True))
    if accepts and not _against(fit_to_judge, problem, actor):
        signed = [one for one in members_of(panel) if one.state == Panellist.State.SIGNED]
        verbs = [Verb.REPLACE_PANELLIST, Verb.CHANGE_CHAIR]
        found += [_offer(verb, panel.pk) for verb in (verbs if signed else [*verbs, Verb.DISSOLVE_PANEL])]
    return found


def _set_up(actor: Actor, problem: Problem) -> Offer:
    return Offer(
        verb=Verb.SET_UP_PANEL,
        label=LABELS[Verb.SET_UP_PANEL],
        url=reverse("rectification:set_up_panel", args=[problem.pk]),
        consequence=CONSEQUENCES[Verb.SET_UP_PANEL],
        why_not=_against(fit_to_judge, problem, actor),
    )


def _offer(verb: Verb, panel: Any, *, primary: bool = False) -> Offer:
    return Offer(
        verb=verb,
        label=LABELS[verb],
        url=reverse(f"rectification:{NAMES[verb]}", args=[panel]),
        consequence=CONSEQUENCES[verb],
        primary=primary,
    )


def _against(check: Callable[..., object], problem: Problem, actor: Actor) -> str:
    try:
        check(problem, actor)
    except Refused as refused:
        return str(refused)
    return ""
