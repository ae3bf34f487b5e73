"""What the benchmark of duplicates is made of: told by a number, said again in ways whose answer is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.demo.bench.made_reports import Again, new_report, place, report, said_again
from bihuan.ledger.repeats import NEARLY
from bihuan.ledger.wording import wording_of
from bihuan.text.sameness import digest_of, runs_of, share_of

OF = 4000
numbers = st.integers(0, OF - 1)


def words(told):
    return wording_of(told.title, told.text)


def share(one, other):
    return share_of(runs_of(words(one)), runs_of(words(other)))


@given(numbers)
def test_the_same_number_tells_the_same_report(number):
    assert report(number, of=OF) == report(number, of=OF)
    assert place(number, OF)[1] in report(number, of=OF).title


@given(numbers)
def test_each_way_of_saying_it_again_is_what_it_is_called(number):
    before = report(number, of=OF)
    same, nearly, other = (said_again(number, again, of=OF) for again in Again)
    assert digest_of(words(same)) == digest_of(words(before))
    assert digest_of(words(nearly)) != digest_of(words(before))
    assert share(nearly, before) >= NEARLY
    assert share(other, before) < NEARLY
    assert place(number, OF)[1] in other.title


@given(numbers)
def test_a_new_report_tells_of_another_matter_or_another_place(number):
    new, before = new_report(number, of=OF), report(number, of=OF)
    assert new.title != before.title
    at_a_place_of_the_ledger = number % 2 == 0
    assert (place(number, OF)[1] in new.title) == at_a_place_of_the_ledger or not at_a_place_of_the_ledger


def test_reports_are_as_various_as_a_ledger():
    """Few rows share a title, and neighbours share a place."""
    titles = [report(number, of=OF).title for number in range(OF)]
    assert len(set(titles)) > 0.99 * OF
    assert len({place(number, OF) for number in range(OF)}) > OF // 5
