"""The second person's sample: drawn, looked at passage by passage, and what a difference does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.intake.keeping import refuse_if_sealed
from bihuan.intake.models import IntakeDocument, Passage, SampledPassage, SealSample
from bihuan.intake.sealing.sampling_rules import Drawable, key_of, sample_of, seed_of
from bihuan.intake.standing import live_documents, refuse_unless_ready, refuse_unless_second
from bihuan.journal.action import Refused, current
from bihuan.policies.queries import policy_for, quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.open_action import Actor
    from bihuan.ledger.models import Batch

POLICY: Final = "seal_sample"
LONGEST_REASON: Final = 200


def draw_sample(batch: Batch, actor: Actor) -> SealSample:
    """The body of `intake.draw_sample`: the sample of this person at this state, the one already drawn if it still is."""
    refuse_if_sealed(batch)
    documents = live_documents(batch)
    current().lock(documents)
    refuse_unless_ready(batch)
    refuse_unless_second(batch, actor)
    heads = heads_now(documents)
    seed = seed_of(batch.pk, actor.person, heads)
    last = last_sample(batch)
    if last is not None and last.seed == seed:
        return last
    policy = quote(
        policy_for(POLICY, jurisdiction=batch.jurisdiction, source=batch.source.code, on=current().today)
    )
    passages = drawable_passages(documents)
    made: SealSample = SealSample.objects.create(
        batch=batch,
        number=last.number + 1 if last else 1,
        seed=seed,
        heads=heads,
        rule=dict(policy.body),
        total=len(passages),
        drawn_by=actor.person,
        drawn_at=current().now,
    )
    keys = sample_of(seed, [as_drawable(one) for one in passages], made.rule, differed_before(batch))
    _write(made, passages, keys)
    return made


def _write(sample: SealSample, passages: Sequence[Passage], keys: Sequence[str]) -> None:
    """In the order of reading, which is not that of the draw: the second person reads documents, not lots."""
    drawn = [passage for passage in passages if key_of(passage.document_id, passage.n) in set(keys)]
    SampledPassage.objects.bulk_create(
        [
            SampledPassage(
                batch=sample.batch,
                sample=sample,
                place=place,
                passage=passage,
                disposition=passage.disposition,
                decided_by=passage.decided_by,
                decided_for=passage.decided_for,
            )
            for place, passage in enumerate(drawn, start=1)
        ]
    )


def drawable_passages(documents: Sequence[IntakeDocument]) -> list[Passage]:
    """All but held clues: their words are for their receiver, who says himself whether they are one."""
    found = Passage.objects.filter(document__in=documents, clue__isnull=True)
    return list(found.order_by("document", "n").defer("text", "heading", "place"))


def as_drawable(passage: Passage) -> Drawable:
    """What of a passage the draw knows."""
    return Drawable(
        key_of(passage.document_id, passage.n), str(passage.document_id), str(passage.disposition)
    )


def heads_now(documents: Sequence[IntakeDocument]) -> list[list[str]]:
    """(stream, seq, hash) of each document, whose streams the open action holds."""
    locked = current().locked
    heads = ((document.pk, *locked[document.pk]) for document in documents)
    return sorted([str(pk), str(seq), digest.hex()] for pk, seq, digest in heads)


def last_sample(batch: Batch) -> SealSample | None:
    """The one that counts."""
    found: SealSample | None = SealSample.objects.filter(batch=batch).order_by("-number").first()
    return found


def differed_before(batch: Batch, before: int | None = None) -> set[str]:
    """Passages a sample of this batch (of a number below `before`) was answered “differs” on: the next looks again."""
    rows = SampledPassage.objects.filter(batch=batch, answer=SampledPassage.Answer.DIFFERS)
    if before is not None:
        rows = rows.filter(sample__number__lt=before)
    return {key_of(*pair) for pair in rows.values_list("passage__document", "passage__n")}


def check(batch: Batch, places: Sequence[int], *, agrees: bool, reason: str, actor: Actor) -> int:
    """The body of `intake.check_passages`; returns how many of the sample are still to be looked at."""
    refuse_if_sealed(batch)
    sample = own_sample(batch, actor)
    rows = _rows_of(sample, places)
    documents = {row.passage.document_id: row.passage.document for row in rows}
    current().lock(list(documents.values()))
    for row in rows:
        row.passage = Passage.objects.get(pk=row.passage_id)
        _refuse_moved(row)
    if not agrees and not reason.strip():
        raise Refused(
            _("请写明哪里不一致。"),
            accepted=_("一句话即可，例如“后半句是问题”；涉及个人线索的，只写“应作线索”。"),
            field="reason",
        )
    for row in rows:
        row.answer = SampledPassage.Answer.AGREES if agrees else SampledPassage.Answer.DIFFERS
        row.reason = "" if agrees else reason.strip()[:LONGEST_REASON]
    SampledPassage.objects.save_all(rows)
    if not agrees:
        _reopen(rows)
    waiting: int = SampledPassage.objects.filter(sample=sample, answer="").count()
    return waiting


def own_sample(batch: Batch, actor: Actor) -> SealSample:
    """The sample that counts, if this person drew it: who looks is who seals."""
    sample = last_sample(batch)
    if sample is None:
        raise Refused(_("还没有抽取样本。"), accepted=_("请先抽取样本，逐段复核后再封账。"))
    if sample.drawn_by != actor.person:
        raise Refused(
            _("这个样本是另一位同志抽取的，由抽取的人复核和封账。"),
            accepted=_("由您封账的，请重新抽取样本。"),
        )
    return sample


def _rows_of(sample: SealSample, places: Sequence[int]) -> list[SampledPassage]:
    wanted = sorted(set(places))
    rows = SampledPassage.objects.filter(sample=sample, place__in=wanted).select_related("passage__document")
    found = list(rows)
    missing = sorted(set(wanted) - {row.place for row in found})
    if missing or not wanted:
        raise Refused(
            _("没有选中任何片段。") if not wanted else _("样本里没有第 %(n)s 段。") % {"n": missing[0]},
            accepted=_("请从样本中选择。"),
        )
    return found


def _refuse_moved(row: SampledPassage) -> None:
    """An answer is about what was shown: a passage decided anew meanwhile belongs to a new sample."""
    passage = row.passage
    if row.answer == SampledPassage.Answer.DIFFERS:
        raise Refused(
            _("样本第 %(place)s 段已答“不一致”，片段已退回重新交代。") % {"place": row.place},
            accepted=_("重新交代以后请另抽样本。"),
        )
    if (passage.disposition, passage.decided_by) != (row.disposition, row.decided_by) or passage.clue:
        raise Refused(
            _("样本第 %(place)s 段在抽取之后又有改动。") % {"place": row.place},
            accepted=_("请重新抽取样本。"),
        )


def _reopen(rows: Sequence[SampledPassage]) -> None:
    """The passage is unaccounted for again and says why; who had decided it stays known by the sample."""
    passages = [row.passage for row in rows]
    for row in rows:
        row.passage.disposition, row.passage.reason = "", row.reason
        row.passage.decided_by = row.passage.decided_for = None
    Passage.objects.save_all(passages)
