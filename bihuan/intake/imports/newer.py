"""A newer version of a ledger beside what it brought before: rows sorted into new, changed, conflicting, likely, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bihuan.intake.imports import differing, matching, staging
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.intake.reporting import returned_forms
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from bihuan.intake.imports.matching import Matches, Seen, Standing

Group = StagedRow.Group


def sort_rows(run: ImportRun, seen: Sequence[Seen], standing: Standing) -> bool:
    """Say of every row laid out what it is to the ledger. False where likeness was not looked for."""
    matches = matching.by_words(seen, standing)
    alone = [row for row in seen if row.n not in matches.certain]
    left = {problem for problem in standing.problems if problem not in matches.taken}
    numbered = [row for row in alone if row.number in standing.by_number]
    texts = _texts_of(left) if alone and len(left) <= matching.MOST_COMPARED else {}
    for bundle in _bundles(run, numbered):
        wanted = {one for row, _words in bundle for one in standing.by_number[row.number]} & left
        matching.by_number(bundle, standing, matches, texts or matching.texts_of(wanted))
    looked = _look_for_likeness(run, alone, matches, texts)
    _write(run, matches)
    if run.form is None:
        proposed = set(matches.likely.values())
        gone = [one for one in standing.problems if one not in matches.taken and one not in proposed]
        lay_out_gone(run, gone)
    return looked


def _look_for_likeness(
    run: ImportRun, alone: Sequence[Seen], matches: Matches, texts: Mapping[uuid.UUID, str]
) -> bool:
    rest = [row for row in alone if row.n not in matches.certain]
    if not rest or all(problem in matches.taken for problem in texts):
        return True
    if len(rest) > matching.MOST_COMPARED or not texts:
        return False
    pairs = [pair for bundle in _bundles(run, rest) for pair in bundle]
    return matching.by_likeness(pairs, matches, texts)


def _texts_of(problems: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    return matching.texts_of(problems)


def _bundles(run: ImportRun, rows: Sequence[Seen]) -> Iterator[list[tuple[Seen, str]]]:
    """Rows with their words, read again by the thousand."""
    for start in range(0, len(rows), staging.BLOCK):
        part = {row.n: row for row in rows[start : start + staging.BLOCK]}
        laid = StagedRow.objects.filter(run=run, n__in=list(part), group=Group.NEW)
        yield [(part[one.n], staging.row_of(one).text) for one in laid]


def _write(run: ImportRun, matches: Matches) -> None:
    for numbers in _parts(sorted(matches.likely)):
        laid = list(StagedRow.objects.filter(run=run, n__in=numbers))
        for one in laid:
            one.group, one.problem = Group.LIKELY, matches.likely[one.n]
        StagedRow.objects.bulk_update(laid, ["group", "problem"])
    for numbers in _parts(sorted(matches.certain)):
        laid = list(StagedRow.objects.filter(run=run, n__in=numbers))
        for one in laid:
            one.problem = matches.certain[one.n]
        compare(run, laid)


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), staging.BLOCK):
        yield numbers[start : start + staging.BLOCK]


def compare(run: ImportRun, laid: Sequence[StagedRow]) -> None:
    """Rows that are known to be a problem, cell by cell; their groups follow."""
    wanted = [one.problem for one in laid if one.problem is not None]
    problems = Problem.objects.in_bulk(wanted)
    bases = differing.bases_of(wanted) if run.form is None else {}
    read = {one.problem: staging.row_of(one) for one in laid if one.problem is not None}
    verdicts = returned_forms.determinations(list(read.items())) if run.form else {}
    sectors = differing.sector_ids()
    for one in laid:
        problem = problems.get(one.problem)
        if problem is None:
            one.group, one.problem = Group.NEW, None
            continue
        theirs = differing.as_columns(read[problem.pk], _facts(run, one), sectors, run.batch.deadline)
        # What a form brings back is set beside what stands: it was filled from here, so there is no third value.
        base = differing.now_of(problem) if run.form else bases.get(problem.pk, {})
        cells = differing.cells_between(theirs, problem, base)
        if problem.pk in verdicts:
            ours, said = verdicts[problem.pk]
            cells.append(differing.Cell(returned_forms.DETERMINATION, "change", ours, ours, said))
        one.cells = [cell.plain for cell in cells]
        one.group = group_of([cell.kind for cell in cells])
    StagedRow.objects.bulk_update(laid, ["group", "problem", "cells"])


def group_of(kinds: Sequence[str]) -> Group:
    """What a row is by the cells that differ."""
    if "conflict" in kinds:
        return Group.CONFLICT
    return Group.CHANGED if kinds else Group.UNCHANGED


def _facts(run: ImportRun, one: StagedRow) -> list[str]:
    """The facts the row's sheet has columns for; of a form those that may be taken over."""
    if run.form is not None:
        return returned_forms.comparable(run.form)
    name = one.place.rpartition("!")[0]
    sheet: dict[str, Any] = next((sheet for sheet in run.sheets if sheet["name"] == name), run.sheets[0])
    return [fact for _header, fact, *_percent in sheet["columns"]]


def lay_out_gone(run: ImportRun, problems: Sequence[uuid.UUID]) -> None:
    """Problems the newer ledger does not hold, behind its rows."""
    last = StagedRow.objects.filter(run=run).order_by("-n").values_list("n", flat=True).first()
    start = 0 if last is None else last + 1
    for at in range(0, len(problems), staging.BLOCK):
        part = problems[at : at + staging.BLOCK]
        StagedRow.objects.bulk_create(
            [
                StagedRow(run=run, n=n, place="", group=Group.GONE, problem=problem)
                for n, problem in enumerate(part, start=start + at)
            ]
        )
