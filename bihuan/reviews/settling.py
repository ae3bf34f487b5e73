"""What a unit need not answer any more: it carries it no longer, or has said it on the problem's own page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from bihuan.journal.action import current
from bihuan.journal.reactions import reacts_to
from bihuan.ledger.models import Problem
from bihuan.organizations.authority import in_unit
from bihuan.rectification.models import Measure, ProgressReport
from bihuan.rectification.verbs import Verb as Work
from bihuan.reviews.calling import remind_later
from bihuan.reviews.laying_out import settle_state
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.rules import OWING
from bihuan.reviews.slices import is_still_asked
from bihuan.reviews.trees import Tree, trees_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bihuan.journal.reactions import Happened

Row = ReviewRow.State


@reacts_to(Work.GIVE_BACK, Work.HAND_DOWN, Work.AMEND_PLAN)
def let_go_below(happened: Happened) -> None:
    """Whoever carries no leaf of the problem any more owes nothing about it, from this moment on."""
    _settle_locked(_asked_below(happened))


@reacts_to(Work.REPORT_PROGRESS)
def note_reported_below(happened: Happened) -> None:
    """Who carries a part and has reported on it since the call went out is not asked to say it again."""
    _settle_locked([sheet for sheet in _asked_below(happened) if in_unit(happened.actor, sheet.unit)])


def _asked_below(happened: Happened) -> list[ReviewSheet]:
    rows = ReviewRow.objects.filter(
        problem__in=[problem.pk for problem in happened.of(Problem)],
        depth__gt=0,
        state=Row.OPEN,
        sheet__review__state=MonthlyReview.State.ISSUED,
    )
    wanted = ReviewSheet.objects.filter(pk__in=rows.values("sheet"))
    return list(wanted.select_related("unit", "review"))


def _settle_locked(sheets: Sequence[ReviewSheet]) -> None:
    if sheets:
        current().lock(sheets)
        settle(sheets)


def settle(sheets: Sequence[ReviewSheet]) -> None:
    """Settle the open rows of locked sheets that ask for nothing any more, and the sheets with them."""
    rows = list(ReviewRow.objects.filter(sheet__in=sheets).select_related("problem"))
    settled = _settled_rows([row for row in rows if row.state == Row.OPEN], sheets)
    ReviewRow.objects.save_all(settled)
    of_sheet = defaultdict(list)
    for row in rows:
        of_sheet[row.sheet_id].append((row.state, row.due_on))
    touched = {row.sheet_id for row in settled}
    changed = [sheet for sheet in sheets if sheet.pk in touched and sheet.state != ReviewSheet.State.PREPARED]
    for sheet in changed:
        settle_state(sheet, of_sheet[sheet.pk])
        if sheet.state in OWING:
            remind_later(sheet.review, [sheet])
        else:
            sheet.next_reminder = None
    ReviewSheet.objects.save_all(changed)


def _settled_rows(rows: Sequence[ReviewRow], sheets: Sequence[ReviewSheet]) -> list[ReviewRow]:
    """Those whose problem or part is no longer with the unit, and those it has spoken of; four statements at most."""
    by_pk = {sheet.pk: sheet for sheet in sheets}
    trees, homes = trees_of([row.problem for row in rows], [sheet.unit for sheet in sheets])
    own: dict[Any, list[Measure]] = {}
    for row in rows:
        home = homes[by_pk[row.sheet_id].unit_id]
        own[row.pk] = trees.get(row.problem_id, Tree()).own_leaves(home)
    below = {leaf.pk for row in rows if row.depth for leaf in own[row.pk]}
    last = _last_reports(below)
    found = []
    for row in rows:
        sheet, leaves = by_pk[row.sheet_id], own[row.pk]
        since = sheet.review.issued_on
        if not is_still_asked(row, sheet.unit_id, leaves):
            row.state = Row.LEFT
        elif row.depth and since and all(last.get(leaf.pk, since.min) >= since for leaf in _owed(leaves)):
            row.state = Row.CHANGED
        else:
            continue
        found.append(row)
    return found


def _owed(leaves: Sequence[Measure]) -> list[Measure]:
    """What is still to be done; where all is done, all of it: one of them has just been."""
    return [leaf for leaf in leaves if leaf.state == Measure.State.OPEN] or list(leaves)


def _last_reports(measures: set[Any]) -> dict[Any, date]:
    rows = ProgressReport.objects.filter(measure__in=measures).order_by("measure_id", "-on")
    return dict(rows.distinct("measure_id").values_list("measure", "on"))
