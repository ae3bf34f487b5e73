"""Acceptance by a panel: set up, signed one by one, its members replaced or its chair changed; the chair then accepts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotAllowed, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import require_sight
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.authority import unit_of
from bihuan.organizations.models import Post
from bihuan.policies.panel_shapes import LARGEST
from bihuan.rectification.acceptance_words import GATE_ANSWERS, GATES
from bihuan.rectification.actions.acceptance import fit_to_judge, open_acceptance
from bihuan.rectification.circumstances import refuse_unless_open
from bihuan.rectification.independence_facts import refuse_dependent, work_of
from bihuan.rectification.models import Acceptance, AcceptancePanel, Panellist
from bihuan.rectification.panel_rules import met
from bihuan.rectification.panels import (
    candidates,
    members_of,
    panel_terms,
    refuse_too_small,
    refuse_unfit_chair,
    refuse_unfit_member,
    seat,
    seat_of,
    seats_in,
    sitting_panel,
    unseat,
)
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from bihuan.journal.records import Record

SMALLEST: Final = 2


@action(Verb.SET_UP_PANEL, may=may(Verb.SET_UP_PANEL))
def set_up_panel(
    problem: Problem,
    *,
    members: Sequence[Post],
    chair: Post,
    on_site: bool = False,
    actor: Actor,
) -> AcceptancePanel:
    """Name who judges this application together, and who speaks for them. Each is independent, or is refused."""
    refuse_unless_open(problem, Verb.ACCEPT)
    fit_to_judge(problem, actor)
    posts = list({post.pk: post for post in [chair, *members]}.values())
    _refuse_count(posts)
    if sitting_panel(problem) is not None:
        raise Refused(_("这次验收已经有验收组。"), accepted=_("可以更换成员，或者先撤销。"))
    sits = candidates(posts)
    if len({one.person.pk for one in sits}) != len(sits):
        raise Refused(_("同一个人占了两个席位。"), accepted=_("每人一席。"), field="members")
    refuse_unfit_chair(sits[0])
    for one in sits:
        refuse_unfit_member(problem, one)
    terms = panel_terms(problem)
    made: AcceptancePanel = AcceptancePanel.objects.create(
        problem=problem,
        round=problem.round,
        acceptance=open_acceptance(problem) or _opened(problem),
        on_site=on_site or terms.on_site,
        agreement=terms.agreement,
        set_up_by=person_of(actor),
        set_up_principal=actor.on_behalf_of,
        set_up_on=current().today,
    )
    rows = [seat(made, one, ordinal=number, chair=one is sits[0]) for number, one in enumerate(sits, start=1)]
    refuse_too_small(seats_in(rows), terms)
    current().fact(problem, panel=str(made.pk), members=len(rows))
    return made


def _refuse_count(posts: Sequence[Post]) -> None:
    if not SMALLEST <= len(posts) <= LARGEST:
        raise Refused(
            _("验收组的人数不对。"),
            accepted=_("%(least)d 至 %(most)d 人，组长在内。") % {"least": SMALLEST, "most": LARGEST},
            field="members",
        )


def _opened(problem: Problem) -> Acceptance:
    """Entered as already fixed, nobody applied; the panel still judges something that has a record."""
    made: Acceptance = Acceptance.objects.create(
        problem=problem, round=problem.round, self_check="", applied_on=current().today
    )
    return made


def may_sign(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The member in person; whoever stands in for one signs nothing."""
    for panel in (one for one in subjects if isinstance(one, AcceptancePanel)):
        require_sight(actor, [panel.problem])
        if actor.on_behalf_of is not None:
            raise NotAllowed(
                _("验收意见由成员本人签署，不能代签。"), accepted=_("成员不能签署的，写明理由更换。")
            )
        if seat_of(actor, panel) is None:
            raise NotAllowed(_("您不是这个验收组的成员。"), accepted=_("由验收组成员本人签署。"))


@action(Verb.SIGN_PANEL, may=may_sign)
def sign_panel(panel: AcceptancePanel, *, gates: Mapping[str, str], opinion: str, actor: Actor) -> Panellist:
    """One member's own opinion, gate by gate. It is given once."""
    _refuse_ended(panel)
    words = refuse_empty(opinion, _("个人意见"))
    wrong = [name for name in GATES if gates.get(name) not in GATE_ANSWERS]
    if wrong or set(gates) - set(GATES):
        raise Refused(
            _("五关没有逐项判断：%(gates)s。") % {"gates": listed(str(GATES[name]) for name in wrong)},
            accepted=_("每一关填通过、不适用或未通过。"),
            field="gates",
        )
    member, unit = seat_of(actor, panel), unit_of(actor)
    if member is None or unit is None:
        raise NotAllowed(_("您不是这个验收组的成员。"), accepted=_("由验收组成员本人签署。"))
    if member.state == Panellist.State.SIGNED:
        raise Refused(_("您已经签署。"), accepted=_("签署以后不能更改；补充情况请向组长说明。"))
    work = work_of(panel.problem)
    refuse_dependent(actor, unit, work)
    member.unit, member.unit_path, member.doing_paths = unit, unit.path, list(work.doing_paths)
    member.gates, member.met, member.opinion = dict(gates), met(gates), words
    member.state, member.signed_on = Panellist.State.SIGNED, current().today
    member.save()
    return member


@action(Verb.REPLACE_PANELLIST, may=may(Verb.REPLACE_PANELLIST))
def replace_panellist(
    panel: AcceptancePanel, *, member: uuid.UUID, by: Post, reason: str, actor: Actor
) -> Panellist:
    """Somebody who has not signed gives up the seat to another, and it is said why."""
    _refuse_ended(panel)
    fit_to_judge(panel.problem, actor)
    why = refuse_empty(reason, _("更换理由"))
    current().because(why)
    leaving = _member(panel, member)
    if leaving.state == Panellist.State.SIGNED:
        raise Refused(_("已经签署的成员不能更换。"), accepted=_("签署前可以更换；不同意见应当记录在案。"))
    (arriving,) = candidates([by])
    others = [one for one in members_of(panel) if one.pk != leaving.pk]
    if arriving.person.pk in {leaving.person, *(one.person for one in others)}:
        raise Refused(_("这个人已经在验收组里。"), accepted=_("请选择另一个人。"), field="by")
    refuse_unfit_member(panel.problem, arriving)
    if leaving.chair:
        refuse_unfit_chair(arriving)
    current().lock([panel.problem])
    unseat(panel, leaving, why)
    made = seat(panel, arriving, ordinal=leaving.ordinal, chair=leaving.chair)
    refuse_too_small(seats_in([*others, made]), panel_terms(panel.problem))
    return made


@action(Verb.CHANGE_CHAIR, may=may(Verb.CHANGE_CHAIR))
def change_chair(panel: AcceptancePanel, *, member: uuid.UUID, reason: str, actor: Actor) -> Panellist:
    """Another member speaks for the panel; signatures stay as they are."""
    _refuse_ended(panel)
    fit_to_judge(panel.problem, actor)
    current().because(refuse_empty(reason, _("变更理由")))
    chosen = _member(panel, member)
    if chosen.chair:
        raise Refused(_("这个成员就是组长。"), accepted=_("请选择另一名成员。"), field="member")
    refuse_unfit_chair(chosen)
    before = next((one for one in members_of(panel) if one.chair), None)
    if before is not None:
        before.chair = False
        before.save()
    chosen.chair = True
    chosen.save()
    return chosen


@action(Verb.DISSOLVE_PANEL, may=may(Verb.DISSOLVE_PANEL))
def dissolve_panel(panel: AcceptancePanel, *, reason: str, actor: Actor) -> None:
    """Before anybody signed: the panel is given up. Opinions that were signed are not got rid of this way."""
    _refuse_ended(panel)
    fit_to_judge(panel.problem, actor)
    why = refuse_empty(reason, _("撤销理由"))
    current().because(why)
    members = members_of(panel)
    if any(one.state == Panellist.State.SIGNED for one in members):
        raise Refused(_("已经有人签署，不能撤销。"), accepted=_("请全部签署后由组长作出结论。"))
    current().lock([panel.problem])
    for one in members:
        unseat(panel, one, why)
    panel.state, panel.ended_on, panel.reason = AcceptancePanel.State.DISSOLVED, current().today, why
    panel.save()


def _member(panel: AcceptancePanel, member: uuid.UUID) -> Panellist:
    found = next((one for one in members_of(panel) if one.pk == member), None)
    if found is None:
        raise Refused(_("没有这个成员。"), accepted=_("请刷新后再办。"), field="member")
    return found


def _refuse_ended(panel: AcceptancePanel) -> None:
    if panel.state != AcceptancePanel.State.SITTING or State(panel.problem.state) is not State.ACCEPTING:
        raise Refused(
            _("这个验收组“%(state)s”，不能再办。") % {"state": panel.get_state_display()},
            accepted=_("待验收的问题可以组成新的验收组。"),
        )
