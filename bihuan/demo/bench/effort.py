"""How long something takes, and how much of the machine: on a shared one the clock alone says little."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import psutil
from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.installation.processes import postmaster


@dataclass
class Effort:
    """Seconds by the clock, and seconds of processor: ours and the embedded server's (None with another server)."""

    wall: float = 0.0
    program: float = 0.0
    server: float | None = None

    def as_json(self) -> dict[str, str | None]:
        """For machines; decimals are text."""
        return {
            "seconds": f"{self.wall:.1f}",
            "cpu_program": f"{self.program:.1f}",
            "cpu_server": None if self.server is None else f"{self.server:.1f}",
        }

    def words(self) -> str:
        """For people."""
        said = {"wall": f"{self.wall:.1f}", "program": f"{self.program:.1f}", "server": "–"}
        if self.server is not None:
            said["server"] = f"{self.server:.1f}"
        return _("%(wall)s 秒（CPU：程序 %(program)s 秒，数据库 %(server)s 秒）") % said


class Spent(NamedTuple):
    """Seconds until now: by the clock, of the processor in this program and its ended children, in the embedded server."""

    wall: float
    program: float
    server: float | None

    def __sub__(self, before: Spent) -> Spent:
        server = None if self.server is None or before.server is None else self.server - before.server
        return Spent(self.wall - before.wall, self.program - before.program, server)


def spent() -> Spent:
    """What has been spent until now; two of them subtracted tell what lies between."""
    return Spent(time.monotonic(), _program(), _server())


@contextmanager
def measured() -> Iterator[Effort]:
    """The effort of a block, filled in when it ends; processes the block started have ended by then."""
    effort = Effort()
    before = spent()
    yield effort
    after = spent()
    effort.wall, effort.program, effort.server = after - before


def _program() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _server() -> float | None:
    """Of the postmaster, of its ended children (which it counts) and of those still there."""
    found = postmaster(settings.CONFIGURATION.layout.cluster) if settings.CONFIGURATION.embedded else None
    if found is None or os.name != "posix":
        return None
    family = psutil.Process(found.pid)
    times = family.cpu_times()
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    total: float = times.user + times.system + ended
    for child in family.children():
        try:
            one = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += one.user + one.system
    return total
