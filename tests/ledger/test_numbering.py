"""Numbers are given out once, however many hands ask in the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from bihuan.journal.action import Refused
from bihuan.ledger.models import Problem
from tests.ledger.conftest import Ledger
from tests.organizations.cast import build_cast, seed_lists

HANDS, EACH = 4, 5


def test_no_two_problems_get_one_number_and_none_is_lost(committed):
    cast = build_cast()
    seed_lists(cast)
    ledger, start = Ledger(cast), threading.Barrier(HANDS)

    def register() -> None:
        try:
            start.wait(timeout=30)
            for number in range(EACH):
                ledger.register(f"问题{number}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=register) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    serials = sorted(int(number[-4:]) for number in Problem.objects.values_list("problem_no", flat=True))
    assert serials == list(range(1, HANDS * EACH + 1))


@pytest.mark.django_db
def test_a_refused_registration_gives_its_number_back(ledger):
    first = ledger.register()
    with pytest.raises(Refused):
        ledger.register(nature="nothing")
    assert int(ledger.register().problem_no[-4:]) == int(first.problem_no[-4:]) + 1
