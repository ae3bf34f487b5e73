"""Where letters about the same problem part from those about others, on letters we invented and so know about."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.parting import parting, same_from_of
from bihuan.text.similarity import SAME_FROM, CountedCorpus, Report
from tests.text.invented_reports import area_under_curve, balanced_accuracy, best_threshold, judged, world

SIZES = [(100, 50), (300, 150)]


@pytest.mark.parametrize(("problems", "places"), SIZES)
def test_a_corpus_shows_its_own_threshold(problems, places):
    """Thin worlds part at about 0.4 and dense ones at about 0.5: each is found within five points of its best."""
    letters, _ = world(11, problems=problems, places=places)
    rows = judged(11, problems=problems, places=places)
    found = same_from_of(letters, CountedCorpus(letter.text for letter in letters))
    best = balanced_accuracy(rows, best_threshold(rows))
    assert balanced_accuracy(rows, found) > best - 0.05
    assert balanced_accuracy(rows, found) > 0.8
    assert area_under_curve(rows) > 0.92


def test_the_fixed_threshold_is_that_of_dense_worlds():
    rows = judged(0, problems=450, places=225)
    assert best_threshold(rows) == pytest.approx(SAME_FROM, abs=0.03)


def test_the_order_of_the_corpus_does_not_matter():
    letters, _ = world(4, problems=60, places=40)
    shuffled = list(letters)
    random.Random(1).shuffle(shuffled)
    assert same_from_of(letters, CountedCorpus(one.text for one in letters)) == same_from_of(
        shuffled, CountedCorpus(one.text for one in shuffled)
    )


def test_a_corpus_too_small_to_show_two_heaps_gets_the_fixed_threshold():
    few = [Report(f"{number}号路灯不亮") for number in range(20)]
    assert same_from_of(few, CountedCorpus(one.text for one in few)) == SAME_FROM


@given(
    st.lists(st.floats(0, 0.3), min_size=6, max_size=30), st.lists(st.floats(0.7, 1), min_size=6, max_size=30)
)
def test_two_heaps_are_parted_between_them(low, high):
    assert max(low) <= parting([*low, *high]) <= min(high)


def test_scores_of_one_height_part_nowhere():
    assert parting([]) == SAME_FROM
    assert parting([0.2] * 3) == SAME_FROM
