"""Learning in a process of its own, with limits of time and memory: a training that runs wild costs only itself.

The child reads its order and its lessons from a file, writes the model into another, and answers with one line. It is
given no secret and no database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MEBIBYTE: Final = 1024 * 1024
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_ONE_THREAD: Final = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# A word that stands in one problem alone is its own affair, and may be a name.
SHARED: Final = 2


class ChildFailed(Exception):
    """The child came to no end; `why` is ``time``, ``memory`` or ``crashed``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of the machine a training may use."""

    seconds: int
    mebibytes: int


def learn_in_child(
    lessons: Sequence[tuple[str, str]], *, accuracy: float, about: Mapping[str, Any], bounds: Bounds
) -> bytes:
    """The file of a model of these (text, label) pairs."""
    with tempfile.TemporaryDirectory(prefix="bihuan-learning-") as folder:
        order, made = Path(folder) / "order.json", Path(folder) / "model"
        plain = {"lessons": list(lessons), "accuracy": accuracy, "about": dict(about), "made": str(made)}
        order.write_text(json.dumps(plain | {"mebibytes": bounds.mebibytes, "seconds": bounds.seconds}))
        _run(order, bounds)
        return made.read_bytes()


def _run(order: Path, bounds: Bounds) -> None:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bihuan.learning.child", str(order)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=bounds.seconds,
            check=False,
            env=kept | path | _ONE_THREAD,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailed("time") from error
    if done.returncode != 0:
        lacked = any(sign in done.stderr for sign in (b"MemoryError", b"memory allocation", b"bad_alloc"))
        raise ChildFailed("memory" if lacked else "crashed")


def _limit(order: Mapping[str, Any]) -> None:
    """Memory and processor time are limited where the system can; the parent's clock holds everywhere."""
    try:
        import resource
    except ImportError:
        return
    memory = order["mebibytes"] * _MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str) -> int:
    """The child."""
    from bihuan.text.learning import Example
    from bihuan.text.mixing import learn_beside_profiles
    from bihuan.text.model_file import write_model

    order = json.loads(Path(path).read_text(encoding="utf-8"))
    _limit(order)
    examples = [Example(text, label) for text, label in order["lessons"]]
    model = learn_beside_profiles(examples, accuracy=order["accuracy"], shared=SHARED)
    Path(order["made"]).write_bytes(write_model(model, order["about"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
