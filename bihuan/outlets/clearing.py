"""Dispatches are traces of sending, not facts: after a while nobody needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bihuan.journal import timesource
from bihuan.outlets.carrying import UNDER_WAY
from bihuan.outlets.models import Dispatch

KEPT: Final = timedelta(days=180)


def clear_old() -> int:
    """Delete what ended longer ago than it is kept; returns how many rows went."""
    ended = Dispatch.objects.filter(made_at__lt=timesource.now() - KEPT).exclude(state__in=UNDER_WAY)
    return ended.delete()[0]
