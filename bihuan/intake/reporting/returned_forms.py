"""A form that came back from a superior: read by its own columns and laid beside what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.intake.models import ReportingForm
from bihuan.intake.reporting.form_columns import FormColumn
from bihuan.ledger.models import FindingLink

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bihuan.intake.imports.running import ImportRow

# What may be taken over from a superior's return; the rest of a form is what we reported ourselves.
READ: Final = {
    "text": "text", "title": "title", "basis": "basis", "site": "site", "concerned_party": "concerned_party", "reason": "reason",
    "amount": "amount", "nature": "nature", "impact": "impact", "urgency": "urgency", "kind": "kind", "sector": "sector",
    "next_step": "next_step", "determination": "determination",
}  # fmt: skip
DETERMINATION: Final = "determination"


def _columns(form: ReportingForm) -> list[FormColumn]:
    version = form.versions.get(number=form.version)
    return [FormColumn.from_plain(plain) for plain in version.columns]


def read_by(form: ReportingForm) -> dict[str, str]:
    """Header -> fact, for reading. Our own number pairs rows best; without it the source's does, else the words.

    What a form quotes of the finding pairs rows too, and is never taken over.
    """
    columns = _columns(form)
    facts = {column.fact for column in columns}
    number = "problem_no" if "problem_no" in facts else "source_no"
    words = "text" if "text" in facts else "title" if "title" in facts else "finding"
    known: dict[str, str] = {}
    for column in columns:
        fact = READ.get(column.fact, "")
        if column.fact == number:
            fact = "source_no"
        elif column.fact == words:
            fact = "text"
        known[column.header.split(" / ")[-1]] = fact
    return known


def comparable(form: ReportingForm) -> list[str]:
    """The facts of the form a person may take over."""
    facts = {column.fact for column in _columns(form)} & READ.keys()
    # Words that only paired the row are not compared: the form may quote the source where we say it in our own words.
    return sorted(facts if "text" in facts else facts - {"title"})


def determinations(rows: Sequence[tuple[uuid.UUID, ImportRow]]) -> dict[uuid.UUID, tuple[str, str]]:
    """Problem -> the verdict that stands and the one written in the form, where it was raised by one finding alone."""
    written = {
        problem: str(row.more[DETERMINATION]).strip() for problem, row in rows if row.more.get(DETERMINATION)
    }
    held: dict[uuid.UUID, list[str]] = {}
    links = FindingLink.objects.filter(problem__in=list(written))
    for problem, verdict in links.values_list("problem_id", "finding__determination"):
        held.setdefault(problem, []).append(verdict)
    return {
        problem: (held[problem][0], words)
        for problem, words in written.items()
        if len(held.get(problem, ())) == 1 and held[problem][0] != words
    }
