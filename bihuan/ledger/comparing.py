"""What a decision about a pair rests on, and reading what was decided. Writing it down is the actions' affair.

A pair is remembered once, from whichever side one looks. It holds while the words of both are mostly what they were: a
text that was rewritten may be asked about again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, current
from bihuan.journal.loading import array
from bihuan.ledger.duplicates import Sought
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Comparison, FindingLink, Hint, Problem, Waiting
from bihuan.ledger.sight import visible
from bihuan.text.sameness import keys_shared

STILL_THE_WORDS: Final = 0.25
"""Half of the runs in common makes about a quarter of the keys equal: less, and the text is another."""


def still_holds(before: Sequence[Sequence[int]], now: Sequence[Sequence[int]]) -> bool:
    """Whether both texts are mostly what they were when the pair was decided. Pure."""
    return len(before) == len(now) and all(
        list(then) == list(today) or keys_shared(then, today) >= STILL_THE_WORDS
        for then, today in zip(before, now, strict=True)
    )


def in_order(one: Problem, other: Problem) -> tuple[Problem, Problem]:
    """The pair as it is remembered."""
    return (one, other) if one.pk < other.pk else (other, one)


def refuse_unfit(one: Problem, other: Problem) -> None:
    """Only two problems of one ledger and one channel are laid side by side, and only such as have words."""
    if one.pk == other.pk:
        raise Refused(_("要比对的是两个不同的问题。"), accepted=_("请选择另一个问题。"))
    if one.jurisdiction_id != other.jurisdiction_id or one.channel_id != other.channel_id:
        raise Refused(_("只能比对同一整改办、同一知悉范围的问题。"))
    if one.placeholder or other.placeholder:
        raise Refused(_("线下问题的占位没有内容，不能比对。"), accepted=_("请在线下登记簿上比对。"))


def refuse_no_recurrence(later: Problem, earlier: Problem) -> None:
    """What comes back must have been ended: while the earlier one is open, it is one problem and not a second."""
    if earlier.state == State.MERGED:
        raise Refused(
            _("%(number)s 已经并案，不是它反复。") % {"number": earlier.problem_no},
            accepted=_("请与它所并入的问题比对。"),
        )
    if earlier.state in OPEN:
        raise Refused(
            _("%(number)s 还没有办结，不算反复。") % {"number": earlier.problem_no},
            accepted=_("是同一问题的，请并案；不是的，认定为不是同一问题。"),
        )
    if later.registered_on < earlier.registered_on:
        raise Refused(
            _("%(number)s 登记在后，不会是先前的问题。") % {"number": earlier.problem_no},
            accepted=_("请从登记较晚的问题认定反复。"),
        )


def decide_pair(
    one: Problem, other: Problem, outcome: Comparison.Outcome, *, reason: str, actor: Actor
) -> Comparison:
    """Write down what was decided; a pair decided before is decided anew. Inside an action, both streams locked."""
    first, second = in_order(one, other)
    found = Comparison.objects.filter(one=first, other=second).first()
    if found is not None:
        current().lock([found])
    row = found or Comparison(one=first, other=second)
    row.outcome, row.reason = outcome, reason
    row.wording = [list(first.signature), list(second.signature)]
    row.decided_by, row.decided_on = actor.person, current().today
    row.save()
    for problem, beside in ((one, other), (other, one)):
        current().fact(problem, comparison=str(row.pk), with_problem=str(beside.pk), outcome=outcome.value)
    return row


def comparisons_of(problem: Problem) -> list[Comparison]:
    """Every pair the problem is in that was decided and not taken back, the latest first."""
    found = Comparison.objects.filter(Q(one=problem) | Q(other=problem)).exclude(
        outcome=Comparison.Outcome.TAKEN_BACK
    )
    return list(found.select_related("one", "other").order_by("-decided_on", "-pk"))


def settled_with(comparisons: Iterable[Comparison], problem: Problem) -> frozenset[uuid.UUID]:
    """The problems that need not be asked about: what was decided still holds."""
    return frozenset(
        pair.beside(problem).pk
        for pair in comparisons
        if pair.outcome == Comparison.Outcome.RECURRENCE
        or still_holds(pair.wording, [pair.one.signature, pair.other.signature])
    )


_GROUP: Final = """
WITH RECURSIVE together(id) AS (
    SELECT %s::uuid
    UNION
    SELECT CASE WHEN c.one_id = t.id THEN c.other_id ELSE c.one_id END
    FROM together AS t JOIN ledger_comparison AS c ON c.outcome = 'recurrence' AND (c.one_id = t.id OR c.other_id = t.id)
)
SELECT id FROM together
"""


def recurrences_of(actor: Actor | None, problem: Problem) -> list[Problem]:
    """The problem and all it recurs with, directly or through another, the earliest first, as far as one may know."""
    ids = [row.pk for row in Problem.objects.raw(_GROUP, [problem.pk])]
    if len(ids) == 1:
        return []
    rows = visible(actor, Problem.objects.filter(pk__in=ids).defer("text"))
    found = list(rows.order_by("registered_on", "problem_no"))
    return found if len(found) > 1 else []


def sought_for(problem: Problem, comparisons: Iterable[Comparison] | None = None) -> Sought:
    """The problem as it is looked for: without itself, without what was decided, without what it is merged with."""
    decided = comparisons_of(problem) if comparisons is None else comparisons
    merged = Problem.objects.filter(merged_into=problem).values_list("pk", flat=True)
    links = FindingLink.objects.filter(problem=problem, via=None).exclude(finding__source_no="")
    return Sought(
        title=problem.title,
        text=problem.text,
        place=problem.jurisdiction_id,
        channel=problem.channel_id,
        source=problem.source_id,
        source_nos=frozenset(links.values_list("finding__source_no", flat=True)),
        lead_unit=problem.lead_unit_id,
        site=problem.site,
        concerned_party=problem.concerned_party,
        amount=problem.amount,
        day=problem.registered_on,
        but=frozenset(
            {problem.pk, *merged, *settled_with(decided, problem)} | {problem.merged_into_id or problem.pk}
        ),
    )


_WAIT: Final = """
INSERT INTO ledger_waiting (problem_id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING
"""


def wait(problems: Iterable[uuid.UUID]) -> None:
    """Let problems wait for being compared in full; those that wait already go on waiting."""
    current().carry_out(_WAIT, [array(problems)])


def not_yet_compared(problems: Iterable[Problem]) -> frozenset[uuid.UUID]:
    """Which of these were taken in with many others and still wait for being compared in full; one query."""
    rows = Waiting.objects.filter(problem__in=[problem.pk for problem in problems])
    return frozenset(rows.values_list("problem", flat=True))


def undecided(actor: Actor | None) -> QuerySet[Hint]:
    """What comparing found and nobody has decided, of problems the actor sees, the likest first."""
    decided = Comparison.objects.exclude(outcome=Comparison.Outcome.TAKEN_BACK)
    seen = visible(actor, Problem.objects.exclude(state=State.MERGED)).values("pk")
    return (
        Hint.objects.filter(problem__in=seen, like__in=seen)
        .exclude(Exists(decided.filter(one=OuterRef("like"), other=OuterRef("problem"))))
        .exclude(Exists(decided.filter(one=OuterRef("problem"), other=OuterRef("like"))))
        .order_by("-percent", "problem", "like")
    )
