"""The way of a spreadsheet into the ledger: handed in, checked, confirmed by a person, entered.

Small ledgers are checked and entered while one waits, large ones by a job; both end in the same functions. Before it is
confirmed nothing of it stands in the ledger and it can be cancelled. What is confirmed enters in blocks of five hundred,
each whole: a run that stopped says how many stand and goes on behind them, and no block enters twice.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from bihuan.files.taking_in import prepare
from bihuan.intake import actions
from bihuan.intake.imports import blocks, checking, hands, staging
from bihuan.intake.imports.matching import Standing
from bihuan.intake.imports.newer import sort_rows
from bihuan.intake.imports.repeating import note_repeats
from bihuan.intake.keeping import refuse_if_sealed
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.intake.policy import may_work
from bihuan.intake.reporting.returned_forms import read_by
from bihuan.intake.source_columns import known_columns
from bihuan.journal import timesource
from bihuan.journal.action import Actor, NotAllowed, Refused
from bihuan.journal.loading import collector_at_rest
from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Person

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator

    from bihuan.intake.models import ImportBlock, ReportingForm
    from bihuan.ledger.models import Batch

AT_ONCE: Final = 2_000
"""So many rows are checked or entered while one waits; beyond them a job does it."""
State = ImportRun.State
Group = StagedRow.Group
UNFINISHED: Final = (State.UNMATCHED, State.WAITING, State.CHECKING, State.CHECKED, State.ENTERING)


def begin(
    name: str, content: bytes, batch: Batch, *, actor: Actor, form: ReportingForm | None = None
) -> ImportRun:
    """Take a ledger in and have it checked: now, if its rows are few, else by a job."""
    run = hand_in(name, content, batch, actor=actor, form=form)
    if run.state == State.CHECKED:
        _mark(run, State.WAITING)
    if run.state in (State.WAITING, State.CHECKED):
        _start(run, "check")
    run.refresh_from_db()
    return run


def hand_in(
    name: str, content: bytes, batch: Batch, *, actor: Actor, form: ReportingForm | None = None
) -> ImportRun:
    """Take a ledger in for the import; raises `Refused`, and has then kept nothing.

    Where no header is recognised it waits for somebody to say what its columns are. The same file handed in again while it is under way is the same run; it is compared with the ledger again.
    """
    may_work(actor, [batch], {})
    refuse_if_sealed(batch)
    if actor.person is None or actor.post is None:
        raise NotAllowed(_("导入台账要由人来做。"))
    remembered = read_by(form) if form else known_columns(batch)
    gated = checking.refuse_what_may_not_be_kept(name, content, remembered=remembered)
    if form is not None and not gated.ledgers:
        raise checking.no_header(name)
    incoming = prepare(BytesIO(content), name=name, gated=True)
    known: ImportRun | None = ImportRun.objects.filter(
        batch=batch, sha256=incoming.sha256, form=form, state__in=UNFINISHED
    ).first()
    if known is not None:
        if known.state == State.UNMATCHED and gated.ledgers:
            check_again(known, total=gated.rows)
        return known
    run: ImportRun = ImportRun.objects.create(
        batch=batch,
        form=form,
        person=actor.person,
        post=actor.post,
        language=get_language() or "zh-hans",
        name=incoming.name,
        sha256=incoming.sha256,
        state=State.WAITING if gated.ledgers else State.UNMATCHED,
        total=gated.rows,
        asked_at=timesource.now(),
    )
    return run


def check_again(run: ImportRun, **more: object) -> None:
    """Read and check the file anew, by what has come to be known of it."""
    _mark(run, State.WAITING, **more)
    run.refresh_from_db()
    _start(run, "check")
    run.refresh_from_db()


def check(pk: uuid.UUID | str) -> None:
    """Read and check the file, and lay out what each row is. Run twice, it begins again."""
    run: ImportRun | None = ImportRun.objects.filter(pk=pk, state__in=(State.WAITING, State.CHECKING)).first()
    if run is None:
        return
    StagedRow.objects.filter(run=run).delete()
    _mark(run, State.CHECKING, done=0)
    try:
        with override(run.language), collector_at_rest():
            _check(run)
    except (Refused, NotAllowed) as refused:
        _fail(run, refused)
    except Exception:
        _fail(run, Refused(_("核对时出错。"), accepted=_("请再试一次；仍不行请告诉系统管理员。")))
        raise


def _check(run: ImportRun) -> None:
    standing = Standing.of(run.batch, registered=run.form is not None)
    work = checking.Check(run, lambda read: _tell(run, read))
    work.carry_out(remember=bool(standing.problems))
    run.sheets = work.sheets
    looked = sort_rows(run, work.seen, standing) if standing.problems else True
    repeating = 0
    if run.form is None:
        actor = actor_for(Person.objects.get(pk=run.person), run.post)
        repeating = note_repeats(run, work.rows, actor)
    counts = counts_of(run) | {
        "looked": looked,
        "before": len(standing.problems),
        "repeating": repeating,
        "unread": work.unread,
    }
    _mark(run, State.CHECKED, sheets=run.sheets, counts=counts, done=0, checked_at=timesource.now())


def counts_of(run: ImportRun) -> dict[str, Any]:
    """How many rows of each group, and how many of them are settled."""
    rows = StagedRow.objects.filter(run=run).values("group").order_by()
    found = rows.annotate(all=Count("pk"), settled=Count("pk", filter=~Q(settled="")))
    return {row["group"]: [row["all"], row["settled"]] for row in found}


def take(run: ImportRun, *, actor: Actor) -> bool:
    """Let the new rows in: at once where they are few, by a job where they are many.

    False where another import into the batch has ended since: the file is then compared again first.
    """
    may_work(actor, [run.batch], {})
    if run.form_id is not None:
        raise Refused(_("上级退回的表只用来对改动，不导入新的问题。"))
    if _is_overtaken(run):
        _mark(run, State.WAITING)
        _start(run, "check")
        return False
    fresh = StagedRow.objects.filter(run=run, group=Group.NEW, settled="").count()
    waits = ImportRun.objects.filter(pk=run.pk, state__in=(State.CHECKED, State.ENTERING))
    try:
        with transaction.atomic():
            waits.update(state=State.ENTERING, total=fresh, done=0, person=actor.person, post=actor.post)
    except IntegrityError as error:
        raise Refused(
            _("另一份台账正在导入这个批次。"), accepted=_("请等它导完，再回来确认这一份。")
        ) from error
    run.total = fresh
    _start(run, "enter")
    return True


def _start(run: ImportRun, what: str) -> None:
    """Now, where it is little work; otherwise by a job."""
    if run.total <= AT_ONCE:
        {"check": check, "enter": enter}[what](run.pk)
    else:
        from bihuan.intake import jobs

        {"check": jobs.check_import, "enter": jobs.enter_import}[what].defer(run=str(run.pk))


def enter(pk: uuid.UUID | str) -> None:
    """Enter what was confirmed, block by block. Killed in between, it goes on behind the blocks that stand."""
    with _entering(pk) as run:
        if run is None:
            return
        new, settled = counts_of(run).get(Group.NEW, [0, 0])
        ImportRun.objects.filter(pk=run.pk).update(total=new, done=settled)
        _enter(run, blocks.abandoned_blocks(run))
        blocks.begin_again(run)
        with hands.beside(run, rows=new - settled):
            _enter(run, blocks.next_blocks(run))
        # A hand may have come to no end.
        _enter(run, blocks.abandoned_blocks(run))
        if blocks.is_entering(run):
            _mark(run, State.DONE, counts=run.counts | counts_of(run), finished_at=timesource.now())


def lend_a_hand(pk: uuid.UUID | str) -> None:
    """Enter blocks of a run another process is at work on, until none is left to take."""
    with _entering(pk) as run:
        if run is not None:
            _enter(run, blocks.next_blocks(run))


@contextmanager
def _entering(pk: uuid.UUID | str) -> Iterator[ImportRun | None]:
    """The run in its language, if it is entering; what is refused meanwhile ends it."""
    run: ImportRun | None = (
        ImportRun.objects.select_related("batch").filter(pk=pk, state=State.ENTERING).first()
    )
    try:
        with override(run.language if run else None):
            yield run
    except (Refused, NotAllowed) as refused:
        if run is None:
            raise
        _fail(run, refused)


def _enter(run: ImportRun, taken: Iterable[tuple[ImportBlock, list[StagedRow]]]) -> None:
    actor = actor_for(Person.objects.get(pk=run.person), run.post)
    for made in staging.made_ahead(taken):
        # A run may be stopped between two blocks.
        if not blocks.is_entering(run):
            return
        with collector_at_rest():
            block = made.result()
            actions.import_rows.call(batch=run.pk)(run.batch, block=block, file_name=run.name, actor=actor)
        _count(run, len(block.rows))


def _is_overtaken(run: ImportRun) -> bool:
    """Whether another import into the batch has ended since this one was checked: what it found is then out of date."""
    others = ImportRun.objects.filter(batch=run.batch, finished_at__gt=run.checked_at).exclude(pk=run.pk)
    begun = StagedRow.objects.filter(run=run).exclude(settled="")
    return others.exists() and not begun.exists()


def cancel(run: ImportRun) -> bool:
    """Before it is confirmed: nothing of it stays. While it enters: it stops behind the block under way."""
    before = (State.UNMATCHED, State.WAITING, State.CHECKING, State.CHECKED)
    with transaction.atomic():
        waits = ImportRun.objects.filter(pk=run.pk, state__in=before)
        if waits.update(state=State.CANCELLED, finished_at=timesource.now()):
            StagedRow.objects.filter(run=run).delete()
            return True
    return bool(ImportRun.objects.filter(pk=run.pk, state=State.ENTERING).update(state=State.CHECKED))


def _mark(run: ImportRun, state: str, **more: object) -> None:
    """A run that was cancelled meanwhile stays so."""
    ImportRun.objects.filter(pk=run.pk, state__in=UNFINISHED).update(state=state, **more)


def _count(run: ImportRun, entered: int) -> None:
    ImportRun.objects.filter(pk=run.pk).update(done=F("done") + entered)


def _tell(run: ImportRun, done: int) -> None:
    ImportRun.objects.filter(pk=run.pk).update(done=done)


def _fail(run: ImportRun, refused: Refused | NotAllowed) -> None:
    failure = {"message": str(refused.message), "accepted": str(getattr(refused, "accepted", "") or "")}
    _mark(run, State.FAILED, failure=failure, finished_at=timesource.now())


def drop_all() -> None:
    """Content that must go may stand in a row that was only laid out: nobody wrote down where, so all of them go."""
    for run in ImportRun.objects.filter(state__in=UNFINISHED):
        _fail(run, Refused(_("有内容按规定清除，未入账的行一并清除。"), accepted=_("请重新上传。")))
    StagedRow.objects.all().delete()


def sweep() -> int:
    """Clear rows laid out by imports nobody has come back to."""
    old = ImportRun.objects.filter(asked_at__lt=timesource.now() - timedelta(days=30))
    return int(StagedRow.objects.filter(run__in=old).delete()[0])
