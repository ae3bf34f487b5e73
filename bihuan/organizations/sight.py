"""What an actor sees, as a value: the building blocks the ledger's one join is made of.

sight = unit subtree ∪ guided units (条块) ∪ sector stewardship ∪ source stewardship ∪ bodies ∪ own jurisdiction of a
rectification office ∪ involvement; the ledger turns it into a condition and takes away what is restricted.
Administrators see no business data: their sight is empty, whatever unit their post stands in.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import TextField, Value
from django.db.models.functions import Cast

from bihuan.journal.timesource import today
from bihuan.organizations.authority import open_post_of, roles_of
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import BodyMember, Role, Stewardship, UnitLine
from bihuan.organizations.remembering import remembered
from bihuan.organizations.rules import is_administrator
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction

if TYPE_CHECKING:
    from datetime import date

    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Post, Unit

OFFICE_ROLES = frozenset({Role.COORDINATOR, Role.REVIEWER})
GUIDES: Final = "guides"
SITS_IN: Final = "sits_in"


@dataclass(frozen=True)
class Sight:
    """Frozen and hashable; paths are ltree texts, and everything under a path is seen too.

    `sectors` and `sources` are (code, territory path); `jurisdictions` only for the rectification office's two.
    """

    everything: bool = False
    person: uuid.UUID | None = None
    on_behalf_of: uuid.UUID | None = None
    post: uuid.UUID | None = None
    unit: uuid.UUID | None = None
    unit_path: str = ""
    unit_paths: tuple[str, ...] = ()
    sectors: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    bodies: tuple[uuid.UUID, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Nobody signed in, or somebody whose duty is not business."""
        return not self.everything and self.post is None

    @property
    def subtrees(self) -> tuple[str, ...]:
        """All paths whose whole subtree is seen, without those already under another."""
        return outermost((*self.unit_paths, *self.jurisdictions))

    def sees_unit(self, path: str) -> bool:
        """Whether a unit at this path lies in a subtree the actor sees."""
        return self.everything or any(is_under(path, top) for top in self.subtrees)


def outermost(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths that stand under no other one of them, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda path: (path.count("."), path)):
        if not any(is_under(path, top) for top in kept):
            kept.append(path)
    return tuple(sorted(kept))


def sight_of(actor: Actor | None) -> Sight:
    """What the actor sees today; worked out once per request that only reads. Four small queries."""
    if actor is None:
        return Sight()
    if actor.system:
        return Sight(everything=True)
    return _work_out(actor, today())


@remembered
def _work_out(actor: Actor, on: date) -> Sight:
    roles, post = roles_of(actor), open_post_of(actor)
    if post is None or is_administrator(roles):
        return Sight(person=actor.person, roles=roles)
    unit: Unit = post.unit
    ties = _ties_of(post, on)
    top = nearest_jurisdiction(unit) if roles & OFFICE_ROLES else None
    return Sight(
        person=actor.person,
        on_behalf_of=actor.on_behalf_of,
        post=post.pk,
        unit=unit.pk,
        unit_path=unit.path,
        unit_paths=outermost((unit.path, *(path for tie, _, path in ties if tie == GUIDES))),
        sectors=tuple((code, path) for tie, code, path in ties if tie == Stewardship.Kind.SECTOR),
        sources=tuple((code, path) for tie, code, path in ties if tie == Stewardship.Kind.SOURCE),
        bodies=tuple(sorted({uuid.UUID(body) for tie, body, _ in ties if tie == SITS_IN})),
        jurisdictions=(top.path,) if top else (),
        roles=roles,
    )


def _ties_of(post: Post, on: date) -> list[tuple[str, str, str]]:
    """(tie, code or id, path) of all that gives sight beside the tree: guidance, stewardships, bodies. One query."""
    guided = UnitLine.objects.filter(in_force(on), superior=post.unit_id).values_list(
        Value(GUIDES), Value(""), Cast("unit__path", TextField())
    )
    stewardships = Stewardship.objects.filter(in_force(on), unit=post.unit_id).values_list(
        Cast("kind", TextField()), Cast("code", TextField()), Cast("territory__path", TextField())
    )
    seats = BodyMember.objects.filter(in_force(on), in_force(on, "body__"), post=post).values_list(
        Value(SITS_IN), Cast("body_id", TextField()), Value("")
    )
    return sorted(guided.union(stewardships, seats))
