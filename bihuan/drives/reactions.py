"""What a unit reported of itself is marked so when the office confirms it."""

from __future__ import annotations

from bihuan.drives.models import DriveLine
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.models import Problem


@reacts_to(IntakeVerb.CONFIRM_CANDIDATES)
def mark_self_reported(happened: Happened) -> None:
    """It counts in the unit's favour later, but only for the unit that reported it."""
    for document in happened.of(IntakeDocument):
        lines = DriveLine.objects.filter(drive__batch=document.batch_id).select_related("unit")
        line = next((line for line in lines if str(document.pk) in line.documents), None)
        if line is None:
            continue
        ids = Candidate.objects.filter(document=document, problem__isnull=False).values_list(
            "problem", flat=True
        )
        own = [
            problem
            for problem in happened.of(Problem)
            if problem.pk in set(ids) and problem.lead_unit_id == line.unit_id
        ]
        for problem in own:
            problem.self_reported = True
            problem.save()
