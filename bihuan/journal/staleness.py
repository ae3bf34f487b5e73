"""Two people edit one record: the second is told what the first changed, and nothing is lost."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.encoding import encode
from bihuan.journal.errors import ForeignChange, Stale
from bihuan.journal.models import JournalEvent, Payload
from bihuan.journal.open_action import OpenAction
from bihuan.journal.records import Record, fields_by_attname
from bihuan.journal.vault import content_of


def refuse_if_stale(act: OpenAction, subjects: Sequence[Record], seen: Mapping[uuid.UUID, int]) -> None:
    """Raise `Stale` if a person changed a subject's own row after the event the caller had seen last.

    What the program itself did meanwhile (a light that changed) is no conflict, nor are changes to parts alone.
    """
    changes: list[ForeignChange] = []
    for subject in subjects:
        last = seen.get(subject.pk)
        now = act.shared.get(subject.pk) or act.locked.get(subject.pk, (0, b""))[0]
        if last is not None and now > last:
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
        for name in _sealed_in(body, subject):
            yield ForeignChange(
                about[0], name, _sealed_before(subject, name, event.seq), _now(subject, name), *about[1:]
            )


def _sealed_in(body: dict[str, Any], subject: Record) -> list[str]:
    found: list[str] = ((body["sealed"] or {}).get("rows") or {}).get(subject.row_key, [])
    return found


def _sealed_before(subject: Record, name: str, seq: int) -> Any:
    """What a free-text column held before an event: its words lie beside the chain, in the last payload that has it."""
    earlier = JournalEvent.objects.filter(stream=subject.pk, seq__lt=seq).order_by("-seq")
    for event in earlier.iterator():
        if name in _sealed_in(event.body, subject):
            payload = Payload.objects.get(pk=event.body["sealed"]["payload"])
            held = (content_of(payload) or {}).get("rows", {})
            return held.get(subject.row_key, {}).get(name)
    return None


def _now(subject: Record, name: str) -> Any:
    """The words as they stand: the subject was read again under the lock."""
    return encode(fields_by_attname(type(subject))[name], getattr(subject, name))
