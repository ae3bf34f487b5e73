"""A ledger whose columns a person names: before anything of it has entered, it is read again by what was said.

A file in which no header was recognised waits for this instead of being refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.intake.imports import asked_tables, checking, runs
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.intake.policy import may_work
from bihuan.intake.source_columns import match_columns
from bihuan.journal.action import Actor, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

MATCHABLE: Final = (ImportRun.State.UNMATCHED, ImportRun.State.CHECKED)


def tables_of(run: ImportRun, lines: Mapping[int, int]) -> list[asked_tables.Table]:
    """The sheets of the file; what was said of its source or of itself before stands in them already."""
    return asked_tables.tables_of(
        run.name,
        checking.kept_content(run),
        remembered=checking.remembered_for(run),
        lines=lines,
    )


def match(run: ImportRun, said: Mapping[str, str], *, actor: Actor) -> None:
    """Have the file read by what a person said, and remember it for the source; before anything of it has entered.

    Asked again at the gate: only now it is known which words are a problem's. Of a restricted channel nothing is
    remembered outside it.
    """
    may_work(actor, [run.batch], {})
    begun = StagedRow.objects.filter(run=run).exclude(settled="").exists()
    if run.form_id is not None or run.state not in MATCHABLE or begun:
        raise Refused(_("这份文件已经在导入，不能再改列。"), accepted=_("请导完以后，另传一份。"))
    remembered = {**checking.remembered_for(run), **said}
    gated = checking.refuse_what_may_not_be_kept(run.name, checking.kept_content(run), remembered=remembered)
    if not gated.ledgers:
        raise checking.no_header(run.name)
    if run.batch.channel_id is None:
        match_columns(batch=run.batch, columns=said, actor=actor)
    runs.check_again(run, columns=dict(said), total=gated.rows)
