"""Reading papers and templates. Sight is part of every question: who does not see all its problems sees no paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.authority import open_post_of
from bihuan.organizations.models import Post, Role, Unit
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import home_of, ids_on, nearest_jurisdiction
from bihuan.papers.kinds import KEPT_CLOSE
from bihuan.papers.models import Paper, PaperSubject, PaperTemplate
from bihuan.papers.rules import template_in_force
from bihuan.papers.starting_words import STARTING_WORDS, Words

if TYPE_CHECKING:
    from datetime import date

    from bihuan.journal.action import Actor


def papers_seen(actor: Actor | None) -> QuerySet[Paper]:
    """The papers all of whose problems the actor may know of; a draft is its sender's and the office's until it is sent.

    What is made of another record than problems is its office's, its sender's, and once sent its recipients'.
    """
    hidden = PaperSubject.objects.filter(paper=OuterRef("pk")).exclude(
        problem__in=visible(actor, Problem.objects.all())
    )
    shown = PaperSubject.objects.filter(paper=OuterRef("pk"))
    of_problems = Q(about=None) & Exists(shown) & ~Exists(hidden)
    of_matter = Q(about__isnull=False)
    if actor is None or actor.system:
        return Paper.objects.filter(of_problems | of_matter)  # type: ignore[no-any-return]
    # Whom a paper will press is not to read it before it is decided and sent, and what is kept close not even then.
    sent = ~Q(state=Paper.State.DRAFT)
    theirs = _theirs(actor, sent)
    open_to_all = sent & ~Q(kind__in=KEPT_CLOSE)
    return Paper.objects.filter(of_problems & (open_to_all | theirs) | of_matter & theirs)  # type: ignore[no-any-return]


def _theirs(actor: Actor, sent: Q) -> Q:
    """The papers of the actor's office, of their unit, and those sent to it."""
    post, own = open_post_of(actor), Q(jurisdiction__path__in=sight_of(actor).jurisdictions)
    if post is None:
        return own
    home = home_of(post.unit)
    return own | Q(from_unit=home) | sent & Q(addressed_to__contains=[{"unit": str(home.pk)}])


def papers_of(actor: Actor | None, problem: Problem) -> QuerySet[Paper]:
    """The papers about a problem, newest first."""
    found = papers_seen(actor).filter(subjects__problem=problem)
    return found.select_related("from_unit").order_by("-id")


def problems_of(paper: Paper) -> list[Problem]:
    """What the paper is about, in the order of its list."""
    rows = Problem.objects.filter(paper_subjects__paper=paper)
    return list(
        rows.select_related(
            "jurisdiction",
            "lead_unit",
            "source",
            "sector",
            "batch",
            "sector_authority",
            "territorial_unit",
            "channel",
        ).order_by("problem_no")
    )


def versions_for(kind: str, place: Unit) -> list[PaperTemplate]:
    """Every version of a kind's words that may hold at a place: its own and those above it."""
    found = PaperTemplate.objects.filter(kind=kind, jurisdiction__in=ids_on(place.path))
    return list(found.select_related("jurisdiction").order_by("-version", "-id"))


def words_for(kind: str, place: Unit, on: date | None = None) -> tuple[Words, PaperTemplate | None]:
    """The words a kind of paper has at a place on a day, and the version they come from (None: the starting words)."""
    chain = list(reversed(ids_on(place.path)))
    found = template_in_force(versions_for(kind, place), chain=chain, on=on or today())
    if found is None:
        return STARTING_WORDS[kind], None
    return Words(found.title, found.body), found


def standing_of(unit: Unit, *, as_office: bool | None = None) -> str:
    """The place in the tree from which a unit speaks: an office speaks for its jurisdiction, a section for its organ."""
    office = is_office(unit) if as_office is None else as_office
    if office:
        place = nearest_jurisdiction(unit)
        return str((place or unit).path)
    return str(home_of(unit).path)


def is_office(unit: Unit) -> bool:
    """Whether the rectification office sits in this unit."""
    found: bool = Post.objects.filter(
        in_force(today(), "role_grants__"),
        unit=unit,
        closed_on=None,
        role_grants__role__in=(Role.COORDINATOR, Role.REVIEWER),
    ).exists()
    return found
