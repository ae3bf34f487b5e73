"""Sums of money: exact to the fen, in whatever unit they were written, and reconciled however they are parted."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bihuan.rectification.money_rules import AmountFault, Money, Unit, money_of, total, yuan_of

FEN = st.integers(0, 10**13).map(lambda fen: Decimal(fen) / 100)
PARTS = st.builds(money_of, st.none() | FEN, FEN, FEN)


def test_an_amount_is_kept_as_it_was_written():
    assert yuan_of(Decimal("251023.54"), Unit.WAN) == Decimal("2510235400.00")
    assert yuan_of(Decimal("1.23456789"), Unit.YI) == Decimal("123456789.00")
    assert yuan_of(Decimal("0.005"), Unit.YUAN) is AmountFault.FINER_THAN_FEN
    assert yuan_of(Decimal("0.0000001"), Unit.WAN) is AmountFault.FINER_THAN_FEN
    for nothing in ("0", "-1", "NaN", "Infinity"):
        assert yuan_of(Decimal(nothing), Unit.YUAN) is AmountFault.NOT_POSITIVE
    assert yuan_of(Decimal(99999999999), Unit.YI) is AmountFault.TOO_LARGE


@given(FEN.filter(bool), st.sampled_from(Unit))
def test_no_unit_loses_a_fen(amount, unit):
    found = yuan_of(amount, unit)
    assert isinstance(found, AmountFault) or found / yuan_of(Decimal(1), unit) == amount


@given(PARTS)
def test_one_problem_reconciles(money):
    assert money.reconciles
    assert money.outstanding == 0 or money.excess == 0
    assert money.outstanding >= 0
    assert money.excess >= 0


@given(st.lists(PARTS, max_size=12), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_the_totals_of_any_partition_add_up_to_the_whole(parts, slots):
    slices = [
        total(one for one, slot in zip(parts, slots, strict=False) if slot == number) for number in range(4)
    ]
    assert total(slices) == total(parts)
    assert total(parts).reconciles
    assert all(one.reconciles for one in slices)
    assert total([]) == Money()
