"""Which earlier reports a report's words stand in: keys of equal words fetch a few by index, the words decide.

The mechanism is that of duplicates (`bihuan.text.sameness`); only the dates are taken out first, for they are what is
changed where a report is copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef

from bihuan.authenticity.facts import Copy
from bihuan.authenticity.models import ReportedWords
from bihuan.rectification.models import ProgressReport
from bihuan.text.promises import copied_share, undated
from bihuan.text.sameness import signature_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bihuan.ledger.models import Problem

FETCHED: Final = 60
MOST_SAID: Final = 2000
"""Characters that are compared; who writes more in a report has said it by then."""
BLOCK: Final = 500


def remember(reports: Iterable[ProgressReport]) -> None:
    """Keep the keys of some reports; those that are kept already stay."""
    rows = [ReportedWords(report=report, signature=_signature(report)) for report in reports]
    ReportedWords.objects.bulk_create(rows, ignore_conflicts=True)


def remember_missing() -> int:
    """Keep the keys of reports that have none yet, a block at a time; how many."""
    kept = ReportedWords.objects.filter(report=OuterRef("pk"))
    missing = list(ProgressReport.objects.filter(~Exists(kept)).order_by("id")[:BLOCK])
    remember(missing)
    return len(missing)


def _signature(report: ProgressReport) -> list[int]:
    return signature_of(undated(report.facts[:MOST_SAID]))


def copies_of(problem: Problem, reports: Iterable[ProgressReport]) -> Iterator[Copy]:
    """For each report of a round: the earlier ones, of this problem or any other, whose words it shares most."""
    for report in reports:
        signature = _signature(report)
        keyed = ReportedWords.objects.filter(signature__overlap=signature, report__lt=report.pk)
        ids = keyed.order_by("-report")[:FETCHED].values("report") if signature else []
        others = ProgressReport.objects.filter(pk__in=ids).select_related("problem")
        for other in others:
            share = round(100 * copied_share(report.facts[:MOST_SAID], other.facts[:MOST_SAID]))
            if share:
                yield Copy(
                    report=report.pk,
                    other=other.pk,
                    other_problem=other.problem_id,
                    other_on=other.on,
                    share=share,
                    own_unit=other.problem.lead_unit_id == problem.lead_unit_id,
                )
