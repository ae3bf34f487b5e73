"""A candidate beside the ledger: merged into a problem that stands, kept as a recurrence of one that ended, or apart.

What is decided before the candidate enters the ledger is kept with it, by the ids of problems alone; it takes effect when
the candidate is confirmed. Merged then means: the findings are written down as the source said them and hang on the
problem that stands; no second problem is registered, and each finding waits for its own answer.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.journal.action import Refused, current
from bihuan.journal.wording import listed
from bihuan.ledger.comparing import decide_pair, refuse_no_recurrence
from bihuan.ledger.duplicates import Sought
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Comparison, Finding, InvolvementRole, Problem, Readership
from bihuan.ledger.registering import link_findings
from bihuan.ledger.steps import involve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.journal.open_action import Actor


class Outcome(models.TextChoices):
    """What a candidate is to a problem of the ledger."""

    MERGE = "merge", gettext_lazy("并入")
    RECURRENCE = "recurrence", gettext_lazy("反复")
    APART = "apart", gettext_lazy("不是同一问题")


KEPT: Final = {
    Outcome.RECURRENCE: Comparison.Outcome.RECURRENCE,
    Outcome.APART: Comparison.Outcome.APART,
}


def sought_for(candidate: Candidate, document: IntakeDocument) -> Sought:
    """The candidate as it is looked for in the ledger of its place; what was decided is not asked again."""
    values = candidate.values
    batch = document.batch
    amount, unit = values.get("amount"), values.get("lead_unit")
    return Sought(
        title=candidate.title,
        text=candidate.text,
        place=batch.jurisdiction_id,
        channel=batch.channel_id,
        source=batch.source_id,
        source_nos=frozenset({str(values["source_no"])} if values.get("source_no") else ()),
        lead_unit=UUID(str(unit)) if unit else None,
        site=str(values.get("site") or ""),
        concerned_party=str(values.get("concerned_party") or ""),
        amount=Decimal(str(amount)) if amount else None,
        day=batch.received_on,
        but=frozenset(map(UUID, candidate.compared)),
    )


def target_of(candidate: Candidate) -> UUID | None:
    """The problem the candidate is to be merged into."""
    return next((UUID(pk) for pk, outcome in candidate.compared.items() if outcome == Outcome.MERGE), None)


def compare(document: IntakeDocument, candidate: Candidate, problem: Problem, outcome: str) -> None:
    """The body of `intake.compare_candidate`; an empty outcome takes back what was decided."""
    if outcome and outcome not in Outcome.values:
        raise Refused(
            _("没有“%(word)s”这种认定。") % {"word": outcome},
            accepted=listed(map(str, Outcome.labels)),
            field="outcome",
        )
    kept = {pk: what for pk, what in candidate.compared.items() if pk != str(problem.pk)}
    if outcome:
        refuse_unfit(document, problem, Outcome(outcome))
        if outcome == Outcome.MERGE:
            kept = {pk: what for pk, what in kept.items() if what != Outcome.MERGE}
        kept[str(problem.pk)] = outcome
    candidate.compared = kept
    candidate.save()


def refuse_unfit(document: IntakeDocument, problem: Problem, outcome: Outcome) -> None:
    """Within one ledger and one channel; merged only into what is open, and where no more people would come to know."""
    batch = document.batch
    if problem.jurisdiction_id != batch.jurisdiction_id or problem.channel_id != batch.channel_id:
        raise Refused(_("只能与同一整改办、同一知悉范围的问题比对。"), field="problem")
    if problem.placeholder:
        raise Refused(_("线下问题的占位没有内容，不能比对。"), accepted=_("请在线下登记簿上比对。"))
    if outcome == Outcome.MERGE and problem.state not in OPEN:
        raise Refused(
            _("%(number)s 已经办结，不能再并入。") % {"number": problem.problem_no},
            accepted=_("又出现的，认定为反复，另行入账。"),
        )
    secret = document.work_secret and problem.readership != Readership.WORK_SECRET
    if outcome == Outcome.MERGE and secret:
        raise Refused(
            _("来件是工作秘密，%(number)s 的知悉范围更宽，不能并入。") % {"number": problem.problem_no},
            accepted=_("请另行入账。"),
        )
    if outcome == Outcome.RECURRENCE and (problem.state in OPEN or problem.state == State.MERGED):
        raise Refused(
            _("%(number)s 不是已经办结的问题，不算反复。") % {"number": problem.problem_no},
            accepted=_("还在办的，请并入；已并案的，请与它所并入的问题比对。"),
        )


def lock_compared(candidates: Iterable[Candidate]) -> dict[UUID, Problem]:
    """The problems decisions name, locked and as they stand now."""
    wanted = {UUID(pk) for candidate in candidates for pk in candidate.compared}
    found: dict[UUID, Problem] = Problem.objects.in_bulk(wanted)
    current().lock(list(found.values()))
    return found


def join(document: IntakeDocument, problem: Problem, findings: Sequence[Finding]) -> Problem:
    """Hang the findings on the problem that stands; whoever raised them sees where they go on."""
    refuse_unfit(document, problem, Outcome.MERGE)
    known = set(problem.finding_links.values_list("finding", flat=True))
    link_findings(problem, [finding for finding in findings if finding.pk not in known])
    unit = document.batch.source_unit
    if unit is not None:
        involve(problem, InvolvementRole.SOURCE, unit=unit)
    return problem


def remember(candidate: Candidate, problem: Problem, others: dict[UUID, Problem], actor: Actor) -> None:
    """What was decided about the candidate holds for the problem it became."""
    for pk, outcome in candidate.compared.items():
        kept = KEPT.get(Outcome(outcome))
        if kept is None:
            continue
        other = others[UUID(pk)]
        if kept is Comparison.Outcome.RECURRENCE:
            refuse_no_recurrence(problem, other)
        decide_pair(problem, other, kept, reason="", actor=actor)


def decisions_of(candidate: Candidate, numbers: dict[Any, str]) -> list[tuple[str, str, str]]:
    """Id, number and outcome of every problem something was decided about."""
    return [
        (pk, numbers.get(UUID(pk), ""), str(Outcome(outcome).label))
        for pk, outcome in candidate.compared.items()
        if UUID(pk) in numbers
    ]


def outcomes_for(problem: Problem) -> list[Outcome]:
    """What may be decided about a problem as it stands: merging wants it open, recurrence wants it ended."""
    if problem.state in OPEN:
        return [Outcome.MERGE, Outcome.APART]
    return [Outcome.APART] if problem.state == State.MERGED else [Outcome.RECURRENCE, Outcome.APART]
