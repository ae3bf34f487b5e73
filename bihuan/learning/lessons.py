"""What may be learnt from: problems whose sector a person of this office confirmed, and nothing that has a wall round it.

Left out: what runs in a restricted channel, work secrets, placeholders of problems kept offline, rows of a ledger taken
over (their sector may have been the program's own guess), and texts that were expunged. Clues never become problems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.journal.vault import ERASED
from bihuan.learning.rules import is_held_back
from bihuan.ledger.models import Problem, Readership
from bihuan.organizations.models import Person
from bihuan.text.masking import Masker
from bihuan.text.units import without_unit_names

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from bihuan.organizations.models import Unit

# Numbers of documents, amounts and the like: they belong to one case and teach nothing about the next.
_LONG_NUMBERS: Final = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A masked text with its confirmed sector."""

    problem: UUID
    text: str
    sector: str


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt, and what is held back to measure on."""

    learnt: list[Lesson]
    held_back: list[Lesson]


def open_to_all(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """Those without a wall round them."""
    return problems.filter(channel__isnull=True, readership=Readership.INTERNAL, placeholder=False)


def confirmed(place: Unit) -> QuerySet[Problem]:
    """The problems of a place whose sector a person confirmed."""
    return open_to_all(Problem.objects.filter(jurisdiction=place, imported_from=""))


def lessons_of(place: Unit, *, most: int, held_back: int) -> Lessons:
    """The newest confirmed labels of a place, masked; one query and one more for the names of persons."""
    masker = Masker(Person.objects.values_list("name", flat=True))
    found = Lessons([], [])
    rows = (
        confirmed(place).order_by("-registered_on", "-id").values_list("pk", "title", "text", "sector__code")
    )
    for pk, title, text, sector in rows[:most]:
        if ERASED in (title, text):
            continue
        lesson = Lesson(pk, prepared(f"{title} {text}", masker), sector)
        (found.held_back if is_held_back(pk, held_back) else found.learnt).append(lesson)
    return found


def prepared(text: str, masker: Masker) -> str:
    """A text as it is learnt from and judged: without persons, names of units and long numbers."""
    return without_unit_names(_LONG_NUMBERS.sub(" ", masker.without_personal(text)))
