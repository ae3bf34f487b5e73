"""What a meeting has to know of each problem before it: read for a part of a sitting at once, never row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count

from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.policy import sees_doubts
from bihuan.authenticity.queries import others_seen
from bihuan.authenticity.wording import sentence_of
from bihuan.ledger.models import Term, TermKind
from bihuan.organizations.models import Person
from bihuan.rectification.actions.sitting_decisions import objections_to_decider
from bihuan.rectification.models import (
    Acceptance,
    AcceptancePanel,
    Evidence,
    PublicNotice,
    SittingCase,
)
from bihuan.rectification.panel_reading import PanelRead, read_panels

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

    Rounds: TypeAlias = Mapping[uuid.UUID, int]

PHOTOGRAPHS: Final = (Evidence.Kind.BEFORE, Evidence.Kind.AFTER)
RELATED: Final = ("jurisdiction", "lead_unit", "source", "sector")


@dataclass(kw_only=True)
class CaseFacts:
    """One problem before the sitting. `against` is what the reader did there that stands against deciding it."""

    case: SittingCase
    problem: Problem
    level: str = ""
    acceptance: Acceptance | None = None
    acceptor: str = ""
    panel: PanelRead | None = None
    proofs: int = 0
    before: list[Evidence] = field(default_factory=list)
    after: list[Evidence] = field(default_factory=list)
    notice: PublicNotice | None = None
    doubts: list[tuple[AuthenticityFlag, str]] = field(default_factory=list)
    deferred: int = 0
    against: list[str] = field(default_factory=list)


def read_cases(actor: Actor, cases: Iterable[SittingCase]) -> list[CaseFacts]:
    """The facts of these cases in their order. Every question is asked once for all of them."""
    found = [CaseFacts(case=case, problem=case.problem) for case in cases]
    problems = [one.problem for one in found]
    if not found:
        return []
    # A sitting looked at later shows the round it decided, not what came after it.
    rounds = {one.problem.pk: one.case.round for one in found}
    verdicts, names = _verdicts(rounds)
    panels = _panels(verdicts.values())
    proofs, photographs = _evidence(rounds)
    notices = _notices(rounds)
    doubts = _doubts(actor, problems, rounds)
    levels = {term.code: term.label for term in Term.objects.filter(kind=TermKind.SUPERVISION_LEVEL)}
    deferred = _deferred(problems, found[0].case.sitting_id)
    against = objections_to_decider([one.problem for one in found if one.case.open], actor)
    for one in found:
        pk = one.problem.pk
        one.level = levels.get(one.problem.supervision_level, one.problem.supervision_level)
        one.acceptance = verdicts.get(pk)
        one.acceptor = names.get(one.acceptance.acceptor, "") if one.acceptance else ""
        one.panel = panels.get(one.acceptance.pk) if one.acceptance else None
        one.proofs = proofs.get(pk, 0)
        one.before, one.after = photographs[pk, Evidence.Kind.BEFORE], photographs[pk, Evidence.Kind.AFTER]
        one.notice = notices.get(pk)
        one.doubts = doubts[pk]
        one.deferred = deferred.get(pk, 0)
        one.against = against.get(pk, [])
    return found


def _newest(rows: Iterable[Any], rounds: Rounds) -> dict[uuid.UUID, Any]:
    """The last row of each problem's round; the rows come oldest first."""
    return {row.problem_id: row for row in rows if row.round == rounds[row.problem_id]}


def _verdicts(rounds: Rounds) -> tuple[dict[uuid.UUID, Acceptance], Mapping[Any, str]]:
    rows = Acceptance.objects.filter(problem__in=list(rounds), state=Acceptance.State.ACCEPTED)
    found = _newest(rows.select_related("acceptor_unit", "file").order_by("id"), rounds)
    people = Person.objects.filter(pk__in=[row.acceptor for row in found.values() if row.acceptor])
    return found, {person.pk: person.name for person in people}


def _panels(verdicts: Iterable[Acceptance]) -> dict[uuid.UUID, PanelRead]:
    """Acceptance -> the panel that signed it."""
    rows = AcceptancePanel.objects.filter(
        acceptance__in=[one.pk for one in verdicts], state=AcceptancePanel.State.CONCLUDED
    )
    found = list(rows)
    return {one.panel.acceptance_id: one for one in read_panels(found)} if found else {}


def _evidence(
    rounds: Rounds,
) -> tuple[dict[uuid.UUID, int], dict[tuple[uuid.UUID, str], list[Evidence]]]:
    rows = Evidence.objects.filter(problem__in=list(rounds))
    numbers = rows.values_list("problem_id", "round").annotate(n=Count("pk"))
    proofs = {pk: count for pk, number, count in numbers if number == rounds[pk]}
    photographs: dict[tuple[uuid.UUID, str], list[Evidence]] = defaultdict(list)
    shown = rows.filter(kind__in=PHOTOGRAPHS, file__blob__media_type__startswith="image/")
    for row in shown.select_related("file__blob").order_by("id"):
        if row.round == rounds[row.problem_id] and row.file.blob.kept:
            photographs[row.problem_id, row.kind].append(row)
    return proofs, photographs


def _notices(rounds: Rounds) -> dict[uuid.UUID, PublicNotice]:
    rows = PublicNotice.objects.filter(problem__in=list(rounds)).prefetch_related("objections")
    return _newest(rows.order_by("id"), rounds)


def _doubts(
    actor: Actor, problems: Sequence[Problem], rounds: Rounds
) -> dict[uuid.UUID, list[tuple[AuthenticityFlag, str]]]:
    """How each doubt of the round was weighed; one nobody weighed only for whoever may read doubts at all."""
    by_id = {problem.pk: problem for problem in problems}
    rows = AuthenticityFlag.objects.filter(problem__in=problems).select_related("evidence", "report")
    flags = [
        row
        for row in rows.order_by("id")
        if row.round == rounds[row.problem_id]
        and (row.weight != AuthenticityFlag.Weight.OPEN or sees_doubts(actor, by_id[row.problem_id]))
    ]
    others = others_seen(actor, flags)
    found: dict[uuid.UUID, list[tuple[AuthenticityFlag, str]]] = defaultdict(list)
    for flag in flags:
        found[flag.problem_id].append((flag, sentence_of(flag, others)))
    return found


def _deferred(problems: Sequence[Problem], sitting: uuid.UUID) -> dict[uuid.UUID, int]:
    """How often each was put off by an earlier sitting; ids rise with the time they are made."""
    rows = SittingCase.objects.filter(
        problem__in=problems, open=False, outcome="defer", sitting_id__lt=sitting
    )
    return dict(rows.values_list("problem_id").annotate(n=Count("pk")))
