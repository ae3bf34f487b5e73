"""Who may do what to the ledger. Sight comes first: what an actor may not know of does not exist for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.journal.records import Record
from bihuan.journal.timesource import today
from bihuan.ledger.models import Batch, Clue, Comparison, Finding, Problem, RestrictedChannel
from bihuan.ledger.models.taxonomy import Labelled
from bihuan.ledger.sight import require_sight, visible
from bihuan.organizations.authority import has_role, is_coordinator, is_reviewer, jurisdiction_of
from bihuan.organizations.models import Role, Unit
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction

Subjects = Sequence[Record]
Arguments = Mapping[str, Any]


def may_prepare(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The rectification office of the place: its preparer or its reviewer."""
    require_sight(actor, [subject for subject in subjects if isinstance(subject, Problem)])
    _require_named(actor, arguments)
    for place in _places(subjects, arguments):
        if not (actor.system or is_coordinator(actor, place) or is_reviewer(actor, place)):
            raise NotAllowed(
                _("台账由%(place)s整改办登记和拟办。") % {"place": place.name},
                accepted=_("请由整改办的经办岗或审核岗办理。"),
            )


def _require_named(actor: Actor, arguments: Arguments) -> None:
    """Whatever a call names beside its subjects exists for the actor: a channel for its members, a finding for whoever
    sees it.
    """
    channels = [getattr(arguments.get(name), "channel", None) for name in ("batch", "new")]
    for channel in [arguments.get("channel"), *channels]:
        if isinstance(channel, RestrictedChannel) and not is_member(actor, channel):
            raise NotVisible(_("没有找到这条专线。"))
    if not all(sees_finding(actor, finding) for finding in arguments.get("findings", ())):
        raise NotVisible(_("没有找到这条反馈问题。"))


def may_compare(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Whoever may prepare both problems of a pair; for who does not see both, it does not exist."""
    pairs = [subject for subject in subjects if isinstance(subject, Comparison)]
    both = [problem for pair in pairs for problem in (pair.one, pair.other)]
    may_prepare(actor, both, arguments)


def may_review(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The reviewer of the place's rectification office, who is not its preparer."""
    require_sight(actor, [subject for subject in subjects if isinstance(subject, Problem)])
    for place in _places(subjects, arguments):
        if not is_reviewer(actor, place):
            raise NotAllowed(_("退回拟办由整改办审核岗决定。"))


def may_keep_taxonomy(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Each place's reviewer keeps its own entries; those of the whole installation belong to the topmost place."""
    if actor.system:
        return
    here = jurisdiction_of(actor) if has_role(actor, Role.REVIEWER) else None
    if here is None:
        raise NotAllowed(_("分类由整改办审核岗维护。"), accepted=_("请由本级整改办审核岗办理。"))
    owners = [subject.jurisdiction for subject in subjects if isinstance(subject, Labelled)]
    given = arguments.get("jurisdiction")
    if isinstance(given, Unit):
        owners.append(given)
    for owner in owners:
        if owner != here and not (owner is None and is_topmost(here)):
            raise NotAllowed(
                _("这一项属于%(place)s，由那里的整改办审核岗维护。")
                % {"place": owner.name if owner else _("最上级")},
                accepted=_("本级可以给继承来的项另起名称，或不用它。"),
            )


def is_topmost(place: Unit) -> bool:
    """No jurisdiction stands above it: its lists are those of the installation."""
    return place.parent is None or nearest_jurisdiction(place.parent) is None


def is_member(actor: Actor, channel: RestrictedChannel) -> bool:
    """Whether the actor's post may know of the channel today."""
    members = channel.members.filter(in_force(today()), post=actor.post)
    return actor.system or (actor.post is not None and bool(members.exists()))


def may_keep_channels(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The keeper of restricted channels, who is a member of each that is kept; to all others it does not exist."""
    if actor.system:
        return
    for channel in (subject for subject in subjects if isinstance(subject, RestrictedChannel)):
        if not is_member(actor, channel):
            raise NotVisible(_("没有找到这条专线。"))
    if not has_role(actor, Role.CHANNEL_KEEPER):
        raise NotAllowed(_("限制知悉的专线由专线保管岗管理。"))
    given = arguments.get("jurisdiction")
    if isinstance(given, Unit) and jurisdiction_of(actor) != given:
        raise NotAllowed(_("只能在本级建立专线。"))


def may_receive_clue(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The post a clue is held for. For everybody else it does not exist, the other keepers included."""
    for clue in (subject for subject in subjects if isinstance(subject, Clue)):
        if actor.post is None or actor.post != clue.receiver_id:
            raise NotVisible(_("没有找到这条线索。"))


def may_answer(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The office of the batch's place answers the source."""
    for finding in (subject for subject in subjects if isinstance(subject, Finding)):
        if not sees_finding(actor, finding):
            raise NotVisible(_("没有找到这条反馈问题。"))
    may_prepare(actor, subjects, arguments)


def sees_batch(actor: Actor, batch: Batch) -> bool:
    """The office of the place sees its batches; a restricted one only its channel's members."""
    if actor.system:
        return True
    if batch.channel is not None and not is_member(actor, batch.channel):
        return False
    if is_coordinator(actor, batch.jurisdiction) or is_reviewer(actor, batch.jurisdiction):
        return True
    return batch.source_unit_id is not None and sight_of(actor).unit == batch.source_unit_id


def sees_finding(actor: Actor, finding: Finding) -> bool:
    """Who sees the batch, or one of the problems the finding raised."""
    if sees_batch(actor, finding.batch):
        return True
    return visible(actor, Problem.objects.filter(finding_links__finding=finding)).exists()


def _places(subjects: Subjects, arguments: Arguments) -> list[Unit]:
    places: list[Unit] = []
    for subject in subjects:
        if isinstance(subject, Problem | Batch):
            places.append(subject.jurisdiction)
        elif isinstance(subject, Finding):
            places.append(subject.batch.jurisdiction)
    given = arguments.get("jurisdiction")
    if isinstance(given, Unit):
        places.append(given)
    if not places:
        raise NotAllowed(_("没有说明在哪一级整改办办理。"))
    return list({place.pk: place for place in places}.values())
