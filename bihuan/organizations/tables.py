"""Lists as the shell draws them: plain mappings, with links where a record has a page of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bihuan.journal.records import Record


def page_of(record: Record) -> str:
    """The address of a record of this room."""
    return reverse(f"organizations:{record.Stream.kind}", args=[record.pk])


def link(record: Any, words: str = "") -> Any:
    """A record's name as a link to its page, or nothing where there is no record."""
    if record is None:
        return None
    return {"piece": "link", "words": words or record.name, "url": page_of(record)}


def until(day: date | None) -> date | None:
    """The last day on which something holds, from the first on which it does not."""
    return day - timedelta(days=1) if day else None


def table(
    caption: Any,
    heads: Sequence[tuple[str, Any]],
    rows: Iterable[tuple[str, str, Sequence[Any]]],
    *,
    empty: tuple[Any, Any] | None = None,
    pager: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A list: heads are (key, label), rows (id, address, cells); `empty` says what to do when there is nothing."""
    title, sentence = empty or (_("没有记录"), "")
    return {
        "caption": caption,
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [{"id": pk, "url": url, "cells": list(cells)} for pk, url, cells in rows],
        "empty": {"title": title, "sentence": sentence},
        "pager": pager,
    }


def section(title: Any, *, table: Any = None, facts: Any = None, note: Any = "") -> dict[str, Any]:
    """One sheet of a record's page: a list or a few facts under a heading."""
    return {"title": title, "table": table, "facts": facts, "note": note}
