"""What the office did last: two case files bound, and the program learning from the sectors that were confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.desk import case_file_binding as case_files
from bihuan.learning import training
from bihuan.learning.actions import ask_training
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    from bihuan.demo.clock import Clock
    from bihuan.demo.founding import City

CLOSED_TOGETHER: Final = 3


def last_hours(city: City, clock: Clock) -> None:
    """Both are jobs; here they are done at once, and the queue finds nothing left of them."""
    bind_case_files(city, clock)
    learn(city, clock)


def bind_case_files(city: City, clock: Clock) -> None:
    """One of several closed problems, one of a problem under supervision."""
    seen = Problem.objects.filter(jurisdiction=city.yunchuan, channel=None)
    closed = list(seen.filter(state="closed").order_by("problem_no")[:CLOSED_TOGETHER])
    listed = list(seen.filter(supervision_level="listed").order_by("problem_no")[:1])
    for problems in (closed, listed):
        if problems:
            with clock.now():
                case_files.bind(case_files.ask(city.actor("shenyan"), problems).pk)


def learn(city: City, clock: Clock) -> None:
    """Asked for by the coordinator. Whether the new one is used is measured: a young ledger may hold too few labels."""
    with clock.now():
        training.train(ask_training(jurisdiction=city.yunchuan, actor=city.actor("shenyan")).pk)
