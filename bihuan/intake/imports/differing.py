"""A row of a newer ledger beside the problem it is: what the file changed, and what was changed here meanwhile.

Three values meet in a cell: what the last import brought (`base`, which the journal remembers), what stands here now,
and what the file says. A file that says what it said before changes nothing, whatever happened here since; where both
sides moved apart there is a conflict. Dates, units and states have procedures of their own: they are shown, and no
import moves them, for that would make up an approval.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.encoding import encode
from bihuan.journal.models import Payload
from bihuan.journal.records import fields_by_attname
from bihuan.journal.vault import content_of
from bihuan.ledger.models import Problem, Sector
from bihuan.ledger.models.problems import NO_DEADLINE

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bihuan.intake.imports.running import ImportRow

# Fact of the file -> column of the problem.
TEXTS: Final = {
    "text": "text",
    "title": "title",
    "basis": "basis",
    "site": "site",
    "concerned_party": "concerned_party",
    "reason": "reason_unfinished",
    "next_step": "next_step",
    "amount": "amount",
}
CODED: Final = {
    "nature": "nature",
    "impact": "impact",
    "urgency": "urgency",
    "kind": "rectification_kind",
    "sector": "sector_id",
}
# These have verbs with approvals of their own.
PROCEDURES: Final = {
    "state": "state",
    "lead_unit": "lead_unit_id",
    "deadline": "external_deadline",
    "closed_on": "closed_on",
}
_MORE: Final = tuple(name for name in TEXTS.values() if name not in {"text", "title"})
COLUMNS: Final = {**TEXTS, **CODED, **PROCEDURES}
IMPORTED: Final = (IntakeVerb.IMPORT_ROWS.value, IntakeVerb.APPLY_CHANGES.value)
EVENTS: Final = """
SELECT stream, body->'changes', body->'sealed'->>'payload' FROM journal_event
WHERE stream = ANY(%s::uuid[]) AND verb = ANY(%s) ORDER BY stream, seq
"""
UNKNOWN: Final = object()


@dataclass(frozen=True)
class Cell:
    """A cell that differs; values as the journal spells them. `kind`: change, conflict or procedure."""

    column: str
    kind: str
    base: Any
    ours: Any
    theirs: Any

    @property
    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def as_columns(
    row: ImportRow, facts: Iterable[str], sectors: Mapping[str, uuid.UUID], deadline: date | None
) -> dict[str, Any]:
    """The columns a row speaks of, spelt as the journal spells them; an emptied cell speaks, a missing column does not.

    `facts` are those its sheet has columns for; `deadline` holds for the whole batch where a row gives none.
    """
    due = row.deadline or deadline
    values = {
        "text": row.text,
        "title": row.title,
        "nature": row.nature,
        "impact": row.impact,
        "urgency": row.urgency,
        "rectification_kind": row.kind,
        "sector_id": sectors[row.sector],
        "state": row.state,
        "lead_unit_id": row.lead_unit,
        "external_deadline": due or NO_DEADLINE,
        "closed_on": row.closed_on,
        **{name: row.more.get(name, None if name == "amount" else "") for name in _MORE},
    }
    spoken = {COLUMNS[name] for name in facts if name in COLUMNS}
    spoken -= {column for name, column in CODED.items() if name not in row.given}
    if "text" in spoken:
        spoken.add("title")
    fields = fields_by_attname(Problem)
    return {
        name: encode(fields[name], fields[name].to_python(value))
        for name, value in values.items()
        if name in spoken
    }


def cells_between(theirs: Mapping[str, Any], problem: Problem, base: Mapping[str, Any]) -> list[Cell]:
    """Every cell in which the file moved away from what it said before."""
    fields = fields_by_attname(Problem)
    cells = []
    for name, value in theirs.items():
        ours = encode(fields[name], getattr(problem, name))
        before = base.get(name, UNKNOWN)
        if value in (ours, before):
            continue
        moved = "change" if before == ours else "conflict"
        kind = "procedure" if name in PROCEDURES.values() else moved
        cells.append(Cell(name, kind, None if before is UNKNOWN else before, ours, value))
    return cells


def now_of(problem: Problem) -> dict[str, Any]:
    """What stands now, spelt as the journal spells it."""
    fields = fields_by_attname(Problem)
    return {name: encode(fields[name], getattr(problem, name)) for name in COLUMNS.values()}


def bases_of(problems: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """What the last import brought into each problem, from the journal. What was expunged is not known any more."""
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [list(problems), list(IMPORTED)])
        events = cursor.fetchall()
    contents = _contents([payload for _stream, _changes, payload in events if payload])
    bases: dict[uuid.UUID, dict[str, Any]] = {}
    for stream, changes, payload in events:
        base = bases.setdefault(stream, _defaults())
        key = f"{Problem._meta.label_lower}:{stream}"
        changed = _loaded(changes).get(key, {})
        base.update({name: after for name, (_before, after) in changed.items()})
        base.update(contents.get(payload, {}).get(key, {}))
    return bases


def _loaded(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else dict(value)


def _contents(payloads: Iterable[str]) -> dict[str, dict[str, Any]]:
    rows = Payload.objects.filter(pk__in=list(payloads))
    return {str(row.pk): (content_of(row) or {}).get("rows", {}) for row in rows}


def _defaults() -> dict[str, Any]:
    """A new row's event does not mention what was left empty."""
    fields = fields_by_attname(Problem)
    blank = Problem()
    names = set(COLUMNS.values()) - {"text", "title"}
    return {name: encode(fields[name], getattr(blank, name)) for name in names}


def sector_ids() -> dict[str, uuid.UUID]:
    """Code -> id."""
    return dict(Sector.objects.values_list("code", "pk"))
