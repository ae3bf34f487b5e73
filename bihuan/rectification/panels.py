"""The panel of an application for acceptance: who sits in it, what is missing, and what its chair may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.action import NotAllowed, Refused, current
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import ChannelMember, InvolvementRole, Problem
from bihuan.ledger.rigour import policy_of
from bihuan.ledger.steps import end_involvement, involve
from bihuan.organizations.models import Person, Post, Role, RoleGrant, Tenure
from bihuan.organizations.remembering import remembered
from bihuan.organizations.spans import in_force
from bihuan.policies.panel_shapes import AGREEMENTS
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.independence import Judge, dependences_of
from bihuan.rectification.independence_facts import said_of, work_of
from bihuan.rectification.models import AcceptancePanel, Panellist
from bihuan.rectification.panel_rules import (
    PanelTerms,
    Seat,
    concluded,
    failed_by_somebody,
    lacking,
    unsigned,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.journal.action import Actor


def panel_terms(problem: Problem) -> PanelTerms:
    """What policy asks of the acceptance of this problem."""
    body = policy_of(problem, "acceptance_panel").body
    return PanelTerms(
        members=int(body["members"]),
        units=int(body["units"]),
        agreement=str(body["agreement"]),
        on_site=bool(body["on_site"]),
    )


@remembered
def sitting_panel(problem: Problem) -> AcceptancePanel | None:
    """The panel that judges the present application; only while a verdict is awaited is there any."""
    if State(problem.state) is not State.ACCEPTING:
        return None
    found: AcceptancePanel | None = (
        AcceptancePanel.objects.filter(
            problem=problem, round=problem.round, state=AcceptancePanel.State.SITTING
        )
        .order_by("-id")
        .first()
    )
    return found


def members_of(panel: AcceptancePanel) -> list[Panellist]:
    """Who sits in it now, in their order; who was replaced is left out."""
    rows = Panellist.objects.filter(panel=panel).exclude(state=Panellist.State.REPLACED)
    return list(rows.select_related("post", "unit").order_by("ordinal", "id"))


def seats_in(members: Iterable[Panellist]) -> list[Seat]:
    """The members as the rules see them."""
    return [Seat(one.person, one.unit_id, one.met) for one in members]


def seat_of(actor: Actor, panel: AcceptancePanel | None) -> Panellist | None:
    """The actor's own seat: the very person, in the very post, never a stand-in."""
    if panel is None or actor.person is None or actor.on_behalf_of is not None:
        return None
    found: Panellist | None = (
        Panellist.objects.filter(panel=panel, person=actor.person, post=actor.post)
        .exclude(state=Panellist.State.REPLACED)
        .first()
    )
    return found


@dataclass(frozen=True)
class Candidate:
    """Somebody who could sit: the post and its holder of today."""

    post: Post
    person: Person


def candidates(posts: Sequence[Post]) -> list[Candidate]:
    """The holders of these posts; a vacant post has nobody to sign."""
    rows = Tenure.objects.filter(in_force(today()), post__in=posts).select_related("person")
    holders = {row.post_id: row.person for row in rows.order_by("since", "id")}
    vacant = [f"{post.unit.name} {post.name}" for post in posts if post.pk not in holders]
    if vacant:
        raise Refused(
            _("岗位空缺，没有人可以签署：%(posts)s。") % {"posts": listed(vacant)},
            accepted=_("请选择有人在岗的岗位。"),
            field="members",
        )
    return [Candidate(post, holders[post.pk]) for post in posts]


def refuse_unfit_member(problem: Problem, one: Candidate) -> None:
    """A member is held to the rule of an acceptor, has an account to sign with, and may know of the problem."""
    found = dependences_of(Judge(one.person.pk, None, one.post.unit.path), work_of(problem))
    if found:
        raise Refused(
            _("%(name)s（%(unit)s）不能参加验收组：%(reasons)s。")
            % {
                "name": one.person.name,
                "unit": one.post.unit.name,
                "reasons": listed(said_of(reason) for reason in found),
            },
            accepted=_("请选择整改各方以外、未参与本轮整改的人。"),
            field="members",
        )
    if one.person.account_id is None:
        raise Refused(
            _("%(name)s还没有账号，不能在系统内签署。") % {"name": one.person.name},
            accepted=_("请先由系统管理员为其开通账号。"),
            field="members",
        )
    _refuse_outside_channel(problem, one)


def _refuse_outside_channel(problem: Problem, one: Candidate) -> None:
    """What runs in a restricted channel is judged by the channel's members alone."""
    if problem.channel_id is None:
        return
    members = ChannelMember.objects.filter(in_force(today()), channel=problem.channel_id, post=one.post)
    if not members.exists():
        raise Refused(
            _("%(name)s不在这个问题的知悉范围内。") % {"name": one.person.name},
            accepted=_("请从限制知悉的成员中选择。"),
            field="members",
        )


def refuse_unfit_chair(one: Candidate | Panellist) -> None:
    """The chair's verdict is the acceptance: the chair's post must be one that accepts."""
    accepts = RoleGrant.objects.filter(in_force(today()), post=one.post, role=Role.ACCEPTOR)
    if not accepts.exists():
        raise Refused(
            _("组长要由验收岗担任。"), accepted=_("请从成员中选择有验收职责的岗位作组长。"), field="chair"
        )


def refuse_too_small(seats: Sequence[Seat], terms: PanelTerms) -> None:
    """Refuse what is less than policy asks."""
    members, units = lacking(seats, terms)
    if members or units:
        raise Refused(
            _("验收组还差 %(members)d 人、%(units)d 个单位。") % {"members": members, "units": units},
            accepted=_("按规定至少 %(members)d 人，来自 %(units)d 个以上单位。")
            % {"members": terms.members, "units": terms.units},
            field="members",
        )


def seat(panel: AcceptancePanel, one: Candidate, *, ordinal: int, chair: bool) -> Panellist:
    """Inside an action: the member sits, and sees the problem."""
    work = work_of(panel.problem)
    made: Panellist = Panellist.objects.create(
        panel=panel,
        ordinal=ordinal,
        post=one.post,
        person=one.person.pk,
        unit=one.post.unit,
        unit_path=one.post.unit.path,
        doing_paths=list(work.doing_paths),
        chair=chair,
    )
    involve(panel.problem, InvolvementRole.ACCEPTOR, post=one.post)
    return made


def unseat(panel: AcceptancePanel, member: Panellist, why: str) -> None:
    """Inside an action: somebody who has not signed sits no more, and need not know of the problem."""
    member.state, member.replaced_why = Panellist.State.REPLACED, why
    member.save()
    end_involvement(panel.problem, InvolvementRole.ACCEPTOR, post=member.post)


def refuse_against_panel(
    problem: Problem, actor: Actor, *, accepts: bool, failed: Iterable[str] = (), on_site: bool = False
) -> AcceptancePanel | None:
    """What the chair may conclude. Without a panel: whether one is demanded. Writes nothing."""
    panel = sitting_panel(problem)
    if panel is None:
        if accepts:
            _refuse_alone(problem)
        return None
    members = members_of(panel)
    refuse_not_chair(actor, members)
    refuse_unsigned(members)
    seats = seats_in(members)
    if concluded(seats, panel.agreement) is not accepts:
        agreed = sum(one.met is True for one in seats)
        raise Refused(
            _("结论与验收组的意见相反：%(n)d 人签署，%(agreed)d 人同意通过，按规定须%(rule)s同意。")
            % {"n": len(seats), "agreed": agreed, "rule": AGREEMENTS[panel.agreement]},
            accepted=_("应退回整改，写明缺什么。") if accepts else _("应验收通过；不同意见已逐人记录。"),
            agreed=agreed,
            signed=len(seats),
        )
    if accepts and panel.on_site and not on_site:
        raise Refused(_("这个验收组须现场核查。"), accepted=_("到现场核查以后，再作结论。"), field="on_site")
    _refuse_gates_of_nobody(members, failed)
    return panel


def _refuse_alone(problem: Problem) -> None:
    terms = panel_terms(problem)
    if terms.demanded:
        raise Refused(
            _("按规定，这个问题由验收组验收，不能一人作出。"),
            accepted=_("请先组成验收组：至少 %(members)d 人，来自 %(units)d 个以上单位。")
            % {"members": terms.members, "units": terms.units},
        )


def refuse_not_chair(actor: Actor, members: Sequence[Panellist]) -> None:
    """Only the chair speaks for the panel."""
    chair = next((one for one in members if one.chair), None)
    mine = (
        chair is not None
        and actor.on_behalf_of is None
        and (actor.person, actor.post) == (chair.person, chair.post_id)
    )
    if not mine:
        raise NotAllowed(
            _("这个问题由验收组验收，结论由组长作出。"),
            accepted=_("由%(unit)s %(post)s办理。") % {"unit": chair.unit.name, "post": chair.post.name}
            if chair
            else "",
        )


def refuse_unsigned(members: Sequence[Panellist]) -> None:
    """The chair concludes when everybody has signed, and not before."""
    waiting = {one.person for one in unsigned(seats_in(members))}
    if waiting:
        names = dict(Person.objects.filter(pk__in=waiting).values_list("pk", "name"))
        raise Refused(
            _("还有 %(n)d 人没有签署：%(names)s。")
            % {
                "n": len(waiting),
                "names": listed(names[one.person] for one in members if one.person in waiting),
            },
            accepted=_("全部签署以后，由组长作出结论；不能签署的，先写明理由更换。"),
        )


def _refuse_gates_of_nobody(members: Sequence[Panellist], failed: Iterable[str]) -> None:
    """The conclusion finds nothing wanting that no member found wanting."""
    found = failed_by_somebody(one.gates for one in members)
    made_up = [name for name in failed if name not in found]
    if made_up:
        raise Refused(
            _("没有成员认为这一关未通过：%(gates)s。")
            % {"gates": listed(str(GATES[name]) for name in made_up)},
            accepted=_("成员认为未通过的是：%(gates)s。")
            % {"gates": listed(str(GATES[name]) for name in GATES if name in found)},
            field="gates",
        )


def end_panel(panel: AcceptancePanel | None) -> None:
    """Inside an action: the chair has spoken."""
    if panel is None:
        return
    current().lock([panel])
    panel.state, panel.ended_on = AcceptancePanel.State.CONCLUDED, current().today
    panel.save()


def stand_down(problem: Problem, why: str) -> None:
    """Inside an action: the problem is judged otherwise, so its panel need not go on."""
    panel = sitting_panel(problem)
    if panel is None:
        return
    current().lock([panel])
    panel.state, panel.ended_on, panel.reason = AcceptancePanel.State.DISSOLVED, current().today, why
    panel.save()
