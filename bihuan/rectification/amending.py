"""What of the old plan lives on in the amended one."""

from __future__ import annotations

from bihuan.journal.action import current
from bihuan.rectification.models import EvidenceUse, Measure, Plan


def carry_over(plan: Plan) -> None:
    """Inside a reaction: the old plan is replaced; measures that go on keep progress, hands and proofs."""
    if plan.replaces is not None:
        old = plan.replaces
        current().lock([old])
        old.state = Plan.State.REPLACED
        old.save()
    continued = list(Measure.objects.filter(plan=plan, continues__isnull=False).select_related("continues"))
    for measure in continued:
        before = measure.continues
        if before is None or before.plan_id != plan.replaces_id:
            continue
        measure.progress, measure.state = before.progress, before.state
        measure.implemented_by = list(before.implemented_by)
        measure.handed_down_by = before.handed_down_by
    Measure.objects.save_all(continued)
    _carry_proofs(continued)


def _carry_proofs(measures: list[Measure]) -> None:
    successor = {measure.continues_id: measure for measure in measures}
    uses = EvidenceUse.objects.filter(measure__in=[one for one in successor if one]).select_related(
        "evidence"
    )
    EvidenceUse.objects.bulk_create(
        [EvidenceUse(evidence=use.evidence, measure=successor[use.measure_id]) for use in uses]
    )
