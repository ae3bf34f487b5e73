"""Which clocks run in which state, and thresholds on short periods."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.deadlines.models import ClockKind
from bihuan.deadlines.rules import Thresholds
from bihuan.deadlines.running import RUNNING_IN, clocks_in, fitted
from bihuan.ledger.lifecycle import ENDED_EARLY, OPEN
from bihuan.ledger.lifecycle_words import State

UNASSIGNED = {State.REGISTERED, State.PROPOSED}


def test_every_clock_named_is_a_kind_of_clock():
    assert {kind for kinds in RUNNING_IN.values() for kind in kinds} == set(ClockKind.values)


@pytest.mark.parametrize("state", sorted(ENDED_EARLY | UNASSIGNED | {State.CLOSED, State.STANDING_DUTY}))
def test_nothing_runs_before_assignment_or_after_an_ending(state):
    assert clocks_in(state) == frozenset()


@pytest.mark.parametrize("state", sorted(OPEN - UNASSIGNED - {State.STANDING_DUTY}))
def test_the_promised_deadline_counts_from_assignment_to_closure(state):
    assert "rectification" in clocks_in(state)


def test_a_notice_after_closure_has_a_clock():
    assert clocks_in(State.CLOSED, notice_runs=True) == {"notice"}


@given(st.integers(0, 400))
def test_fitted_thresholds_stay_in_order(days):
    found = fitted(Thresholds(), days)
    assert found.orange_days <= found.yellow_days <= found.blue_days <= days // 2


def test_a_long_period_keeps_the_thresholds_of_the_policy():
    assert fitted(Thresholds(), 45) == Thresholds()


def test_two_days_to_acknowledge_do_not_begin_in_orange():
    found = fitted(Thresholds(), 2)
    assert (found.blue_days, found.yellow_days, found.orange_days) == (1, 0, 0)


def test_an_office_may_have_short_periods_burn_earlier():
    found = fitted(Thresholds(blue_part=1, yellow_part=1, orange_part=2), 2)
    assert (found.blue_days, found.yellow_days, found.orange_days) == (2, 2, 1)


def test_a_rule_switched_off_stays_off():
    assert fitted(Thresholds(blue_days=None), 10).blue_days is None
