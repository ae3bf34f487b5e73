"""How the city brings a batch to its end: what is left is accounted for, a second person checks a sample and seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.intake import actions as intake
from bihuan.intake.models import Certificate, SampledPassage
from bihuan.intake.sealing.proving import prove

if TYPE_CHECKING:
    from bihuan.intake.models import IntakeDocument
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Batch


def account_for_rest(document: IntakeDocument, actor: Actor) -> None:
    """What no candidate stands on is what the program proposed it to be."""
    rest = list(document.passages.filter(disposition="").values_list("n", flat=True))
    if rest:
        intake.accept_proposals(document, passages=rest, actor=actor)


def seal(batch: Batch, actor: Actor) -> tuple[int, Certificate]:
    """Draw, agree with each passage, seal, prove; returns how many passages were looked at, and the certificate."""
    number = intake.draw_sample(batch, actor=actor)
    drawn = SampledPassage.objects.filter(sample__batch=batch, sample__number=number)
    places = list(drawn.values_list("place", flat=True))
    for place in places:
        intake.check_passages(batch, places=[place], agrees=True, actor=actor)
    intake.seal_batch(batch, actor=actor)
    certificate = Certificate.objects.select_related("batch", "file__blob").get(batch=batch, void_at=None)
    broken = [point.point.value for point in prove(certificate).points if not point.holds]
    if broken:
        raise RuntimeError(f"The certificate of {batch.code} does not hold: {broken}")
    return len(places), certificate
