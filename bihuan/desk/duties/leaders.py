"""The leaders whose records one may read, with their numbers of a period; a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Max, Q

from bihuan.desk.duties.policy import leaders_posts
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.models import Tenure
from bihuan.organizations.spans import in_force
from bihuan.rectification.models import Deliberation, LeaderInstruction, Visit

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from django.db.models import QuerySet

    from bihuan.desk.duties.periods import Period
    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Person

MOST: Final = 300


@dataclass(frozen=True, kw_only=True)
class Leader:
    """One leader: where they sit, and what they did in the period about problems the looker sees."""

    person: Person
    posts: list[str]
    meetings: int
    instructions: int
    visits: int
    last_visit: date | None


def leaders(looker: Actor, period: Period, words: str = "") -> list[Leader]:
    """By unit and post. `words` narrow by the name of person or unit."""
    held = Tenure.objects.filter(in_force(today()), post__in=leaders_posts(looker), post__closed_on=None)
    if words:
        held = held.filter(Q(person__name__icontains=words) | Q(post__unit__name__icontains=words))
    posts: dict[uuid.UUID, list[str]] = defaultdict(list)
    people: dict[uuid.UUID, Person] = {}
    order = ("post__unit__level", "post__unit__path", "post__kind", "id")
    for tenure in held.select_related("person", "post__unit").order_by(*order)[:MOST]:
        people[tenure.person_id] = tenure.person
        posts[tenure.person_id].append(f"{tenure.post.unit} {tenure.post.name}")
    return _counted(looker, period, people, posts)


def _counted(
    looker: Actor, period: Period, people: dict[uuid.UUID, Person], posts: dict[uuid.UUID, list[str]]
) -> list[Leader]:
    seen = visible(looker, Problem.objects.all())
    within = (period.since, period.until)
    meetings = _by(
        Deliberation.objects.filter(approved_on__range=within, problem__in=seen), "principal", people
    )
    standing = {"problem__in": seen, "withdrawn_on": None}
    words = _by(LeaderInstruction.objects.filter(on__range=within, **standing), "leader", people)
    visits = _by(Visit.objects.filter(on__range=within, **standing), "leader", people)
    last = dict(
        Visit.objects.filter(leader__in=people, **standing)
        .order_by()
        .values_list("leader")
        .annotate(last=Max("on"))
    )
    return [
        Leader(
            person=person,
            posts=posts[pk],
            meetings=meetings.get(pk, 0),
            instructions=words.get(pk, 0),
            visits=visits.get(pk, 0),
            last_visit=last.get(pk),
        )
        for pk, person in people.items()
    ]


def _by(rows: QuerySet[Any], name: str, people: dict[uuid.UUID, Person]) -> dict[uuid.UUID, int]:
    return dict(rows.filter(**{f"{name}__in": people}).order_by().values_list(name).annotate(n=Count("pk")))
