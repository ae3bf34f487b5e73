"""Separation of duties, portfolios, numbers: the decisions without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.organizations.models import PostKind, Role
from bihuan.organizations.rules import (
    ADMINISTRATORS,
    BUSINESS_ROLES,
    Clash,
    Holding,
    clash_of,
    covers_sector,
    masked_email,
    masked_mobile,
    plain_email,
    plain_mobile,
    would_circle,
)

holdings = st.builds(
    Holding,
    kind=st.sampled_from(list(PostKind)),
    roles=st.frozensets(st.sampled_from(list(Role)), max_size=3),
)
codes = st.lists(st.sampled_from(["risk", "fire", "water"]), min_size=1, max_size=3).map(".".join)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def roles_of(seats):
    return frozenset().union(*(seat.roles for seat in seats))


@given(st.lists(holdings, max_size=4))
def test_nobody_unopposed_is_two_administrators(seats):
    if clash_of(seats) is None:
        assert len(roles_of(seats) & ADMINISTRATORS) <= 1


@given(st.lists(holdings, max_size=4))
def test_no_administrator_unopposed_has_a_business_role(seats):
    if clash_of(seats) is None and roles_of(seats) & ADMINISTRATORS:
        assert not roles_of(seats) & BUSINESS_ROLES


@given(st.lists(holdings, max_size=4))
def test_no_administrator_unopposed_sits_in_a_business_post(seats):
    if clash_of(seats) is None and roles_of(seats) & ADMINISTRATORS:
        assert {seat.kind for seat in seats} == {PostKind.STAFF}


@given(st.lists(holdings, max_size=4))
def test_without_an_administrator_nothing_clashes(seats):
    if not roles_of(seats) & ADMINISTRATORS:
        assert clash_of(seats) is None


@given(st.lists(holdings, max_size=4))
def test_giving_up_a_seat_never_makes_a_clash(seats):
    if clash_of(seats) is None:
        assert all(clash_of(seats[:index] + seats[index + 1 :]) is None for index in range(len(seats)))


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_alone_in_a_staff_post_is_right(role):
    assert clash_of([Holding(PostKind.STAFF, frozenset({role}))]) is None


def test_the_clash_of_two_administrators_is_named_first():
    seat = Holding(PostKind.STAFF, ADMINISTRATORS | {Role.DECIDER})
    assert clash_of([seat]) == Clash.TWO_ADMINISTRATORS


@given(codes)
def test_a_portfolio_covers_what_it_names(code):
    assert covers_sector([code], code)


@given(codes, codes)
def test_a_portfolio_covers_the_branches_below(upper, lower):
    assert covers_sector([upper], f"{upper}.{lower}")


@given(codes, codes)
def test_a_portfolio_does_not_cover_the_branch_above(upper, lower):
    assert not covers_sector([f"{upper}.{lower}"], upper)


def test_a_code_that_only_begins_alike_is_another():
    assert not covers_sector(["risk.fire"], "risk.fireworks")


def test_an_empty_entry_covers_nothing():
    assert not covers_sector([""], "risk")


@given(mobiles)
def test_a_number_is_itself(number):
    assert plain_mobile(number) == number


@given(mobiles)
def test_a_number_may_be_typed_in_many_ways(number):
    wide = number.translate({ord("0") + digit: ord("0") + digit for digit in range(10)})
    typed = [f"+86 {number[:3]}-{number[3:7]}-{number[7:]}", f"0086{number}", f" {wide} ", f"86{number}"]
    assert {plain_mobile(one) for one in typed} == {number}


@given(st.text(max_size=30))
def test_what_is_taken_for_a_number_is_one(text):
    number = plain_mobile(text)
    assert number is None or (len(number) == 11 and number.isascii() and number.isdigit())


@given(mobiles)
def test_a_masked_number_hides_four_digits(number):
    assert masked_mobile(number) == f"{number[:3]}****{number[7:]}"


@pytest.mark.parametrize("text", ["", "a@b", "a b@c.d", "@c.d", "a@.d"])
def test_what_is_no_address_is_refused(text):
    assert plain_email(text) is None


def test_an_address_is_read_in_lower_case():
    assert plain_email(" Lin@Example.ORG ") == "lin@example.org"


def test_a_masked_address_keeps_its_host():
    assert masked_email("linxiao@example.org") == "l***@example.org"


@pytest.mark.parametrize(
    ("parent", "circle"), [("a.b", True), ("a.b.c", True), ("a", False), ("a.bc", False)]
)
def test_a_unit_does_not_go_under_itself(parent, circle):
    assert would_circle("a.b", parent) is circle
