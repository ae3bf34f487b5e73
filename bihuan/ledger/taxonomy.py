"""Reading the office's own lists: what may be chosen here today, in the order of the tree, and what is in use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.local_words import Place, place_of_reader, words_here
from bihuan.ledger.models import Problem, Sector, Source, Term, TermKind
from bihuan.organizations.models import Unit
from bihuan.organizations.tree import upwards

if TYPE_CHECKING:
    from datetime import date

    from bihuan.ledger.models.taxonomy import Labelled

EntryT = TypeVar("EntryT", bound="Labelled")

# The program acts on these values by name (short path, light of a level, standing duty): they can be renamed, no more.
FIXED_KINDS: Final = frozenset({TermKind.GRADE, TermKind.SUPERVISION_LEVEL, TermKind.RECTIFICATION_KIND})
DEEPEST: Final = 4
# Who may be told to accept and to close; the rooms of rectification act on these names.
WHO: Final[dict[str, Any]] = {
    "oversight": _("独立验收单位"),
    "rectification_office": _("整改办"),
    "leading_group": _("领导小组"),
    "source": _("来源机关"),
    "superior": _("上级整改办"),
}
WHO_ACCEPTS: Final = ("oversight", "source", "superior")
WHO_CLOSES: Final = ("rectification_office", "leading_group", "source", "superior")
LIST_NAMES: Final = ("sector", "source", *TermKind.values)
# What the program itself writes where a list's codes are written; an office cannot give it another meaning.
RESERVED_CODES: Final[dict[str, frozenset[str]]] = {TermKind.MONEY_WAY: frozenset({"taken_off"})}


class Usage(NamedTuple):
    """Where a list's codes are written: a way from the problem to the column, and the day it was written there."""

    column: str
    day: str


_usages: dict[str, Usage] = {}


def register_usage(list_name: str, column: str, day: str) -> None:
    """A room above whose rows, parts of a problem, are sorted by a list, says so; then what is used is not made void."""
    _usages[list_name] = Usage(column, day)


def usage_of(list_name: str) -> Usage:
    """By default a problem's own column of the list's name."""
    return _usages.get(list_name) or Usage(list_name, "registered_on")


def stage_names() -> dict[str, str]:
    """What a source may have words of its own for: every state, and the looking back that follows them."""
    language = get_language() or "zh"
    return {state.value: STATE_WORDS[state].say(language) for state in State} | {"lookback": str(_("回头看"))}


def valid_on(day: date) -> Q:
    """Entries that hold on a day; the last day counts."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))


def offered(entries: QuerySet[Any], place: Place | None = None) -> QuerySet[Any]:
    """The entries of a list that may be chosen today where the reader is; outside a request, everywhere."""
    entries = entries.filter(valid_on(today()))
    here = place or place_of_reader()
    if here is None or not here.units:
        return entries
    entries = entries.filter(Q(jurisdiction__isnull=True) | Q(jurisdiction__in=here.units))
    hidden = [key for key, wording in here.wordings.items() if wording.hidden]
    if entries.model is Term:
        for list_name, code in hidden:
            entries = entries.exclude(kind=list_name, code=code)
        return entries
    kind = entries.model.Stream.kind
    return entries.exclude(code__in=[code for list_name, code in hidden if list_name == kind])


def inherited_by(entries: QuerySet[Any], place: Unit) -> QuerySet[Any]:
    """Every entry that stands in the list of a place, past and future ones too."""
    above = [unit.pk for unit in upwards(place)]
    return entries.filter(Q(jurisdiction__isnull=True) | Q(jurisdiction__in=above)).select_related(
        "jurisdiction"
    )


def in_tree_order(entries: Iterable[EntryT]) -> list[EntryT]:
    """Each below its parent, siblings by their position; codes spell the way from the root."""
    rows = list(entries)
    positions = {row.code: row.position for row in rows}

    def way(row: EntryT) -> list[tuple[int, str]]:
        parts = row.code.split(".")
        above = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
        return [(positions.get(code, row.position), code) for code in above]

    return sorted(rows, key=way)


def sector_choices(sectors: Iterable[Sector] | None = None) -> list[tuple[str, str]]:
    """The tree for a select box: each code with its label, moved in by its depth."""
    rows = offered(Sector.objects.all()) if sectors is None else sectors
    return [(row.code, "\u3000" * row.code.count(".") + row.label) for row in in_tree_order(rows)]


def term_choices(kind: str, kept: str = "") -> list[tuple[str, str]]:
    """A closed list for a select box; `kept` stays choosable where the row being edited still has it."""
    rows = list(offered(Term.objects.filter(kind=kind)))
    if kept and kept not in {row.code for row in rows}:
        rows += list(Term.objects.filter(kind=kind, code=kept))
    return [(row.code, row.label) for row in rows]


def names_of(entries: QuerySet[Any]) -> list[tuple[str, str]]:
    """(Chinese name, code) of what is on offer, by the name of the reader's place too: sheets are written in either."""
    found = []
    for row in offered(entries):
        here = words_here(row.list_name, row.code)
        found += [(row.zh, row.code)] + ([(here[0], row.code)] if here else [])
    return found


def entries_of(list_name: str) -> QuerySet[Any]:
    """All rows of a list."""
    found: QuerySet[Any]
    if list_name == Sector.Stream.kind:
        found = Sector.objects.all()
    elif list_name == Source.Stream.kind:
        found = Source.objects.all()
    else:
        found = Term.objects.filter(kind=list_name)
    return found


def uses(entry: Labelled) -> Q:
    """The condition of being sorted by an entry."""
    return Q(**{usage_of(entry.list_name).column: entry.code if isinstance(entry, Term) else entry.pk})


def problems_using(entry: Labelled) -> QuerySet[Problem]:
    """The problems sorted by an entry; restricted ones are left out, for a refusal must not tell of them."""
    found: QuerySet[Problem] = Problem.objects.filter(uses(entry), channel__isnull=True)
    return found
