"""Bringing in a whole structure at once: units, posts, people and who holds what, all of it or none."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.timesource import today
from bihuan.journal.vault import find_personal
from bihuan.organizations import policy
from bihuan.organizations.actions.people import seal_email, seal_mobile
from bihuan.organizations.actions.posts import take_post
from bihuan.organizations.models import Person, Post, PostKind, Tenure, Unit
from bihuan.organizations.rules import plain_mobile
from bihuan.organizations.spans import not_over
from bihuan.organizations.structure import Known, KnownPost, PersonRow, PostRow, Structure, UnitRow, faults_of


@action("organizations.import_structure", may=policy.keeps_structure)
def import_structure(*, structure: Structure, file_name: str = "", actor: Actor) -> dict[str, int]:
    """Set up every row of a structure; refused whole where one row is wrong, each fault named in `data["faults"]`.

    Returns how many units, posts and people were made.
    """
    act = current()
    act.lock(list(Unit.objects.filter(code__in=_named_units(structure))))
    faults = faults_of(structure, known_for(structure))
    if faults:
        raise Refused(
            _("有 %(count)d 处不对，没有导入任何内容。") % {"count": len(faults)},
            accepted=_("请按标注改正后重新导入，或只导入没有问题的行。"),
            faults=faults,
        )
    units = _make_units(structure.units)
    posts = _make_posts(structure.posts, units)
    people = _make_people(structure.people, units, posts)
    if file_name:
        act.because(file_name)
    return {"units": len(structure.units), "posts": len(structure.posts), "people": people}


def _named_units(structure: Structure) -> set[str]:
    named = {code for row in structure.units for code in (row.code, row.parent)}
    named |= {row.unit for row in structure.posts} | {row.unit for row in structure.people}
    return named - {""}


def known_for(structure: Structure) -> Known:
    """What is stored already, as far as the rows touch it."""
    units = list(Unit.objects.filter(code__in=_named_units(structure)))
    posts: dict[tuple[str, str], KnownPost] = {}
    held = set(Tenure.objects.filter(not_over(today())).values_list("post_id", flat=True))
    principals = set()
    for post in Post.objects.filter(unit__in=units, closed_on__isnull=True).select_related("unit"):
        key = (post.unit.code, post.name)
        posts[key] = KnownPost(post.kind, held=post.pk in held, several=key in posts)
        if post.kind == PostKind.PRINCIPAL:
            principals.add(post.unit.code)
    return Known(
        levels={unit.code: unit.level for unit in units},
        closed=frozenset(unit.code for unit in units if unit.closed_on is not None),
        posts=posts,
        principals=frozenset(principals),
        identities={row.identity: person.name for row in structure.people if (person := _person_like(row))},
    )


def _person_like(row: PersonRow) -> Person | None:
    """The person already registered under the row's identity or mobile number."""
    found: Person | None = None
    if row.external_id:
        found = Person.objects.filter(external_id=row.external_id).first()
    number = plain_mobile(row.mobile) if row.mobile else None
    if found is None and number is not None:
        found = Person.objects.filter(mobile__in=find_personal("mobile", number)).first()
    return found


def _make_units(rows: Iterable[UnitRow]) -> dict[str, Unit]:
    """The new units, parents before children, so that each finds its parent's path."""
    waiting = {row.code: row for row in rows}
    known = {
        unit.code: unit for unit in Unit.objects.filter(code__in={row.parent for row in waiting.values()})
    }
    made: list[Unit] = []
    while waiting:
        ready = [row for row in waiting.values() if row.parent not in waiting]
        for row in ready:
            unit = Unit(
                name=row.name,
                short_name=row.short_name,
                code=row.code,
                kind=row.kind,
                level=row.level,
                parent=known[row.parent] if row.parent else None,
                is_jurisdiction=row.is_jurisdiction,
                party_committee=row.party_committee,
                opened_on=row.opened_on or current().today,
                position=row.line,
            )
            known[row.code] = unit
            made.append(unit)
            del waiting[row.code]
    Unit.objects.bulk_create(made)
    return known


def _make_posts(rows: Iterable[PostRow], units: dict[str, Unit]) -> dict[tuple[str, str], Post]:
    """The new posts, secretaries last, for they name the post they serve."""
    posts: dict[tuple[str, str], Post] = {}
    for secretaries in (False, True):
        batch = [row for row in rows if (row.kind == PostKind.SECRETARY) == secretaries]
        made = [
            Post(
                unit=_unit(units, row.unit),
                kind=row.kind,
                name=row.name,
                section=row.section,
                portfolio=sorted(set(row.portfolio)),
                serves=_post(posts, row.unit, row.serves) if row.serves else None,
            )
            for row in batch
        ]
        Post.objects.bulk_create(made)
        posts.update({(row.unit, row.name): post for row, post in zip(batch, made, strict=True)})
    return posts


def _unit(units: dict[str, Unit], code: str) -> Unit:
    if code not in units:
        units[code] = Unit.objects.get(code=code)
    return units[code]


def _post(posts: dict[tuple[str, str], Post], unit: str, name: str) -> Post:
    if (unit, name) not in posts:
        posts[unit, name] = Post.objects.get(unit__code=unit, name=name, closed_on__isnull=True)
    return posts[unit, name]


def _make_people(
    rows: Iterable[PersonRow], units: dict[str, Unit], posts: dict[tuple[str, str], Post]
) -> int:
    people: dict[str, Person] = {}
    made = 0
    for row in rows:
        person = people.get(row.identity) or _person_like(row)
        if person is None:
            person, made = Person(name=row.name, external_id=row.external_id), made + 1
            seal_mobile(person, row.mobile)
            seal_email(person, row.email)
            person.save()
        people[row.identity] = person
        if row.post:
            post = _post(posts, row.unit, row.post)
            if post.pk not in current().born:
                current().lock([post])
            take_post(post, person, row.since or current().today)
    return made
