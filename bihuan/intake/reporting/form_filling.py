"""A slice of the ledger as the rows of a superior's form, as far as the reader sees it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.documents.form_sheets import FormBook, fill_sheet
from bihuan.documents.form_tables import fill_table, word_grids
from bihuan.documents.forms import FormLayout
from bihuan.intake.extraction.columns import header_of
from bihuan.intake.reporting.form_columns import FormColumn, proposed_columns, written
from bihuan.journal.action import Refused
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Finding, FindingLink, Involvement, InvolvementRole, Problem, Term, TermKind
from bihuan.ledger.models.problems import NO_DEADLINE

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from bihuan.documents.forms import FormGrid, Value

MOST_ROWS: Final = 5_000
CHUNK: Final = 500
RELATED: Final = (
    "source", "sector", "lead_unit", "sector_authority", "territorial_unit", "sponsor", "batch",
)  # fmt: skip
TERMS: Final = {
    "nature": TermKind.NATURE,
    "impact": TermKind.IMPACT,
    "urgency": TermKind.URGENCY,
    "grade": TermKind.GRADE,
    "level": TermKind.SUPERVISION_LEVEL,
    "kind": TermKind.RECTIFICATION_KIND,
}


def read_form(content: bytes, kind: str, name: str) -> tuple[FormLayout, list[FormColumn]]:
    """Where a form's table is and what its columns ask for; the table whose header says most is the one."""
    best: tuple[float, FormLayout, FormGrid] | None = None
    for at, grid in enumerate(grids_of(content, kind, name)):
        found = header_of(grid.merged)
        if found is None:
            continue
        score = sum(column.confidence for column in found.columns)
        if best is None or score > best[0]:
            best = score, grid.layout(at, found.first + 1, found.last + 1), grid
    if best is None:
        raise Refused(
            _("“%(file)s”里没有找到表头。") % {"file": name},
            accepted=_("表里要有“问题”一类的列，以及“责任单位”“整改时限”等列。"),
            field="file",
        )
    return best[1], proposed_columns(best[2], best[1])


def grids_of(content: bytes, kind: str, name: str) -> list[FormGrid]:
    """The sheets or tables of a form."""
    return FormBook(content, name).grids() if kind == "xlsx" else word_grids(content, name)


def filled(
    content: bytes, kind: str, layout: FormLayout, columns: Sequence[FormColumn], problems: QuerySet[Problem]
) -> tuple[bytes, int]:
    """The form with a row a problem, and how many those are. `problems` is what the reader sees, in order."""
    wanted = [column for column in columns if column.fact]
    if not wanted:
        raise Refused(_("还没有说明任何一列填什么。"), accepted=_("请先对列。"))
    rows: list[dict[int, Value]] = []
    for serial, facts in enumerate(facts_of(problems), start=1):
        if serial > MOST_ROWS:
            raise Refused(
                _("一次最多填 %(most)s 行。") % {"most": MOST_ROWS},
                accepted=_("请用条件缩小范围，分几次填。"),
            )
        facts["serial"] = serial
        rows.append({column.index: written(facts.get(column.fact), column) for column in wanted})
    fill = fill_sheet if kind == "xlsx" else fill_table
    return fill(content, layout, rows), len(rows)


def facts_of(problems: QuerySet[Problem]) -> Iterator[dict[str, Any]]:
    """The facts of each problem, read by the five hundred."""
    labels = {(term.kind, term.code): term.label for term in Term.objects.all()}
    rows = problems.select_related(*RELATED)
    held: list[Problem] = []
    for problem in rows.iterator(chunk_size=CHUNK):
        held.append(problem)
        if len(held) == CHUNK:
            yield from _facts(held, labels)
            held = []
    yield from _facts(held, labels)


def _facts(problems: Sequence[Problem], labels: Mapping[tuple[str, str], str]) -> Iterator[dict[str, Any]]:
    findings = _findings_of(problems)
    supporting = _supporting_of(problems)
    for problem in problems:
        own = findings[problem.pk]
        named = {fact: labels.get((kind, _code(problem, fact)), "") for fact, kind in TERMS.items()}
        yield {
            **named,
            "problem_no": problem.problem_no,
            "source_no": _joined(finding.source_no for finding in own),
            "finding": "\n".join(finding.text for finding in own) or problem.text,
            "determination": _joined(finding.determination for finding in own),
            "text": problem.text,
            "title": problem.title,
            "source": problem.source.label,
            "batch": problem.batch.title if problem.batch else "",
            "source_authority": problem.batch.source_authority if problem.batch else "",
            "sector": problem.sector.label,
            "lead_unit": _name(problem.lead_unit),
            "supporting_units": _joined(supporting[problem.pk]),
            "sector_authority": _name(problem.sector_authority),
            "territorial_unit": _name(problem.territorial_unit),
            "sponsor": _name(problem.sponsor),
            "deadline": None
            if problem.external_deadline.isoformat() == NO_DEADLINE
            else problem.external_deadline,
            "found_on": problem.registered_on,
            "assigned_on": problem.assigned_on,
            "closed_on": problem.closed_on,
            "amount": problem.amount,
            "goal": _goal(problem),
            "measures": problem.proposed_handling,
            "basis": problem.basis,
            "state": STATE_WORDS[State(problem.state)].zh,
            "closed": problem.state == State.CLOSED,
            "progress": f"{problem.progress}%",
            "reason": problem.reason_unfinished,
            "next_step": problem.next_step,
            "site": problem.site,
            "concerned_party": problem.concerned_party,
        }


def _code(problem: Problem, fact: str) -> str:
    names = {"level": "supervision_level", "kind": "rectification_kind"}
    return str(getattr(problem, names.get(fact, fact)))


def _findings_of(problems: Sequence[Problem]) -> dict[uuid.UUID, list[Finding]]:
    found: dict[uuid.UUID, list[Finding]] = defaultdict(list)
    links = FindingLink.objects.filter(problem__in=problems).select_related("finding")
    for link in links.order_by("finding__ordinal"):
        found[link.problem_id].append(link.finding)
    return found


def _supporting_of(problems: Sequence[Problem]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = Involvement.objects.filter(
        problem__in=problems, role=InvolvementRole.SUPPORTING, until=None, unit__isnull=False
    )
    for problem, name in rows.order_by("unit__path").values_list("problem_id", "unit__name"):
        found[problem].append(name)
    return found


def _goal(problem: Problem) -> str:
    parts = (problem.goal_indicator, problem.goal_baseline, problem.goal_target)
    indicator, baseline, target = parts
    return f"{indicator}：{baseline} → {target}" if indicator and target else indicator


def _name(one: Any) -> str:
    return str(one.name) if one is not None else ""


def _joined(words: Any) -> str:
    return "、".join(dict.fromkeys(word for word in words if word))
