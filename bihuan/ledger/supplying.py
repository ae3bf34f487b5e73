"""New kinds of list for installations whose lists were planted before there were any: given with the schema, once.

They hold from the first day of the other lists on, for what was written by their codes until then was written in those words.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Min

from bihuan.journal.action import Actor
from bihuan.ledger.actions.taxonomy import TERMS, seed_taxonomy
from bihuan.ledger.models import Term

NAME: Final = "ledger.supply_lists"


def supply_lists(**_signal: Any) -> None:
    """Called whenever the schema has been brought up to date; gives nothing where no list stands or none is missing."""
    standing = set(Term.objects.values_list("kind", flat=True).distinct())
    if standing and not standing.issuperset(TERMS):
        since = Term.objects.aggregate(day=Min("valid_from"))["day"]
        seed_taxonomy(valid_from=since, actor=Actor.the_system(NAME))
