"""Drawing previews in a child process with limits of time and memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bihuan.files import store
from bihuan.files.kinds import PDF, Kind
from bihuan.files.models import PreviewSize

PIXELS = {PreviewSize.THUMBNAIL.value: 360, PreviewSize.PAGE.value: 1600}
SECONDS = 40


@dataclass(frozen=True)
class Drawn:
    """A picture, or the reason why there is none."""

    picture: bytes = b""
    width: int = 0
    height: int = 0
    failure: str = ""


def draw(sha256: str, kind: Kind, pixels: int) -> Drawn:
    """Draw one stored content; whatever is wrong with it comes back as a failure code."""
    with tempfile.TemporaryDirectory(prefix="bihuan-preview-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target.webp"
        try:
            with store.open_stored(store.name_of(sha256)) as content:
                source.write_bytes(content.read())
        except FileNotFoundError:
            return Drawn(failure="missing")
        return _draw(source, target, "pdf" if kind is PDF else "picture", pixels)


def _draw(source: Path, target: Path, what: str, pixels: int) -> Drawn:
    command = [sys.executable, "-m", "bihuan.files.rendering", what, str(source), str(target), str(pixels)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Drawn(failure="time")
    answer = done.stdout.split()
    if done.returncode != 0:
        return Drawn(failure=answer[0][:20] if answer else "crashed")
    return Drawn(target.read_bytes(), int(answer[0]), int(answer[1]))
