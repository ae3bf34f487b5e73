"""Which processes belong to the cluster of one data folder.

A server process is known by its working directory, which PostgreSQL sets to the cluster: a name
alone would match the servers of other installations, and a number alone may have been reused.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "postgres"
READY = "ready"
STATUS_LINE = 7
QUIT_SECONDS = 3.0
KILL_SECONDS = 10.0


@dataclass(frozen=True)
class Postmaster:
    pid: int
    ready: bool


def postmaster(cluster: Path) -> Postmaster | None:
    """The living server of this cluster, if any: what its own file says, checked against the process."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _works_in(_process(pid), cluster):
        return None
    return Postmaster(pid, ready=len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == READY)


def left_behind(cluster: Path) -> list[psutil.Process]:
    """Server processes of this cluster, whoever their parent is."""
    return [process for process in psutil.process_iter() if _works_in(process, cluster)]


def end(orphans: list[psutil.Process]) -> None:
    """Ask, wait, then kill. Safe for the data: the write-ahead log is replayed at the next start."""
    for process in orphans:
        _send(process, signal.SIGQUIT)
    _, stubborn = psutil.wait_procs(orphans, timeout=QUIT_SECONDS)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=KILL_SECONDS)


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _works_in(process: psutil.Process | None, cluster: Path) -> bool:
    if process is None:
        return False
    try:
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != PROGRAM:
            return False
        # A stopped or unreadable process is not ours to judge: a cluster that is ours is readable.
        return process.cwd() == os.path.realpath(cluster)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
