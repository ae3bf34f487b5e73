"""What a benchmark stands on: a demonstration and nothing else, a batch of its own, and units to give work to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from bihuan.journal.identity import new_id
from bihuan.journal.timesource import today
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Source
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from datetime import date

    from bihuan.demo.founding import City
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Batch


def refuse_real_ledger() -> None:
    """Made-up problems are never filled into a ledger somebody works with."""
    if not settings.CONFIGURATION.demonstration:
        raise CommandError(
            _("只在标记为演示的数据目录里填充。请另设 BIHUAN_DATA 并先运行 bihuan demo。"), returncode=2
        )


def fresh_batch(city: City, actor: Actor, source: str, *, received_on: date | None = None) -> Batch:
    """A batch no earlier run has, of the source with this code."""
    code = f"BENCH-{new_id().hex[-8:]}"
    return create_batch(
        jurisdiction=city.yunchuan,
        code=code,
        title=code,
        source=Source.objects.get(code=source),
        source_authority=code,
        received_on=received_on or today(),
        actor=actor,
    )


def units_of(city: City, most: int, *, kind: str | None = None) -> list[Unit]:
    """So many open units of the city at the most, always the same ones."""
    units = Unit.objects.filter(path__under=city.yunchuan.path, closed_on=None, is_jurisdiction=False)
    if kind is not None:
        units = units.filter(kind=kind)
    found = list(units.order_by("pk")[:most])
    if not found:
        raise CommandError(_("演示城市里没有单位。"), returncode=1)
    return found
