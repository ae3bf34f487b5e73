"""Reads: the tree, who answers for a unit, who stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q

from bihuan.journal.timesource import today
from bihuan.organizations.models import (
    Person,
    Post,
    PostKind,
    RoleGrant,
    StandIn,
    Stewardship,
    Tenure,
    Unit,
    UnitKind,
    UnitLine,
)
from bihuan.organizations.rules import covers_sector
from bihuan.organizations.spans import in_force, not_over
from bihuan.organizations.tree import ids_on, nearest_jurisdiction, upwards

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import date

INDENT = "\u3000"


@dataclass(frozen=True)
class Branch:
    """A unit in the drawn tree, `depth` below where the drawing began."""

    unit: Unit
    depth: int
    principal: str = ""
    posts: int = 0

    @property
    def steps(self) -> range:
        """As many as the unit stands deep, for a template that indents."""
        return range(self.depth)


@dataclass(frozen=True)
class FirstResponsible:
    """The first responsible person of a unit, by duty.

    `from_above`: the unit's own principal's post is vacant or missing, so the duty lies with `unit`, above it.
    """

    post: Post | None
    person: Person | None
    unit: Unit
    from_above: bool


@dataclass(frozen=True)
class Seated:
    """A post with who sits in it, who stands in, and what roles it has."""

    post: Post
    holder: Tenure | None
    stand_in: StandIn | None
    roles: tuple[str, ...]


def open_units() -> Any:
    """Units that have not been closed."""
    return Unit.objects.filter(closed_on__isnull=True)


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """Parents before children, brothers and sisters by position and name."""
    found = {unit.pk: unit for unit in units}

    def key(unit: Unit) -> list[tuple[int, str, str]]:
        above = (found.get(pk) for pk in ids_on(unit.path))
        return [(one.position, one.name, one.pk.hex) for one in above if one is not None]

    return sorted(found.values(), key=key)


def branches(*, under: Unit | None = None, levels: int | None = None) -> list[Branch]:
    """The tree as rows, from the roots or below one unit, at most so many levels deep. Three queries."""
    units = open_units().filter(path__under=under.path) if under else open_units()
    top = under.path.count(".") if under else 0
    ordered = [one for one in in_tree_order(units) if levels is None or one.path.count(".") - top < levels]
    posts = Post.objects.filter(unit__in=ordered, closed_on__isnull=True)
    principals = Tenure.objects.filter(in_force(today()), post__in=posts.filter(kind=PostKind.PRINCIPAL))
    names = dict(principals.values_list("post__unit_id", "person__name"))
    counts: dict[uuid.UUID, int] = {}
    for unit_id in posts.values_list("unit_id", flat=True):
        counts[unit_id] = counts.get(unit_id, 0) + 1
    return [
        Branch(one, one.path.count(".") - top, names.get(one.pk, ""), counts.get(one.pk, 0))
        for one in ordered
    ]


def search_units(words: str, limit: int = 50) -> list[Unit]:
    """Open units whose name, short name or code holds the words, higher levels first."""
    plain = words.strip()
    if not plain:
        return []
    match = Q(name__icontains=plain) | Q(short_name__icontains=plain) | Q(code__icontains=plain)
    return list(
        open_units().filter(match).select_related("parent").order_by("level", "position", "name")[:limit]
    )


def search_people(words: str = "", limit: int = 200) -> list[Any]:
    """People by name, each with `held`: the tenures of today."""
    held = Tenure.objects.filter(in_force(today())).select_related("post__unit").order_by("since")
    people = Person.objects.filter(left_on__isnull=True, name__icontains=words.strip())
    return list(
        people.prefetch_related(Prefetch("tenures", held, to_attr="held")).order_by("name", "id")[:limit]
    )


def units_as_choices(*, under: Unit | None = None, exclude: Unit | None = None) -> list[tuple[str, str]]:
    """(id, name indented by its depth) for a select box; `exclude` leaves a unit and all below it out."""
    units = open_units().filter(path__under=under.path) if under else open_units()
    if exclude is not None:
        units = units.exclude(path__under=exclude.path)
    return [(str(unit.pk), INDENT * unit.path.count(".") + unit.name) for unit in in_tree_order(units)]


def posts_as_choices(unit: Unit | None = None) -> list[tuple[str, str]]:
    """(id, unit · post) of open posts for a select box."""
    posts = Post.objects.filter(closed_on__isnull=True).select_related("unit").order_by("unit__name", "name")
    return [
        (str(post.pk), f"{post.unit} · {post.name}") for post in (posts.filter(unit=unit) if unit else posts)
    ]


def people_as_choices() -> list[tuple[str, str]]:
    """(id, name and where they sit) of everybody who has not left."""
    return [
        (
            str(person.pk),
            f"{person.name}({'、'.join(t.post.name for t in person.held)})" if person.held else person.name,
        )
        for person in search_people(limit=5000)
    ]


def oversight_units(jurisdiction: Unit) -> list[Unit]:
    """Oversight bodies of a jurisdiction: who may accept, inspect and look back."""
    found = open_units().filter(path__under=jurisdiction.path, kind=UnitKind.OVERSIGHT)
    return in_tree_order(found)


def first_responsible_person(unit: Unit, on: date | None = None) -> FirstResponsible:
    """Whose duty the unit's rectification is: its principal, or the one above where that seat is empty."""
    line = upwards(unit)
    seats = Tenure.objects.filter(
        in_force(on or today()),
        post__unit__in=line,
        post__kind=PostKind.PRINCIPAL,
        post__closed_on__isnull=True,
    ).select_related("post", "person")
    by_unit = {tenure.post.unit_id: tenure for tenure in seats}
    for one in line:
        tenure = by_unit.get(one.pk)
        if tenure is not None:
            return FirstResponsible(tenure.post, tenure.person, one, from_above=one.pk != unit.pk)
    own = Post.objects.filter(unit=unit, kind=PostKind.PRINCIPAL, closed_on__isnull=True).first()
    return FirstResponsible(own, None, unit, from_above=False)


def standing_successor(unit: Unit) -> Unit | None:
    """Who takes over from a closed unit today: its successor, or that one's where it is closed as well; None if nobody."""
    passed: set[uuid.UUID] = set()
    here: Unit | None = unit
    while here is not None and here.closed_on is not None and here.pk not in passed:
        passed.add(here.pk)
        here = here.successor
    return here if here is not None and here.closed_on is None and here.pk != unit.pk else None


def party_committee_of(unit: Unit) -> str:
    """The leading Party body (党委、党组) that bears primary responsibility: the unit's own or the nearest above."""
    return next((one.party_committee for one in upwards(unit) if one.party_committee), "")


def deputy_in_charge(
    unit: Unit, sector_code: str, on: date | None = None
) -> tuple[Post, Person | None] | None:
    """The deputy whose portfolio covers the sector, the closest match first, and who holds the post."""
    posts = [
        post
        for post in Post.objects.filter(unit=unit, kind=PostKind.DEPUTY_IN_CHARGE, closed_on__isnull=True)
        if covers_sector(post.portfolio, sector_code)
    ]
    if not posts:
        return None

    def closeness(post: Post) -> tuple[int, str]:
        matching = [code for code in post.portfolio if covers_sector([code], sector_code)]
        return -max(len(code) for code in matching), post.pk.hex

    post = min(posts, key=closeness)
    return post, holder_of(post, on)


def holder_of(post: Post, on: date | None = None) -> Person | None:
    """Who holds the post on a day."""
    tenure = Tenure.objects.filter(in_force(on or today()), post=post).select_related("person").first()
    return tenure.person if tenure else None


def holders_on(posts: Iterable[Post], on: date) -> dict[uuid.UUID, str]:
    """Post -> the name of who holds it on a day; one query."""
    found = Tenure.objects.filter(in_force(on), post__in=list(posts)).select_related("person")
    return {tenure.post_id: tenure.person.name for tenure in found}


def seats_in(unit: Unit, on: date | None = None) -> list[Seated]:
    """The open posts of a unit, the principal first, with holders, stand-ins and roles. Four queries."""
    day = on or today()
    posts = list(Post.objects.filter(unit=unit, closed_on__isnull=True).select_related("unit"))
    tenures = Tenure.objects.filter(in_force(day), post__in=posts).select_related("person")
    stand_ins = StandIn.objects.filter(in_force(day), post__in=posts).select_related("person", "principal")
    holders = {tenure.post_id: tenure for tenure in tenures}
    standing = {one.post_id: one for one in stand_ins}
    roles: dict[uuid.UUID, list[str]] = {}
    for grant in RoleGrant.objects.filter(in_force(day), post__in=posts).order_by("role"):
        roles.setdefault(grant.post_id, []).append(grant.get_role_display())
    order = list(PostKind.values)
    posts.sort(key=lambda post: (order.index(post.kind), post.name, post.pk))
    return [
        Seated(post, holders.get(post.pk), standing.get(post.pk), tuple(roles.get(post.pk, ())))
        for post in posts
    ]


def liaisons_of(unit: Unit, on: date | None = None) -> list[Seated]:
    """The unit's liaisons: who enters what was decided elsewhere and receives what is sent."""
    return [seat for seat in seats_in(unit, on) if seat.post.kind == PostKind.LIAISON]


def coordinators_of(place: Unit, roles: Sequence[str], on: date | None = None) -> list[Post]:
    """The posts with one of the roles in the jurisdiction a place belongs to (not in those below it)."""
    jurisdiction = nearest_jurisdiction(place)
    if jurisdiction is None:
        return []
    granted = Post.objects.filter(
        in_force(on or today(), "role_grants__"),
        role_grants__role__in=roles,
        closed_on__isnull=True,
        unit__path__under=jurisdiction.path,
    )
    posts = granted.select_related("unit").distinct().order_by("id")
    return [post for post in posts if nearest_jurisdiction(post.unit) == jurisdiction]


def ties_of(unit: Unit) -> dict[str, list[Any]]:
    """Lines upwards and downwards, and stewardships, that hold today."""
    day = today()
    return {
        "superiors": list(UnitLine.objects.filter(not_over(day), unit=unit).select_related("superior")),
        "guided": list(UnitLine.objects.filter(not_over(day), superior=unit).select_related("unit")),
        "stewardships": list(
            Stewardship.objects.filter(not_over(day), unit=unit).select_related("territory")
        ),
    }
