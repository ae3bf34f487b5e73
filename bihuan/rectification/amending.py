"""What of the old plan lives on in the amended one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused, current
from bihuan.journal.wording import listed
from bihuan.rectification.measures import measures_of
from bihuan.rectification.models import EvidenceUse, Measure, Plan
from bihuan.rectification.plan_versions import continued_in, place_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from bihuan.ledger.models import Problem
    from bihuan.rectification.plan_trees import Numbered


def refuse_dropped_tasks(problem: Problem, standing: Plan | None, rows: Iterable[Numbered]) -> None:
    """What was handed down is somebody else's task already: it cannot be left out while what it serves goes on."""
    measures = {one.pk: one for one in measures_of(standing)}
    way = continued_in(problem.pk) if measures else {}
    kept = {ancestor_in(measures, row.draft.continues, way) for row in rows}
    dropped = [
        one
        for one in measures.values()
        if one.handed_down_by is not None and one.pk not in kept and one.parent_id in kept
    ]
    if dropped:
        names = listed(
            _("第 %(number)s 条（%(unit)s）") % {"number": one.number, "unit": one.unit.name}
            for one in sorted(dropped, key=lambda one: place_of(one.number))
        )
        raise Refused(
            _("已经交下去的任务不能从方案里略去：%(names)s。") % {"names": names},
            accepted=_("请保留这些任务，或先由承接单位退回；整条措施取消的，连同它上面的措施一起删去。"),
            field="measures",
            dropped=[str(one.pk) for one in dropped],
        )


def ancestor_in(
    measures: Mapping[uuid.UUID, Measure],
    measure: uuid.UUID | None,
    way: Mapping[uuid.UUID, uuid.UUID | None],
) -> uuid.UUID | None:
    """Which of some measures another one carries on, over versions that were sent back in between."""
    while measure is not None and measure not in measures:
        measure = way.get(measure)
    return measure


def carry_over(plan: Plan) -> None:
    """Inside a reaction: the old plan is replaced; measures that go on keep progress, hands, proofs and tasks below."""
    if plan.replaces is None:
        return
    old = plan.replaces
    current().lock([old])
    standing = {one.pk: one for one in measures_of(old)}
    old.state = Plan.State.REPLACED
    old.save()
    way = continued_in(plan.problem_id)
    begun = timezone.localdate(old.approved_at) if old.approved_at else None
    successor: dict[uuid.UUID, Measure] = {}
    for measure in measures_of(plan):
        before = standing.get(ancestor_in(standing, measure.continues_id, way) or plan.pk)
        if before is None:
            continue
        successor[before.pk] = measure
        measure.progress, measure.state = before.progress, before.state
        measure.implemented_by = list(before.implemented_by)
        measure.handed_down_by, measure.begun_on = before.handed_down_by, before.begun_on or begun
    Measure.objects.save_all(list(successor.values()))
    successor |= _handed_down_meanwhile(plan, standing, successor)
    _carry_proofs(successor)


def _handed_down_meanwhile(
    plan: Plan, standing: Mapping[uuid.UUID, Measure], successor: Mapping[uuid.UUID, Measure]
) -> dict[uuid.UUID, Measure]:
    """Tasks handed down while the amendment was being decided: its writer could not name them, and they are not lost.

    Each stands under what its measure has become, due no later than that.
    """
    known, made = dict(successor), {}
    numbers = {one.number for one in measures_of(plan)}
    for one in sorted(standing.values(), key=lambda row: place_of(row.number)):
        parent = known.get(one.parent_id) if one.parent_id else None
        if one.pk in known or parent is None or one.handed_down_by is None:
            continue
        place = next(at for at in range(1, len(numbers) + 2) if f"{parent.number}.{at}" not in numbers)
        numbers.add(f"{parent.number}.{place}")
        made[one.pk] = known[one.pk] = Measure.objects.create(
            plan=plan,
            parent=parent,
            continues=one,
            handed_down_by=one.handed_down_by,
            number=f"{parent.number}.{place}",
            text=one.text,
            unit=one.unit,
            post=one.post,
            deadline=min(one.deadline, parent.deadline),
            deliverable=one.deliverable,
            progress=one.progress,
            state=one.state,
            implemented_by=list(one.implemented_by),
            begun_on=one.begun_on,
            milestones=[row for row in one.milestones if row[0] <= parent.deadline.isoformat()],
        )
    return made


def _carry_proofs(successor: Mapping[uuid.UUID, Measure]) -> None:
    uses = EvidenceUse.objects.filter(measure__in=list(successor)).select_related("evidence")
    cited = EvidenceUse.objects.filter(measure__in=[one.pk for one in successor.values()])
    there = set(cited.values_list("evidence_id", "measure_id"))
    EvidenceUse.objects.bulk_create(
        [
            EvidenceUse(evidence=use.evidence, measure=successor[use.measure_id])
            for use in uses
            if (use.evidence_id, successor[use.measure_id].pk) not in there
        ]
    )
