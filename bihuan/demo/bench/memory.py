"""How much memory this program and the processes it starts hold together, at its highest."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY: Final = 0.2
"""Seconds between two looks."""


@dataclass
class Memory:
    """Megabytes at the highest; what several processes hold in common counts once."""

    most: int = 0


@contextmanager
def most_memory() -> Iterator[Memory]:
    """Look again and again as long as this lasts."""
    memory, over = Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            memory.most = max(memory.most, _held())

    watcher = threading.Thread(target=watch, name="bihuan-memory", daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        over.set()
        watcher.join()


def _held() -> int:
    this = psutil.Process()
    held = 0
    for one in (this, *this.children(recursive=True)):
        try:
            held += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return held >> 20
