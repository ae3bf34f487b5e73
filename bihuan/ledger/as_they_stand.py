"""Problems a reaction works on, read again; those that came into being in this very transaction are at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from bihuan.journal.action import current
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable


def as_they_stand(wanted: Iterable[uuid.UUID], at_hand: Iterable[Problem], *related: str) -> list[Problem]:
    """The problems with these ids and what they point to; `at_hand` are the instances a reaction was given.

    A block of a thousand rows taken over is worked on by several rooms one after the other. Nobody else can know rows
    that were born here, and every reaction is given the same instances, so reading them back would bring nothing new.
    """
    ids, born = set(wanted), current().born
    known = {problem.pk: problem for problem in at_hand if problem.pk in ids and problem.pk in born}
    prefetch_related_objects(list(known.values()), *related)
    rest = ids - known.keys()
    read = Problem.objects.filter(pk__in=rest).select_related(*related) if rest else ()
    return [*known.values(), *read]
