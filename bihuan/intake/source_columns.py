"""What the columns of a source's tables are called: matched by a person once, known from then on.

A header nobody knows by its words is asked for once. What was said holds for every later table of the same source in
the same place, imported or read out of a document; what a unit said of its own sheet holds for that unit's sheets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bihuan.intake.models import SourceColumns
from bihuan.intake.policy import may_work
from bihuan.intake.reporting.form_columns import FACTS
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.models import Batch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.records import Record
    from bihuan.organizations.models import Unit

# What a table can bring in, in the order in which it is offered.
READ_FACTS: Final[dict[str, Any]] = {
    name: FACTS[name]
    for name in (
        "text", "title", "source_no", "source", "sector", "nature", "impact", "urgency", "grade", "kind", "lead_unit",
        "supporting_units", "deadline", "found_on", "state", "closed_on", "progress", "reason", "next_step", "measures",
        "amount", "basis", "site", "concerned_party", "determination",
    )
} | {"requirement": _lazy("整改要求")}  # fmt: skip
WORDS: Final = frozenset({"text", "title"})
LONGEST_NAME: Final = 40
_NO_NAME: Final = re.compile(r"[。；\n]|\d{5}")
MOST_KEPT: Final = 400
"""Headers remembered of one source; beyond them the oldest go."""


def known_columns(batch: Batch, unit: Unit | None = None) -> dict[str, str]:
    """Header -> fact for the tables of this batch's source; of a unit's own sheet, what that unit said goes first."""
    rows = SourceColumns.objects.filter(jurisdiction=batch.jurisdiction_id, source=batch.source_id)
    found = {row.unit_id: dict(row.columns) for row in rows}
    return {**found.get(None, {}), **(found.get(unit.pk, {}) if unit is not None else {})}


def columns_said(headers: Sequence[str], facts: Sequence[str]) -> dict[str, str]:
    """What a person said of the columns of one table, header -> fact, or a refusal that says which column is wrong.

    `facts` in the order of the columns. A column without a header cannot be named; of equal headers the first is read.
    """
    said: dict[str, str] = {}
    taken: dict[str, str] = {}
    for header, fact in zip(headers, facts, strict=True):
        if fact and not header:
            raise Refused(
                _("没有表头的列不能导入。"), accepted=_("请在文件里给这一列写上表头，或者换一行作表头。")
            )
        if fact and said.get(header, fact) != fact:
            raise Refused(
                _("有两列的表头都是“%(header)s”，只能读第一列。") % {"header": header},
                accepted=_("请在文件里把两列的表头写得不一样。"),
            )
        if fact and taken.setdefault(fact, header) != header:
            raise Refused(
                _("“%(one)s”和“%(other)s”两列都填到了“%(fact)s”。")
                % {"one": taken[fact], "other": header, "fact": READ_FACTS.get(fact, fact)},
                accepted=_("一项内容只从一列读。"),
            )
        if header:
            said.setdefault(header, fact)
    return said


def refuse_unreadable(columns: Mapping[str, str]) -> None:
    """A table of problems says what the problem is, and something more: one column alone is a list of sentences."""
    facts = set(columns.values()) - {""}
    if unknown := facts - READ_FACTS.keys():
        raise Refused(_("没有“%(fact)s”这一项。") % {"fact": min(unknown)}, accepted=listed(READ_FACTS))
    if not facts & WORDS or len(facts) < 2:  # noqa: PLR2004 (words and one fact more)
        raise Refused(
            _("还不能读：没有指明哪一列是问题。"),
            accepted=_("至少指明两列，其中一列是问题描述或者问题标题。"),
        )


def may_match(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Who works on the batch."""
    may_work(actor, [arguments["batch"]], arguments)


@action(IntakeVerb.MATCH_COLUMNS, may=may_match)
def match_columns(*, batch: Batch, columns: Mapping[str, str], actor: Actor) -> SourceColumns:
    """Remember what the columns of this batch's source are called. `columns`: header -> fact, empty for not read."""
    refuse_unreadable(columns)
    return remember(batch, columns)


def remember(batch: Batch, columns: Mapping[str, str], unit: Unit | None = None) -> SourceColumns:
    """Inside an action: keep what was said beside what was known; the last word holds."""
    known: SourceColumns | None = SourceColumns.objects.filter(
        jurisdiction=batch.jurisdiction_id, source=batch.source_id, unit=unit
    ).first()
    if known is None:
        known = SourceColumns(jurisdiction=batch.jurisdiction, source=batch.source, unit=unit)
    else:
        current().lock([known])
        known.refresh_from_db()
    named = {header: fact for header, fact in columns.items() if _is_name(header)}
    before = [(header, fact) for header, fact in known.columns if header not in named]
    known.columns = [list(pair) for pair in [*before, *named.items()]][-MOST_KEPT:]
    known.save()
    return known


def _is_name(header: str) -> bool:
    """A row taken for a header by mistake may hold anything: sentences and telephone numbers are not remembered."""
    return 0 < len(header) <= LONGEST_NAME and not _NO_NAME.search(header)
