"""Two locks between processes, on files of the data folder; the kernel frees them when a process dies.

The *door* is held by whoever starts or stops the server, one at a time. A *stay* is shared by every
process that uses the server, for its whole life: only when nobody stays may the server be stopped.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.installation.errors import DataFolderError, ServerRefused
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAUSE_SECONDS = 0.05


@contextlib.contextmanager
def door(path: Path, *, patience_seconds: float) -> Iterator[None]:
    """Exclusive; waits up to `patience_seconds` for another process to finish starting or stopping."""
    descriptor = _open(path)
    try:
        deadline = time.monotonic() + patience_seconds
        while not _try(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ServerRefused(
                    phrase(
                        "另一个进程占用 {path} 超过 {seconds:.0f} 秒",
                        "another process has held {path} for {seconds:.0f} s",
                        path=path,
                        seconds=patience_seconds,
                    ),
                    mend=phrase(
                        "请等它启动或停止完数据库后重试。",
                        "Wait until it has started or stopped the database, and try again.",
                    ),
                )
            time.sleep(PAUSE_SECONDS)
        yield
    finally:
        os.close(descriptor)


@dataclass
class Stay:
    """This process's share in the running server."""

    path: Path
    _descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def enter(self) -> None:
        """Waits only while another process is stopping the server."""
        if self._descriptor is None:
            descriptor = _open(self.path)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            self._descriptor = descriptor

    def leave(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Give up our share and say whether nobody else has one; nobody can enter inside the block."""
        self.leave()
        descriptor = _open(self.path)
        try:
            yield _try(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DataFolderError(
            phrase(
                "无法使用锁文件 {path}:{error}",
                "cannot use the lock {path}: {error}",
                path=path,
                error=error.strerror,
            ),
            mend=phrase("请以该数据目录的所有者运行。", "Run as the owner of this data folder."),
        ) from error


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
