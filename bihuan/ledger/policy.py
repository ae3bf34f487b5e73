"""Who may do what to the ledger. Sight comes first: what an actor may not know of does not exist for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.journal.records import Record
from bihuan.ledger.models import Batch, Clue, Finding, Problem
from bihuan.ledger.sight import require_sight, visible
from bihuan.organizations.authority import has_role, is_coordinator, is_reviewer
from bihuan.organizations.models import Role, Unit
from bihuan.organizations.sight import sight_of

Subjects = Sequence[Record]
Arguments = Mapping[str, Any]


def may_prepare(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The rectification office of the place: its preparer or its reviewer."""
    require_sight(actor, [subject for subject in subjects if isinstance(subject, Problem)])
    for place in _places(subjects, arguments):
        if not (actor.system or is_coordinator(actor, place) or is_reviewer(actor, place)):
            raise NotAllowed(
                _("台账由%(place)s整改办登记和拟办。") % {"place": place.name},
                accepted=_("请由整改办的经办岗或审核岗办理。"),
            )


def may_review(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The reviewer of the place's rectification office, who is not its preparer."""
    require_sight(actor, [subject for subject in subjects if isinstance(subject, Problem)])
    for place in _places(subjects, arguments):
        if not is_reviewer(actor, place):
            raise NotAllowed(_("退回拟办由整改办审核岗决定。"))


def may_keep_taxonomy(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """Reviewers own the lists; the program seeds them at installation."""
    if not actor.system and not has_role(actor, Role.REVIEWER):
        raise NotAllowed(_("分类由整改办审核岗维护。"))


def may_keep_channels(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The keeper of restricted channels; system for installation."""
    if not actor.system and not has_role(actor, Role.CHANNEL_KEEPER):
        raise NotAllowed(_("限制知悉的专线由专线保管岗管理。"))


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
    if batch.channel_id and not batch.channel.members.filter(post=actor.post, until=None).exists():  # type: ignore[union-attr]
        return False
    if actor.system or is_coordinator(actor, batch.jurisdiction) or is_reviewer(actor, batch.jurisdiction):
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
