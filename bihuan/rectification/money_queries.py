"""Reading money: of one problem, of a page's problems, of a slice. A merged problem's money is its target's affair."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem, Term, TermKind
from bihuan.ledger.taxonomy import offered
from bihuan.rectification.models import MoneyEntry
from bihuan.rectification.models.money import TAKEN_OFF
from bihuan.rectification.money_rules import NOTHING, Money, money_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

COUNTED = Q(state=MoneyEntry.State.COUNTED)
AMOUNT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=20, decimal_places=2)


def entries_of(problem: Problem) -> list[MoneyEntry]:
    """Everything entered, oldest first; one query."""
    return list(MoneyEntry.objects.filter(problem=problem).select_related("file").order_by("on", "id"))


def correctable(problem: Problem) -> list[MoneyEntry]:
    """The entries somebody may put right."""
    rows = MoneyEntry.objects.filter(COUNTED, problem=problem, corrects=None)
    return list(rows.exclude(way=TAKEN_OFF).order_by("on", "id"))


def reductions_asked(problem: Problem) -> list[MoneyEntry]:
    """What waits for a second person's word."""
    return list(MoneyEntry.objects.filter(problem=problem, state=MoneyEntry.State.ASKED).order_by("on", "id"))


def standing_of(entry: MoneyEntry) -> Decimal:
    """What an entry amounts to after its corrections."""
    found = MoneyEntry.objects.filter(COUNTED, corrects=entry).aggregate(sum=Sum("yuan"))["sum"]
    return entry.yuan + (found or NOTHING)


def money_by_problem(problems: Collection[Problem]) -> dict[uuid.UUID, Money]:
    """The money of each; one query. A merged problem's stands with the problem it was merged into, so here is none."""
    sums = _sums([problem.pk for problem in problems])
    return {
        problem.pk: money_of(problem.amount, *_split(sums[problem.pk]))
        if problem.state != State.MERGED
        else Money()
        for problem in problems
    }


def ways_by_problem(problems: Collection[Problem]) -> dict[uuid.UUID, dict[str, Decimal]]:
    """Problem -> way -> yuan; one query."""
    return dict(_sums([problem.pk for problem in problems if problem.state != State.MERGED]))


def ways_among(problems: QuerySet[Problem]) -> list[Term]:
    """The ways money of a slice may be told by: those on offer here today, then what older entries were made with."""
    used = MoneyEntry.objects.filter(COUNTED, problem__in=problems.order_by().values("pk"))
    codes = set(used.exclude(way=TAKEN_OFF).order_by().values_list("way", flat=True).distinct())
    ways = Term.objects.filter(kind=TermKind.MONEY_WAY)
    found = list(offered(ways))
    codes -= {term.code for term in found}
    return found + (list(ways.filter(code__in=codes)) if codes else [])


def _sums(ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Decimal]]:
    found: dict[uuid.UUID, dict[str, Decimal]] = defaultdict(dict)
    rows = MoneyEntry.objects.filter(COUNTED, problem__in=ids)
    for problem, way, yuan in rows.values_list("problem_id", "way").annotate(sum=Sum("yuan")):
        found[problem][way] = yuan
    return found


def _split(ways: dict[str, Decimal]) -> tuple[Decimal, Decimal]:
    taken_off = ways.get(TAKEN_OFF, NOTHING)
    return sum(ways.values(), start=NOTHING) - taken_off, taken_off


def money_in(problems: QuerySet[Problem]) -> Money:
    """The totals of a slice, counted by the database in one statement."""
    entries = MoneyEntry.objects.filter(COUNTED, problem=OuterRef("pk")).order_by().values("problem")
    put = entries.exclude(way=TAKEN_OFF).annotate(sum=Sum("yuan")).values("sum")
    off = entries.filter(way=TAKEN_OFF).annotate(sum=Sum("yuan")).values("sum")
    zero = Value(NOTHING, output_field=AMOUNT)
    rows = (
        problems.exclude(state=State.MERGED)
        .order_by()
        .annotate(
            money_in_question=Coalesce("amount", zero, output_field=AMOUNT),
            money_put_right=Coalesce(Subquery(put, output_field=AMOUNT), zero, output_field=AMOUNT),
            money_taken_off=Coalesce(Subquery(off, output_field=AMOUNT), zero, output_field=AMOUNT),
        )
    )
    left = _difference("money_in_question", "money_put_right", "money_taken_off")
    rows = rows.annotate(
        money_outstanding=Greatest(left, zero, output_field=AMOUNT),
        money_excess=Greatest(-left, zero, output_field=AMOUNT),
    )
    names = ("in_question", "put_right", "taken_off", "outstanding", "excess")
    found = rows.aggregate(**{name: Sum(f"money_{name}") for name in names})
    return Money(**{name: found[name] or NOTHING for name in names})


def _difference(amount: str, *less: str) -> Any:
    found: Any = F(amount)
    for name in less:
        found = found - F(name)
    return ExpressionWrapper(found, output_field=AMOUNT)
