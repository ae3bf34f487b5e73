"""New kinds of rule for places that were set up before there were any: given with the schema, by the program.

A room that asks for a rule its place never had would refuse until somebody had loaded the starting rules. Only what no
level has is given, and only to the topmost place that has rules of its own: those below inherit it.
"""

from __future__ import annotations

from typing import Any, Final

from bihuan.journal.action import Actor
from bihuan.organizations.models import Unit
from bihuan.organizations.tree import ids_on
from bihuan.policies.actions import seed_policies
from bihuan.policies.catalogue import KINDS
from bihuan.policies.models import Policy

NAME: Final = "policies.supply_missing"


def supply_missing(**_signal: Any) -> None:
    """Called whenever the schema has been brought up to date; gives nothing where nothing is missing."""
    have: dict[Any, set[str]] = {}
    for place, code in Policy.objects.values_list("jurisdiction", "code").distinct():
        have.setdefault(place, set()).add(code)
    for unit in Unit.objects.filter(pk__in=have):
        missing = [code for code in KINDS if code not in have[unit.pk]]
        if missing and not any(above in have for above in ids_on(unit.path) if above != unit.pk):
            seed_policies(jurisdiction=unit, codes=missing, actor=Actor.the_system(NAME))
