"""What a person decides about rows of a newer ledger: take changes over, pair likely ones, ask after those gone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.intake import actions
from bihuan.intake.imports import staging
from bihuan.intake.imports.newer import compare, lay_out_gone
from bihuan.intake.imports.runs import counts_of
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.intake.policy import may_work
from bihuan.intake.reporting.returned_forms import DETERMINATION
from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from bihuan.ledger.actions import record_determination
from bihuan.ledger.models import Finding, Problem
from bihuan.ledger.sight import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bihuan.journal.action import Actor

Group = StagedRow.Group
APPLIED, LEFT, ASKED = "applied", "left", "asked"


def apply(run: ImportRun, group: str, picked: Sequence[int] | None, actor: Actor) -> str:
    """Take over the changes of these rows. Conflicts are never taken over as a group: each is ticked by itself."""
    if group not in (Group.CHANGED, Group.CONFLICT):
        raise Refused(_("这一组没有要采用的改动。"))
    if picked is None and group == Group.CONFLICT:
        raise Refused(_("两边都改过的要一条一条定。"), accepted=_("请逐条勾选后再采用。"))
    applied = left = 0
    for block in _blocks(run, group, picked, actor):
        wanted = {one.problem: one for one in block if _writable(one)}
        problems = list(visible(actor, Problem.objects.filter(pk__in=list(wanted))).order_by("pk"))
        if not problems:
            continue
        _determine(run, {problem: wanted[problem.pk] for problem in problems}, actor)
        changes = {
            str(problem.pk): [
                cell for cell in _writable(wanted[problem.pk]) if cell["column"] != DETERMINATION
            ]
            for problem in problems
        }
        left_alone = set(
            actions.apply_changes.call(key=_key(run, block), batch=run.pk)(
                problems, changes=changes, file_name=run.name, actor=actor
            )
            or ()
        )
        kept = {str(one) for one in left_alone}
        for problem in problems:
            wanted[problem.pk].settled = LEFT if str(problem.pk) in kept else APPLIED
        StagedRow.objects.bulk_update([wanted[problem.pk] for problem in problems], ["settled"])
        left += len(kept)
        applied += len(problems) - len(kept)
    _count(run)
    if left:
        return _("已采用 %(n)s 条；另有 %(left)s 条在您看的时候又改过，没有动。") % {
            "n": applied,
            "left": left,
        }
    return _("已采用 %(n)s 条的改动。") % {"n": applied}


def _writable(one: StagedRow) -> list[dict[str, object]]:
    return [cell for cell in one.cells if cell["kind"] != "procedure"]


def _determine(run: ImportRun, rows: Mapping[Problem, StagedRow], actor: Actor) -> None:
    """The superior's verdict on a finding is written down as one, in its own words; each finding is asked once."""
    for problem, one in rows.items():
        words = next((cell["theirs"] for cell in one.cells if cell["column"] == DETERMINATION), "")
        finding = Finding.objects.filter(problem_links__problem=problem).first()
        if words and finding is not None and finding.determination != words:
            record_determination(
                finding, determination=words, determined_on=today(), document_no=run.name[:100], actor=actor
            )


def pair(run: ImportRun, group: str, picked: Sequence[int] | None, actor: Actor) -> str:
    """These rows are the problems proposed for them; from now on they are compared like the rest."""
    count = 0
    for block in _likely(run, group, picked, actor):
        compare(run, block)
        count += len(block)
    _count(run)
    return _("已认定 %(n)s 条是同一条。") % {"n": count}


def part(run: ImportRun, group: str, picked: Sequence[int] | None, actor: Actor) -> str:
    """These rows are not the problems proposed for them: they are new, and those are missing."""
    count = 0
    for block in _likely(run, group, picked, actor):
        missing = [one.problem for one in block if one.problem is not None]
        for one in block:
            one.group, one.problem = Group.NEW, None
        StagedRow.objects.bulk_update(block, ["group", "problem"])
        if run.form_id is None:
            lay_out_gone(run, missing)
        count += len(block)
    _count(run)
    return _("已认定 %(n)s 条是新的。") % {"n": count}


def _likely(
    run: ImportRun, group: str, picked: Sequence[int] | None, actor: Actor
) -> Iterator[list[StagedRow]]:
    if group != Group.LIKELY:
        raise Refused(_("这一组不用配对。"))
    yield from _blocks(run, group, picked, actor)


def ask(run: ImportRun, group: str, picked: Sequence[int] | None, actor: Actor) -> str:
    """Mark problems the newer ledger no longer holds, so that somebody asks. Nothing is ended or deleted."""
    if group != Group.GONE:
        raise Refused(_("只有新表里没有的才标记待问。"))
    count = 0
    for block in _blocks(run, group, picked, actor):
        by_problem = {one.problem: one for one in block}
        problems = list(visible(actor, Problem.objects.filter(pk__in=list(by_problem))).order_by("pk"))
        if not problems:
            continue
        actions.ask_after.call(key=_key(run, block), batch=run.pk)(problems, file_name=run.name, actor=actor)
        for problem in problems:
            by_problem[problem.pk].settled = ASKED
        StagedRow.objects.bulk_update([by_problem[problem.pk] for problem in problems], ["settled"])
        count += len(problems)
    _count(run)
    return _("已标记 %(n)s 条待问。") % {"n": count}


def _blocks(
    run: ImportRun, group: str, picked: Sequence[int] | None, actor: Actor
) -> Iterator[list[StagedRow]]:
    """The rows not settled yet: those ticked, or all of the group."""
    may_work(actor, [run.batch], {})
    if run.state not in (ImportRun.State.CHECKED, ImportRun.State.DONE):
        raise Refused(_("这份台账现在不能确认。"), accepted=_("请等核对或导入做完。"))
    rows = StagedRow.objects.filter(run=run, group=group, settled="").order_by("n")
    if picked is not None:
        rows = rows.filter(n__in=picked)
    after = -1
    while block := list(rows.filter(n__gt=after)[: staging.BLOCK]):
        after = block[-1].n
        yield block


def _key(run: ImportRun, block: Sequence[StagedRow]) -> str:
    numbers = ",".join(str(one.n) for one in block)
    return f"{run.pk}:{hashlib.sha256(numbers.encode()).hexdigest()[:24]}"


def _count(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(counts=_kept(run) | counts_of(run))


def _kept(run: ImportRun) -> dict[str, object]:
    return {name: value for name, value in run.counts.items() if name in ("looked", "before", "repeating")}


ACTS: Final[dict[str, Callable[[ImportRun, str, Sequence[int] | None, Actor], str]]] = {
    "apply": apply,
    "same": pair,
    "new": part,
    "ask": ask,
}
