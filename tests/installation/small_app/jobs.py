"""One job that is slow the first time and quick the second: a killed worker leaves it half done."""

from __future__ import annotations

import time
from pathlib import Path

from procrastinate.contrib.django import app


@app.task(name="small.slow_once")
def slow_once(folder: str) -> None:
    started = Path(folder) / "started"
    first = not started.exists()
    with started.open("a") as file:
        file.write("once\n")
    if first:
        time.sleep(300)
    with (Path(folder) / "finished").open("a") as file:
        file.write("once\n")
