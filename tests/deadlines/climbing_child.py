"""A process that climbs block by block and says so after each, to be killed between two of them.

python -m tests.deadlines.climbing_child DATABASE MOMENT SECONDS_BETWEEN_BLOCKS
"""

from __future__ import annotations

import datetime as dt
import sys
import time

import django
import pytest  # noqa: F401  (the clock moves only where tests run)


def main(database: str, moment: str, pause: float) -> None:
    django.setup()
    from bihuan.deadlines.ladder.sweeping import FIRST, climb
    from bihuan.journal import timesource
    from bihuan.journal.action import Actor
    from tests import databases

    actor, after = Actor.the_system("deadlines.climb"), FIRST
    with databases.pointed_at(database), timesource.at(dt.datetime.fromisoformat(moment)):
        while (done := climb(after=after, size=1, actor=actor)).last is not None:
            after = done.last
            sys.stdout.write(f"{after}\n")
            sys.stdout.flush()
            time.sleep(pause)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
