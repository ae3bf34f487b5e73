"""Who sees intake and who may work in it: the two desks of the rectification office, in their own jurisdiction.

A batch in a restricted channel exists for the channel's members alone. The file of a document that holds a clue is
open to the clue's receiver only: the words taken out of the passages still stand in it. So do they in an archive or
letter that holds such a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.documents.archives import CONTAINERS
from bihuan.intake.models import IntakeDocument, Passage, ReportingForm
from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.journal.timesource import today
from bihuan.ledger.models import Batch, ChannelMember, Clue, Problem
from bihuan.ledger.sight import require_sight
from bihuan.organizations.authority import is_coordinator, is_reviewer, jurisdiction_of, roles_of
from bihuan.organizations.models import Role, Unit
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from bihuan.journal.records import Record

DESKS = frozenset({Role.COORDINATOR, Role.REVIEWER})


def has_desk(actor: Actor | None) -> bool:
    """Whether the actor works at one of the two desks."""
    return actor is not None and bool(DESKS & roles_of(actor))


def visible_batches(actor: Actor | None) -> QuerySet[Batch]:
    """The batches the actor may work on; `sees_batch` says the same of one of them."""
    batches: QuerySet[Batch] = Batch.objects.all()
    if actor is None:
        return batches.none()
    if actor.system:
        return batches
    place = jurisdiction_of(actor)
    if place is None or not has_desk(actor):
        return batches.none()
    return batches.filter(_readable(actor), jurisdiction=place)


def sees_batch(actor: Actor | None, batch: Batch) -> bool:
    """Whether the batch exists for the actor."""
    if actor is None:
        return False
    if actor.system:
        return True
    if not (is_coordinator(actor, batch.jurisdiction) or is_reviewer(actor, batch.jurisdiction)):
        return False
    if batch.channel_id is None:
        return True
    members = ChannelMember.objects.filter(in_force(today()), channel=batch.channel_id, post=actor.post)
    return bool(members.exists())


def _readable(actor: Actor) -> Q:
    members = ChannelMember.objects.filter(in_force(today()), channel=OuterRef("channel"), post=actor.post)
    return Q(channel__isnull=True) | Q(Exists(members))


def may_work(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Either desk, on batches and documents that exist for the actor."""
    for batch in _batches_of(subjects):
        if not sees_batch(actor, batch):
            raise NotVisible(_("没有找到这个批次。"))


def may_compare(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Who works on the document, about a problem they see."""
    may_work(actor, subjects, arguments)
    problem = arguments.get("problem")
    if isinstance(problem, Problem):
        require_sight(actor, [problem])


def may_keep_forms(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Either desk, for the forms of its own office."""
    for form in (subject for subject in subjects if isinstance(subject, ReportingForm)):
        if not _works_for(actor, form.jurisdiction):
            raise NotVisible(_("没有找到这份表样。"))
    place = arguments.get("jurisdiction")
    if isinstance(place, Unit) and not _works_for(actor, place):
        raise NotAllowed(_("表样由本级整改办收下。"))


def _works_for(actor: Actor, place: Unit) -> bool:
    return actor.system or is_coordinator(actor, place) or is_reviewer(actor, place)


def sees_file_of_form(actor: Actor, form: uuid.UUID) -> bool:
    """Who may open a form as it was sent (registered with `bihuan.files`)."""
    found = ReportingForm.objects.select_related("jurisdiction").filter(pk=form).first()
    return found is not None and _works_for(actor, found.jurisdiction)


def may_seal(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Sealing is a declaration: a named person makes it, never the program."""
    may_work(actor, subjects, arguments)
    if actor.system or actor.person is None:
        raise NotAllowed(_("封账要由人来做。"), accepted=_("请由没有参与确认的另一位同志封账。"))


def _batches_of(subjects: Sequence[Record]) -> list[Batch]:
    found: dict[uuid.UUID, Batch] = {}
    for subject in subjects:
        batch = subject.batch if isinstance(subject, IntakeDocument) else subject
        if isinstance(batch, Batch):
            found[batch.pk] = batch
    return list(found.values())


def sees_file_of_document(actor: Actor, document: uuid.UUID) -> bool:
    """Who may open the file as it was received (registered with `bihuan.files`)."""
    found = IntakeDocument.objects.select_related("batch__jurisdiction").filter(pk=document).first()
    if found is None:
        return False
    clues = list(
        Passage.objects.filter(document__in=[found, *_inside(found)], clue__isnull=False).values_list(
            "clue", flat=True
        )
    )
    if clues:
        held = Clue.objects.filter(pk__in=clues)
        return bool(actor.post) and not held.exclude(receiver=actor.post).exists()
    return sees_batch(actor, found.batch)


def sees_certificate(actor: Actor, batch: uuid.UUID) -> bool:
    """Who may open a certificate of a batch (registered with `bihuan.files`): whoever the batch exists for."""
    found = Batch.objects.select_related("jurisdiction").filter(pk=batch).first()
    return found is not None and sees_batch(actor, found)


def _inside(container: IntakeDocument) -> QuerySet[IntakeDocument]:
    """The documents of the same batch whose content lies in an archive or letter too, as its list of contents says."""
    listed = Passage.objects.filter(document=container, place__part="attachments").values_list(
        "text", flat=True
    )
    digests = [text.rsplit("\t", 1)[-1] for text in listed] if container.kind in CONTAINERS else []
    found: QuerySet[IntakeDocument] = IntakeDocument.objects.filter(batch=container.batch, sha256__in=digests)
    return found
