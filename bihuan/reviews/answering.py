"""A unit's answer: one act for the whole sheet, and in it each changed problem's ordinary progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.deadlines.judging import note_unit_words
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.models import Problem
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import UnitKind
from bihuan.rectification.models import ProgressReport
from bihuan.rectification.policy import may as may_work
from bihuan.rectification.reporting import Progress, Reporter, record_progress
from bihuan.rectification.verbs import Verb as Work
from bihuan.reviews.calling import remind_later
from bihuan.reviews.comparing import Entry, Written, compared, refuse_faulty
from bihuan.reviews.laying_out import settle_state
from bihuan.reviews.lines import Line, lines_of, read_key
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.notices import RETURNED, tell_heads, tell_units
from bihuan.reviews.policy import is_head, may_answer, may_pass
from bihuan.reviews.rules import OWING, PROGRESS, SHEET, Cell, times_unchanged
from bihuan.reviews.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

UNCHANGED: Final = "unchanged"
LATER: Final = "later"
Row = ReviewRow.State


@action(Verb.ANSWER, may=may_answer)
def answer_sheet(
    sheet: ReviewSheet, *, entries: Sequence[Entry], rest: str = UNCHANGED, actor: Actor
) -> None:
    """Report on the problems of a sheet. `rest`: lines nobody touched are unchanged, or are reported later."""
    _advance(sheet, Verb.ANSWER)
    if rest not in (UNCHANGED, LATER):
        raise Refused(_("没有这种报法。"), accepted=f"{UNCHANGED}, {LATER}", field="rest")
    refuse_marks_above("\n".join(text for entry in entries for text in entry.cells.values()))
    problems = _locked(sheet, entries)
    lines = lines_of(sheet, actor, at_hand=problems)
    written = compared(entries, lines)
    refuse_faulty(written)
    if sheet.review.head_passes and not is_head(actor):
        _prepare(sheet, entries, rest, actor)
        return
    sheet.prepared_by, sheet.prepared_for = None, None
    sheet.passed_by, sheet.passed_for = (actor.person, actor.on_behalf_of) if is_head(actor) else (None, None)
    _record(sheet, written, lines, rest=rest, actor=actor)


@action(Verb.PASS, may=may_pass)
def pass_sheet(sheet: ReviewSheet, *, actor: Actor) -> None:
    """Let a prepared answer pass, as it was handed in; who prepared it does not pass it."""
    if actor.person is None or sheet.prepared_by in (actor.person, actor.on_behalf_of):
        raise Refused(_("填表的人不能自己审定。"), accepted=_("请由单位另一位负责人审定。"))
    _advance(sheet, Verb.PASS)
    entries = [Entry(key=one["key"], cells=one["cells"]) for one in sheet.entries["entries"]]
    problems = _locked(sheet, entries)
    lines = lines_of(sheet, actor, at_hand=problems)
    written = compared(entries, lines)
    refuse_faulty(written)
    sheet.passed_by, sheet.passed_for = actor.person, actor.on_behalf_of
    reporter = Reporter(sheet.prepared_by, sheet.prepared_for) if sheet.prepared_by else None
    _record(sheet, written, lines, rest=sheet.entries["rest"], actor=actor, reporter=reporter)


@action(Verb.RETURN, may=may_pass)
def return_sheet(sheet: ReviewSheet, *, reason: str, actor: Actor) -> None:
    """The head sends a prepared answer back to be mended; what was written stays to be seen."""
    _advance(sheet, Verb.RETURN)
    refuse_marks_above(reason)
    sheet.returned_why = refuse_empty(reason, _("理由"))
    _settle_state(sheet)
    sheet.save()
    tell_units([sheet], RETURNED)


def _advance(sheet: ReviewSheet, verb: Verb) -> None:
    sheet.review.refresh_from_db(fields=["state"])
    if sheet.review.state != MonthlyReview.State.ISSUED:
        raise Refused(
            _("月调度“%(state)s”，不能这样办。") % {"state": sheet.review.get_state_display()},
            accepted=_("进展请在问题页报告。"),
        )
    if (sheet.state, verb) not in SHEET:
        raise Refused(
            _("调度表“%(state)s”，不能这样办。") % {"state": sheet.get_state_display()},
            accepted=_("请刷新后按现在的状态办理。"),
        )


def _locked(sheet: ReviewSheet, entries: Sequence[Entry]) -> dict[uuid.UUID, Problem]:
    """The problems the entries speak of, in the order of their ids, so that nobody writes to them meanwhile."""
    places = [read[0] for entry in entries if (read := read_key(entry.key)) is not None]
    rows = ReviewRow.objects.filter(sheet=sheet, pk__in={row for row, _measure in places})
    problems = list(Problem.objects.filter(pk__in=rows.values("problem")).select_related("lead_unit"))
    current().lock(problems)
    return {problem.pk: problem for problem in problems}


def _prepare(sheet: ReviewSheet, entries: Sequence[Entry], rest: str, actor: Actor) -> None:
    sheet.state = ReviewSheet.State.PREPARED
    sheet.entries = {
        "entries": [{"key": entry.key, "cells": dict(entry.cells)} for entry in entries],
        "rest": rest,
    }
    sheet.prepared_by, sheet.prepared_for = actor.person, actor.on_behalf_of
    sheet.passed_by, sheet.passed_for = None, None
    sheet.returned_why = ""
    sheet.save()
    tell_heads(sheet)


def _record(
    sheet: ReviewSheet,
    written: Sequence[Written],
    lines: Sequence[Line],
    *,
    rest: str,
    actor: Actor,
    reporter: Reporter | None = None,
) -> None:
    changed = [one for one in written if one.line is not None and one.touched]
    for ones in _by_problem(changed):
        _report(sheet, ones, actor, reporter)
    _settle_rows(sheet, lines, {one.line.row.pk for one in changed if one.line}, rest)
    day = sheet.due_on
    sheet.entries, sheet.returned_why = {}, ""
    sheet.answered_at = current().now
    _settle_state(sheet)
    if sheet.state not in OWING:
        sheet.next_reminder = None
    elif sheet.due_on != day:
        remind_later(sheet.review, [sheet])
    sheet.save()
    current().fact(sheet, changed=len(changed), rest=rest)


def _settle_state(sheet: ReviewSheet) -> None:
    settle_state(sheet, ReviewRow.objects.filter(sheet=sheet).order_by().values_list("state", "due_on"))


def _by_problem(written: Iterable[Written]) -> list[list[Written]]:
    found: dict[Any, list[Written]] = {}
    for one in written:
        if one.line is not None:
            found.setdefault(one.line.problem.pk, []).append(one)
    return list(found.values())


def _standing(problem: Problem) -> Mapping[Cell, str]:
    """What the lead said of the whole problem: a word on one part leaves it as it is."""
    return {Cell.NEXT_STEP: problem.next_step, Cell.OBSTACLE: problem.reason_unfinished}


def _report(sheet: ReviewSheet, ones: Sequence[Written], actor: Actor, reporter: Reporter | None) -> None:
    """One problem: its ordinary report where progress was written, else only what comes next and what is in the way."""
    problem = next(one.line.problem for one in ones if one.line)
    leading = next((one for one in ones if one.line and one.line.leads), None)
    said = leading.after if leading else _standing(problem)
    told = [one for one in ones if one.touched & PROGRESS]
    if told:
        may_work(Work.REPORT_PROGRESS)(actor, [problem], {})
        with current().telling(Work.REPORT_PROGRESS):
            for one in told:
                _progress(one, said, actor, reporter)
            _keep(sheet, problem, said)
    else:
        _keep(sheet, problem, said)
    if leading and leading.line and leading.line.clock and Cell.WORD in leading.touched:
        leading.line.clock.problem = problem
        note_unit_words([(leading.line.clock, said[Cell.WORD])])


def _progress(one: Written, said: Mapping[Cell, str], actor: Actor, reporter: Reporter | None) -> None:
    if one.line is None:
        return
    # What the lead says of the whole is no word of who carries a part.
    whole = said if one.line.row.depth == 0 else {}
    progress = Progress(
        on=current().today,
        percent=int(one.after[Cell.PERCENT]),
        facts=one.after[Cell.FACTS],
        obstacle=whole.get(Cell.OBSTACLE, ""),
        next_step=whole.get(Cell.NEXT_STEP, ""),
    )
    record_progress(one.line.problem, one.line.measure, progress, actor=actor, reporter=reporter)


def _keep(sheet: ReviewSheet, problem: Problem, said: Mapping[Cell, str]) -> None:
    problem.next_step, problem.reason_unfinished = said[Cell.NEXT_STEP], said[Cell.OBSTACLE]
    current().fact(problem, review_sheet=str(sheet.pk))
    problem.save()


def _settle_rows(sheet: ReviewSheet, lines: Sequence[Line], changed: set[uuid.UUID], rest: str) -> None:
    """What became of each row: written here, reported on its own page since the call went out, gone, or unchanged."""
    rows = {line.row.pk: line.row for line in lines}
    since = sheet.review.issued_on or current().today
    reported = {line.row.pk for line in lines if line.reported_on and line.reported_on >= since}
    left = {line.row.pk for line in lines if line.left}
    before = counted_before(sheet, rows.values())
    for pk, row in rows.items():
        if row.state == Row.THROUGH and pk not in changed:
            continue
        if pk in changed or (pk in reported and pk not in left):
            row.state, row.unchanged_times = Row.CHANGED, 0
        elif pk in left:
            row.state = Row.LEFT
        elif rest == UNCHANGED and row.state == Row.OPEN:
            row.state = Row.UNCHANGED
            row.unchanged_times = times_unchanged(before.get(row.problem_id, 0), changed=False)
    ReviewRow.objects.save_all(rows.values())


def counted_before(sheet: ReviewSheet, of: Iterable[ReviewRow]) -> dict[uuid.UUID, int]:
    """How many calls in a row each problem was left unchanged in by this unit; a report in between begins anew.

    For the lead anybody's report does; for who carries a part only one on that part.
    """
    depths = {row.problem_id: row.depth for row in of}
    rows = (
        ReviewRow.objects.filter(problem__in=depths, sheet__unit=sheet.unit_id)
        .filter(state__in=(Row.CHANGED, Row.UNCHANGED))
        .exclude(sheet=sheet)
        .select_related("sheet")
        .order_by("problem_id", "-id")
        .distinct("problem_id")
    )
    own = Q(measure__unit=sheet.unit_id) | Q(
        measure__unit__kind=UnitKind.SECTION, measure__unit__path__under=sheet.unit.path
    )
    led = [problem for problem, depth in depths.items() if depth == 0]
    newest = dict(
        ProgressReport.objects.filter(Q(problem__in=led) | own, problem__in=depths)
        .order_by("problem_id", "-on", "-id")
        .distinct("problem_id")
        .values_list("problem", "on")
    )
    return {
        row.problem_id: row.unchanged_times
        for row in rows
        if row.problem_id not in newest
        or row.sheet.answered_at is None
        or newest[row.problem_id] <= row.sheet.answered_at.date()
    }
