"""What the signatures of a panel come to: the rule, for any of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.rectification.panel_rules import PanelTerms, concluded, dissenting, enough, lacking
from bihuan.rectification.panel_rules import Seat as Place

votes = st.lists(st.booleans(), max_size=9)
rules = st.sampled_from(["majority", "two_thirds", "all"])


@given(votes, rules)
def test_one_more_agreement_never_turns_a_conclusion_against(found, rule):
    if enough(found, rule) and False in found:
        better = list(found)
        better[better.index(False)] = True
        assert enough(better, rule)


@given(votes)
def test_the_stricter_rule_never_lets_more_pass(found):
    assert not enough(found, "all") or enough(found, "two_thirds")
    assert not enough(found, "two_thirds") or enough(found, "majority")
    assert enough(found, "majority") == (sum(found) > len(found) - sum(found))


@given(st.lists(st.none() | st.booleans(), min_size=1, max_size=9), rules, st.uuids())
def test_nothing_is_concluded_before_all_signed_and_dissent_is_the_other_side(found, rule, unit):
    seats = [Place(person, unit, one) for person, one in zip(range(len(found)), found, strict=True)]
    said = concluded(seats, rule)
    assert (said is None) == (None in found)
    if said is not None:
        assert len(dissenting(seats, rule)) == sum(one is not said for one in found)


def test_what_is_missing_is_counted_in_people_and_units():
    one, other = (Place(number, number % 2) for number in range(2))
    assert lacking([one], PanelTerms(members=3, units=2)) == (2, 1)
    assert lacking([one, other], PanelTerms(members=2, units=2)) == (0, 0)
    assert lacking([one], PanelTerms()) == (0, 0)
