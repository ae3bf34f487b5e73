"""Two people edit one record: the second is told what the first changed, and nothing is lost."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.errors import ForeignChange, Stale
from bihuan.journal.models import JournalEvent
from bihuan.journal.open_action import OpenAction
from bihuan.journal.records import Record


def refuse_if_stale(act: OpenAction, subjects: Sequence[Record], seen: Mapping[uuid.UUID, int]) -> None:
    """Raise `Stale` if a person changed a subject's own row after the event the caller had seen last.

    What the program itself did meanwhile (a light that changed) is no conflict, nor are changes to parts alone.
    """
    changes: list[ForeignChange] = []
    for subject in subjects:
        last = seen.get(subject.pk)
        if last is not None and act.locked.get(subject.pk, (0, b""))[0] > last:
            changes.extend(_changes_since(subject, last))
    if changes:
        raise Stale(
            _("您打开之后，别人已经改动了这条记录；您填写的内容没有丢，请核对后再提交。"), changes=changes
        )


def _changes_since(subject: Record, last: int) -> Iterator[ForeignChange]:
    for event in JournalEvent.objects.filter(stream=subject.pk, seq__gt=last).order_by("seq"):
        body: dict[str, Any] = event.body
        own = body["changes"].get(subject.row_key)
        if own is None or body["who"]["system"]:
            continue
        about = (subject.row_key, body["who"]["person_name"], body["verb"], body["occurred_at"])
        for name, (before, after) in own.items():
            yield ForeignChange(about[0], name, before, after, *about[1:])
        for name in ((body["sealed"] or {}).get("rows") or {}).get(subject.row_key, []):
            yield ForeignChange(about[0], name, None, None, *about[1:])
