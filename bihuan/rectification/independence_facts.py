"""Who had which part in the work of a round, read from the rows, for the rule of `independence.py`."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.approvals.models import Step, StepState
from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from bihuan.journal.wording import joined
from bihuan.ledger.steps import doing_units
from bihuan.organizations.models import Tenure, Unit
from bihuan.organizations.remembering import remembered
from bihuan.organizations.spans import in_force
from bihuan.rectification.independence import Dependence, Judge, Part, Work, dependences_of
from bihuan.rectification.models import (
    Acceptance,
    AcceptanceLevel,
    AcceptancePanel,
    Evidence,
    EvidenceVersion,
    Extension,
    Measure,
    Panellist,
    Plan,
    ProgressReport,
    Suspension,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

PART_WORDS = {
    Part.PLANNER: gettext_lazy("编制了整改方案"),
    Part.IMPLEMENTER: gettext_lazy("承办过整改或报告过进展"),
    Part.EVIDENCE_AUTHOR: gettext_lazy("上传了佐证材料"),
    Part.APPLICANT: gettext_lazy("提请了验收、延期或中止"),
    Part.APPROVER: gettext_lazy("审批过方案、延期或中止"),
    Part.RECORDER: gettext_lazy("登记或复核过纸面审批"),
}


@remembered
def work_of(problem: Problem) -> Work:
    """Everybody who had a part in the present round, and the units that do the work today."""
    steps = _steps(problem)
    parts = {
        Part.PLANNER: _persons(_of(Plan, problem), "planned_by", "planned_principal"),
        Part.IMPLEMENTER: _implementers(problem),
        Part.EVIDENCE_AUTHOR: _provers(problem),
        Part.APPLICANT: _persons(_of(Acceptance, problem), "applied_by", "applied_principal")
        | _persons(_of(Extension, problem), "asked_by", "asked_principal")
        | _persons(_of(Suspension, problem), "asked_by", "asked_principal"),
        Part.APPROVER: _flat((step.decided_by, step.decided_for) for step in steps),
        Part.RECORDER: _flat((step.recorded_by, step.confirmed_by) for step in steps),
    }
    return Work(
        persons={part: persons for part, persons in parts.items() if persons},
        doing_paths=tuple(doing_paths(problem)),
        accepted_last_round=_acceptors_of(problem, problem.round - 1),
    )


def doing_paths(problem: Problem) -> list[str]:
    """Where the units stand that do the work today; the lead unit even before anything was assigned to it."""
    paths = {unit.path for unit in doing_units(problem)}
    if problem.lead_unit is not None:
        paths.add(problem.lead_unit.path)
    return sorted(paths)


def _of(model: type, problem: Problem) -> Iterable[object]:
    return model._base_manager.filter(problem=problem, round=problem.round)  # type: ignore[attr-defined, no-any-return]


def _persons(rows: Iterable[object], *names: str) -> frozenset[uuid.UUID]:
    return _flat(tuple(getattr(row, name) for name in names) for row in rows)


def _flat(rows: Iterable[Iterable[uuid.UUID | None]]) -> frozenset[uuid.UUID]:
    return frozenset(person for row in rows for person in row if person is not None)


def _provers(problem: Problem) -> frozenset[uuid.UUID]:
    """Who handed in the round's proofs, those a corrected file replaced among them."""
    rows = Evidence.objects.filter(problem=problem, round=problem.round).annotate(
        before=ArrayAgg("versions__author", filter=Q(versions__isnull=False), default=[]),
        before_for=ArrayAgg(
            "versions__author_principal", filter=Q(versions__author_principal__isnull=False), default=[]
        ),
    )
    return _flat((row.author, row.author_principal, *row.before, *row.before_for) for row in rows)


def _implementers(problem: Problem) -> frozenset[uuid.UUID]:
    """Who reported, who handled a measure, who sits in the post a measure or the problem was given to."""
    measures = list(Measure.objects.filter(plan__problem=problem, plan__round=problem.round))
    posts = {measure.post_id for measure in measures} | {problem.handler_id}
    holders = Tenure.objects.filter(in_force(today()), post__in=[post for post in posts if post])
    return (
        _persons(_of(ProgressReport, problem), "reported_by", "reported_principal")
        | frozenset(uuid.UUID(person) for measure in measures for person in measure.implemented_by)
        | _flat([measure.handed_down_by] for measure in measures)
        | frozenset(holders.values_list("person_id", flat=True))
    )


def _steps(problem: Problem) -> list[Step]:
    """The decided steps of the round's plans, extensions and suspensions."""
    asked: list[uuid.UUID | None] = []
    for model in (Plan, Extension, Suspension):
        asked += [getattr(row, "approval_id", None) for row in _of(model, problem)]
    found = Step.objects.filter(approval__in=[one for one in asked if one])
    return list(found.filter(state__in=[StepState.DONE, StepState.RETURNED, StepState.TO_CONFIRM]))


@remembered
def accepted_by(problem: Problem) -> frozenset[uuid.UUID]:
    """Who accepted the work of the present round."""
    return _acceptors_of(problem, problem.round)


def _acceptors_of(problem: Problem, number: int) -> frozenset[uuid.UUID]:
    rows = Acceptance.objects.filter(problem=problem, round=number, state=Acceptance.State.ACCEPTED)
    found = list(rows.annotate(signers=SIGNERS))
    below = AcceptanceLevel.objects.filter(acceptance__in=found) if found else ()
    return _flat((row.acceptor, row.acceptor_principal, *row.signers) for row in found) | _persons(
        below, "acceptor", "acceptor_principal"
    )


SIGNERS: Final = ArrayAgg(
    "panels__members__person",
    filter=Q(panels__state=AcceptancePanel.State.CONCLUDED, panels__members__state=Panellist.State.SIGNED),
    default=[],
)
"""Of an acceptance: who signed in its panel. Whoever joined in the verdict counts as having accepted."""


def parts_in(persons: Iterable[uuid.UUID], problems: Iterable[Problem]) -> dict[uuid.UUID, set[Part]]:
    """Problem -> the parts these persons had in the work of its present round, for many problems at once.

    Planned, implemented, proved, applied: what `work_of` tells of one problem; approving a plan is no part in it here.
    """
    who, rounds = list(persons), {problem.pk: problem.round for problem in problems}
    posts = list(Tenure.objects.filter(in_force(today()), person__in=who).values_list("post_id", flat=True))
    found: dict[uuid.UUID, set[Part]] = defaultdict(set)
    for part, rows in (
        (Part.PLANNER, _by(who, Plan, rounds, "planned_by", "planned_principal")),
        (Part.IMPLEMENTER, _by(who, ProgressReport, rounds, "reported_by", "reported_principal")),
        (Part.EVIDENCE_AUTHOR, _by(who, Evidence, rounds, "author", "author_principal")),
        (Part.EVIDENCE_AUTHOR, _replaced_by_others(who, rounds)),
        (Part.APPLICANT, _by(who, Acceptance, rounds, "applied_by", "applied_principal")),
        (Part.APPLICANT, _by(who, Extension, rounds, "asked_by", "asked_principal")),
        (Part.APPLICANT, _by(who, Suspension, rounds, "asked_by", "asked_principal")),
        (Part.IMPLEMENTER, _measures_by(who, posts, rounds)),
    ):
        for pk, number in rows:
            if rounds[pk] == number:
                found[pk].add(part)
    for problem in problems:
        if problem.handler_id in posts:
            found[problem.pk].add(Part.IMPLEMENTER)
    return dict(found)


def accepted_in(persons: Iterable[uuid.UUID], problems: Iterable[Problem]) -> set[uuid.UUID]:
    """Those of the problems whose present round one of these persons accepted."""
    rounds = {problem.pk: problem.round for problem in problems}
    accepted = Acceptance.objects.filter(state=Acceptance.State.ACCEPTED)
    who = list(persons)
    rows = [*_by(who, Acceptance, rounds, "acceptor", "acceptor_principal", among=accepted)]
    signed = Panellist.objects.filter(
        person__in=who,
        state=Panellist.State.SIGNED,
        panel__problem__in=list(rounds),
        panel__acceptance__state=Acceptance.State.ACCEPTED,
    )
    rows += signed.values_list("panel__problem_id", "panel__round")
    below = AcceptanceLevel.objects.filter(
        Q(acceptor__in=who) | Q(acceptor_principal__in=who),
        acceptance__problem__in=list(rounds),
        acceptance__state=Acceptance.State.ACCEPTED,
    )
    rows += below.values_list("acceptance__problem_id", "acceptance__round")
    return {problem for problem, number in rows if rounds[problem] == number}


def _by(
    persons: list[uuid.UUID],
    model: type,
    rounds: Mapping[uuid.UUID, int],
    *names: str,
    among: QuerySet[Any] | None = None,
) -> Iterable[tuple[uuid.UUID, int]]:
    """Problem and round of the rows that name one of the persons."""
    named = Q()
    for name in names:
        named |= Q(**{f"{name}__in": persons})
    rows = model._base_manager.all() if among is None else among  # type: ignore[attr-defined]
    return rows.filter(named, problem__in=list(rounds)).values_list("problem_id", "round")


def _replaced_by_others(
    persons: list[uuid.UUID], rounds: Mapping[uuid.UUID, int]
) -> Iterable[tuple[uuid.UUID, int]]:
    """Problem and round of the earlier versions of proofs that one of the persons handed in."""
    named = Q(author__in=persons) | Q(author_principal__in=persons)
    rows = EvidenceVersion.objects.filter(named, evidence__problem__in=list(rounds))
    return rows.values_list("evidence__problem_id", "evidence__round")  # type: ignore[no-any-return]


def _measures_by(
    persons: list[uuid.UUID], posts: list[uuid.UUID], rounds: Mapping[uuid.UUID, int]
) -> Iterable[tuple[uuid.UUID, int]]:
    named = Q(handed_down_by__in=persons) | Q(post__in=posts)
    for person in persons:
        named |= Q(implemented_by__contains=[str(person)])
    rows = Measure.objects.filter(named, plan__problem__in=list(rounds))
    return rows.values_list("plan__problem_id", "plan__round")  # type: ignore[no-any-return]


def judge_of(actor: Actor, unit: Unit) -> Judge:
    """The actor as the rule sees them."""
    if actor.person is None:
        raise Refused(_("验收要由具体的人作出。"))
    return Judge(actor.person, actor.on_behalf_of, unit.path)


def refuse_dependent(actor: Actor, unit: Unit, work: Work) -> None:
    """One refusal with every reason, so that the actor knows whom to ask instead."""
    found = dependences_of(judge_of(actor, unit), work)
    if found:
        raise Refused(
            _("您不能验收这个问题：%(reasons)s。") % {"reasons": joined(said(one) for one in found)},
            accepted=_(
                "由整改各方以外、未参与本轮整改的验收人办理；本级没有的，由上级或其他地方的整改办交叉验收。"
            ),
            independence=[
                one.part.value if one.part else "unit" if one.under else "judged_before" for one in found
            ],
        )


def said_of(dependence: Dependence) -> str:
    """One reason against somebody else in words."""
    if dependence.part is not None:
        return str(PART_WORDS[dependence.part])
    if dependence.judged_before:
        return _("上一轮由其验收通过，反弹后应换人验收")
    unit = Unit.objects.filter(path=dependence.under).first()
    return _("单位隶属于承担整改的%(unit)s") % {"unit": unit.name if unit else _("单位")}


def said(dependence: Dependence) -> str:
    """One reason in words."""
    if dependence.part is not None:
        return _("您或您代理的人%(part)s") % {"part": PART_WORDS[dependence.part]}
    if dependence.judged_before:
        return _("上一轮是您验收通过的，反弹后应换人验收")
    unit = Unit.objects.filter(path=dependence.under).first()
    return _("您的单位隶属于承担整改的%(unit)s") % {"unit": unit.name if unit else _("单位")}
