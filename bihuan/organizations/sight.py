"""What an actor sees, as a value: the building blocks the ledger's one join is made of.

sight = unit subtree ∪ guided units (条块) ∪ sector stewardship ∪ source stewardship ∪ bodies ∪ own jurisdiction of a
rectification office ∪ involvement; the ledger turns it into a condition and takes away what is restricted.
Administrators see no business data: their sight is empty, whatever unit their post stands in.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bihuan.journal.timesource import today
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import BodyMember, Post, Role, RoleGrant, Stewardship, Unit, UnitLine
from bihuan.organizations.rules import is_administrator
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from bihuan.journal.action import Actor

OFFICE_ROLES = frozenset({Role.COORDINATOR, Role.REVIEWER})


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


_seen: ContextVar[dict[tuple[Actor, date], Sight] | None] = ContextVar("sight_of_request", default=None)


def remember() -> Token[Any]:
    """Start keeping sights for the length of one request."""
    return _seen.set({})


def forget(token: Token[Any]) -> None:
    """End of the request."""
    _seen.reset(token)


def sight_of(actor: Actor | None, on: date | None = None) -> Sight:
    """What the actor sees today (or on a day); worked out once per request. Five small queries."""
    if actor is None:
        return Sight()
    if actor.system:
        return Sight(everything=True)
    day = on or today()
    kept = _seen.get()
    if kept is None:
        return _work_out(actor, day)
    if (actor, day) not in kept:
        kept[actor, day] = _work_out(actor, day)
    return kept[actor, day]


def _work_out(actor: Actor, on: date) -> Sight:
    roles = frozenset(RoleGrant.objects.filter(in_force(on), post=actor.post).values_list("role", flat=True))
    post = Post.objects.select_related("unit").filter(pk=actor.post, closed_on__isnull=True).first()
    if post is None or is_administrator(roles):
        return Sight(person=actor.person, roles=roles)
    unit: Unit = post.unit
    guided = UnitLine.objects.filter(in_force(on), superior=unit).values_list("unit__path", flat=True)
    stewardships = Stewardship.objects.filter(in_force(on), unit=unit).values_list(
        "kind", "code", "territory__path"
    )
    held = sorted(stewardships)
    members = BodyMember.objects.filter(in_force(on), in_force(on, "body__"), post=post)
    top = nearest_jurisdiction(unit) if roles & OFFICE_ROLES else None
    return Sight(
        person=actor.person,
        on_behalf_of=actor.on_behalf_of,
        post=post.pk,
        unit=unit.pk,
        unit_path=unit.path,
        unit_paths=outermost((unit.path, *guided)),
        sectors=tuple((code, path) for kind, code, path in held if kind == Stewardship.Kind.SECTOR),
        sources=tuple((code, path) for kind, code, path in held if kind == Stewardship.Kind.SOURCE),
        bodies=tuple(sorted(set(members.values_list("body_id", flat=True)))),
        jurisdictions=(top.path,) if top else (),
        roles=roles,
    )
