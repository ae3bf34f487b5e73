"""Declaring a batch complete, and opening it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.intake.keeping import refuse_if_sealed
from bihuan.intake.models import Certificate, IntakeDocument, SampledPassage, SealSample
from bihuan.intake.sealing.certificate import declare, issue
from bihuan.intake.sealing.sampling import heads_now, own_sample
from bihuan.intake.sealing.sampling_rules import seed_of
from bihuan.intake.standing import live_documents, refuse_unless_ready, refuse_unless_second
from bihuan.journal.action import Refused, current
from bihuan.ledger.models import Batch

if TYPE_CHECKING:
    from bihuan.journal.open_action import Actor


def seal(batch: Batch, actor: Actor) -> None:
    """The body of `intake.seal_batch`: at zero, by a second person, whose whole sample agreed with what stands now."""
    refuse_if_sealed(batch)
    act = current()
    documents = live_documents(batch)
    # With the documents' streams held, nobody can reopen a passage while we count.
    act.lock(documents)
    standing = refuse_unless_ready(batch)
    refuse_unless_second(batch, actor)
    sample = _agreed_sample(batch, documents, actor)
    declared = declare(batch, documents, standing, sample, actor)
    paper = issue(batch, declared, sample)
    batch.state, batch.sealed_at, batch.sealed_by = Batch.State.SEALED, act.now, actor.person
    batch.save()
    act.fact(batch, **declared.facts, paper=paper)
    for document in documents:
        document.state = IntakeDocument.State.DONE
    IntakeDocument.objects.save_all(documents)


def _agreed_sample(batch: Batch, documents: list[IntakeDocument], actor: Actor) -> SealSample:
    """The sample that carries the seal, or why none does."""
    sample = own_sample(batch, actor)
    answers = list(SampledPassage.objects.filter(sample=sample).values_list("place", "answer"))
    differing = [place for place, answer in answers if answer == SampledPassage.Answer.DIFFERS]
    if differing or seed_of(batch.pk, actor.person, heads_now(documents)) != sample.seed:
        raise Refused(
            _("复核有不一致，片段已经重新交代；原来的样本不再作数。")
            if differing
            else _("抽取样本之后批次又有改动，原来的样本不再作数。"),
            accepted=_("请重新抽取样本，逐段复核后再封账。"),
            field="sample",
        )
    waiting = [place for place, answer in answers if not answer]
    if waiting:
        raise Refused(
            _("样本还有 %(n)s 段没有复核。") % {"n": len(waiting)},
            accepted=_("请逐段答“一致”或“不一致”后再封账。"),
            field="sample",
            waiting=len(waiting),
        )
    return sample


def reopen_batch(batch: Batch) -> None:
    """Inside an action: what the seal declared is no longer so; it takes a second person again to seal it."""
    if batch.state != Batch.State.SEALED:
        return
    batch.state, batch.sealed_at, batch.sealed_by = Batch.State.OPEN, None, None
    batch.save()
    certificates = list(Certificate.objects.filter(batch=batch, void_at=None))
    for certificate in certificates:
        certificate.void_at = current().now
    Certificate.objects.save_all(certificates)
    documents = list(IntakeDocument.objects.filter(batch=batch, state=IntakeDocument.State.DONE))
    current().lock(documents)
    for document in documents:
        document.state = IntakeDocument.State.REVIEWING
    IntakeDocument.objects.save_all(documents)
