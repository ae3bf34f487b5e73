"""Sealing a batch as the second person does: draw, look at every passage, seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.intake import actions
from bihuan.intake.models import SampledPassage, SealSample

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Batch


def draw(batch: Batch, actor: Actor) -> SealSample:
    """The sample of this person at this state."""
    number = actions.draw_sample(batch, actor=actor)
    found: SealSample = SealSample.objects.get(batch=batch, number=number)
    return found


def places_of(sample: SealSample) -> list[int]:
    return list(SampledPassage.objects.filter(sample=sample).values_list("place", flat=True))


def agree(batch: Batch, actor: Actor) -> SealSample:
    """A sample drawn, and every passage of it agreed with."""
    sample = draw(batch, actor)
    actions.check_passages(batch, places=places_of(sample), agrees=True, actor=actor)
    return sample


def seal(batch: Batch, actor: Actor) -> None:
    """Everything the second person does."""
    agree(batch, actor)
    actions.seal_batch(batch, actor=actor)
