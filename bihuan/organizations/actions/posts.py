"""Posts and who holds them; on a change of holder everything open passes with the post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.organizations import policy
from bihuan.organizations.actions.required import filled, not_before, post_still_open, still_open
from bihuan.organizations.actions.separation import refuse_clash, refuse_oneself, roles_on
from bihuan.organizations.models import Handover, Person, Post, PostKind, StandIn, Tenure, Unit
from bihuan.organizations.registry import open_items_of
from bihuan.organizations.spans import not_over
from bihuan.organizations.vacancies import look_again


@action("organizations.create_post", may=policy.keeps_structure)
def create_post(
    *,
    unit: Unit,
    kind: str,
    name: str,
    section: str = "",
    portfolio: Sequence[str] = (),
    serves: Post | None = None,
    actor: Actor,
) -> Post:
    """Make a seat in a unit. A unit has one principal: the first responsible person is no choice in a drop-down."""
    # The unit is locked: two principals must not be made at the same moment.
    current().lock([unit])
    post = draw_post(unit=unit, kind=kind, name=name, section=section, portfolio=portfolio, serves=serves)
    post.save()
    return post


def draw_post(
    *, unit: Unit, kind: str, name: str, section: str, portfolio: Sequence[str], serves: Post | None
) -> Post:
    """A new post, checked but not yet saved."""
    still_open(unit, field="unit")
    if kind == PostKind.PRINCIPAL:
        principal = Post.objects.filter(unit=unit, kind=kind, closed_on__isnull=True).first()
        if principal is not None:
            raise Refused(
                _("“%(unit)s”已有主要负责人岗位“%(post)s”。") % {"unit": unit.name, "post": principal.name},
                accepted=_("请在原岗位上任职，或先撤销原岗位。"),
                field="kind",
            )
    if kind == PostKind.SECRETARY and serves is None:
        raise Refused(
            _("领导秘书岗位要写明服务于哪个岗位。"), accepted=_("请选择所服务的领导岗位。"), field="serves"
        )
    return Post(
        unit=unit,
        kind=kind,
        name=filled(name, field="name", label=_("岗位名称"), longest=80),
        section=section.strip(),
        portfolio=sorted(set(portfolio)),
        serves=serves,
    )


@action("organizations.revise_post", may=policy.keeps_structure)
def revise_post(
    post: Post, *, name: str, section: str = "", portfolio: Sequence[str] = (), actor: Actor
) -> None:
    """Change a post's name, section or portfolio; its kind stays, for duties hang on it."""
    post_still_open(post)
    post.name = filled(name, field="name", label=_("岗位名称"), longest=80)
    post.section, post.portfolio = section.strip(), sorted(set(portfolio))
    post.save()


@action("organizations.close_post", may=policy.keeps_structure)
def close_post(post: Post, *, reason: str = "", actor: Actor) -> None:
    """Close a vacant post that nothing waits for."""
    post_still_open(post)
    if Tenure.objects.filter(not_over(current().today), post=post).exists():
        raise Refused(_("“%(post)s”还有人在任。") % {"post": post.name}, accepted=_("请先免职。"))
    waiting = len(open_items_of(post))
    if waiting:
        raise Refused(
            _("“%(post)s”还有 %(count)d 件待办。") % {"post": post.name, "count": waiting},
            accepted=_("请先办完，或交接给接任的人后再撤销。"),
            open_items=waiting,
        )
    post.closed_on = current().today
    post.save()
    current().because(reason)


@action("organizations.appoint", may=policy.keeps_structure)
def appoint(post: Post, *, person: Person, since: date | None = None, actor: Actor) -> None:
    """A person takes a vacant post."""
    refuse_oneself(actor, person)
    take_post(post, person, since or current().today)
    look_again()


def take_post(post: Post, person: Person, since: date) -> Tenure:
    """Begin a tenure, inside an open action that holds the post's stream."""
    current().lock([person])
    post_still_open(post)
    if person.left_on is not None:
        raise Refused(
            _("“%(person)s”已离职。") % {"person": person.name},
            accepted=_("请选择在职人员。"),
            field="person",
        )
    last = Tenure.objects.filter(post=post).order_by("-since", "-id").select_related("person").first()
    if last is not None and last.until is None:
        raise Refused(
            _("“%(post)s”现由%(person)s担任。") % {"post": post.name, "person": last.person.name},
            accepted=_("请办理工作交接，或先免职。"),
            field="post",
        )
    if last is not None:
        not_before(since, last.until, field="since")
    refuse_clash(person, post, roles_on(post))
    tenure: Tenure = Tenure.objects.create(post=post, person=person, since=since)
    return tenure


@action("organizations.end_tenure", may=policy.keeps_structure)
def end_tenure(post: Post, *, until: date | None = None, reason: str = "", actor: Actor) -> None:
    """The holder leaves the post, from `until` on (today); what waits stays with the post."""
    leave_post(post, until or current().today)
    current().because(reason)
    look_again()


def leave_post(post: Post, until: date) -> Person:
    """End the tenure that is open, inside an open action that holds the post's stream; returns who left."""
    tenure = Tenure.objects.filter(post=post, until__isnull=True).select_related("person").first()
    if tenure is None:
        raise Refused(
            _("“%(post)s”现在空缺。") % {"post": post.name}, accepted=_("请直接任职。"), field="post"
        )
    tenure.until = not_before(until, tenure.since, field="until")
    tenure.save()
    person: Person = tenure.person
    return person


@action("organizations.hand_over", may=policy.keeps_structure)
def hand_over(post: Post, *, incoming: Person, reason: str = "", actor: Actor) -> Handover:
    """Today the post passes from its holder to another, and the list of all that waits for it is kept."""
    act = current()
    refuse_oneself(actor, incoming)
    post_still_open(post)
    holder = Tenure.objects.filter(not_over(act.today), post=post).select_related("person").first()
    if holder is not None and holder.person_id == incoming.pk:
        raise Refused(
            _("“%(person)s”现在就在这个岗位上。") % {"person": incoming.name},
            accepted=_("请选择接任的人。"),
            field="incoming",
        )
    outgoing = leave_post(post, act.today) if holder is not None and holder.until is None else None
    _end_stand_ins(post)
    take_post(post, incoming, act.today)
    handover: Handover = Handover.objects.create(
        post=post,
        outgoing=outgoing,
        incoming=incoming,
        on=act.today,
        items=[item.as_json() for item in open_items_of(post)],
    )
    act.because(reason)
    look_again()
    return handover


def _end_stand_ins(post: Post) -> None:
    """Who stood in for the one who leaves does not stand in for the one who comes."""
    today = current().today
    ending = list(StandIn.objects.filter(not_over(today), post=post))
    current().lock(ending)
    for stand_in in ending:
        stand_in.until = max(today, stand_in.since)
        stand_in.save()
