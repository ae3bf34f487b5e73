"""Reading proposals out of passages that are stored already: a candidate made, cut or joined by hand gets them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bihuan.documents.model import BlockKind, Place
from bihuan.intake.extraction.candidates import candidate_of
from bihuan.intake.extraction.passages import Passage as PassageAsRead
from bihuan.intake.extraction.prose import Finding
from bihuan.intake.reading import proposals_of
from bihuan.learning.classifiers import classifier_for
from bihuan.organizations.models import Unit
from bihuan.text.units import KnownUnit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.intake.models import Passage
    from bihuan.ledger.models import Batch


def known_units(jurisdiction: Unit) -> list[KnownUnit]:
    """The open units a document of this place may name: the jurisdiction's own tree."""
    units = Unit.objects.filter(path__under=jurisdiction.path, closed_on__isnull=True)
    rows = units.order_by("path").values_list("pk", "name", "short_name")
    return [KnownUnit(str(pk), name, (short,) if short else ()) for pk, name, short in rows]


def read_again(batch: Batch, passages: Sequence[Passage]) -> dict[str, Any]:
    """What the program reads out of these passages as one finding."""
    read = [_as_read(passage) for passage in passages]
    finding = Finding(read, section=read[0].heading[-1:])
    index = {id(one): at for at, one in enumerate(read)}
    units = known_units(batch.jurisdiction)
    classifier = classifier_for(batch.jurisdiction)
    return proposals_of(
        candidate_of(finding, 1, index, units=units, base_date=batch.received_on, classifier=classifier),
        classifier,
    )


def _as_read(passage: Passage) -> PassageAsRead:
    place = passage.place
    return PassageAsRead(
        text=passage.text,
        page=passage.page,
        heading=tuple(passage.heading) if isinstance(passage.heading, list) else (),
        place=Place(place["part"], place["number"], place["row"], place["name"]),
        kind=BlockKind(place["kind"]),
        block=place["block"],
    )
