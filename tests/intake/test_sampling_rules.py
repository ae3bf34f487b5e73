"""Which passages are looked at again: by hashes and a policy, never by choice."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bihuan.intake.models import Disposition
from bihuan.intake.sealing.sampling_rules import DROPPED, Drawable, key_of, sample_of, seed_of, size_of

RULE = {"percent": 10, "least": 10, "most": 60, "dropped_weight": 3}
DECIDED = [one for one in Disposition.values if one != Disposition.CLUE]
PASSAGES = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(DECIDED)), min_size=1, max_size=120
).map(
    lambda made: [
        Drawable(key_of(document, n), document, said) for n, (document, said) in enumerate(made, start=1)
    ]
)
HEADS = [["s1", "3", "aa"], ["s2", "5", "bb"]]


@given(st.text(min_size=1, max_size=9), PASSAGES)
def test_every_file_and_every_disposition_is_in_the_sample(seed: str, passages: list[Drawable]) -> None:
    drawn = {passage for passage in passages if passage.key in sample_of(seed, passages, RULE)}
    assert {one.document for one in drawn} == {one.document for one in passages}
    assert {one.disposition for one in drawn} == {one.disposition for one in passages}


@given(st.text(min_size=1, max_size=9), PASSAGES, st.data())
def test_what_was_found_wrong_before_is_looked_at_again(
    seed: str, passages: list[Drawable], data: st.DataObject
) -> None:
    again = data.draw(st.sets(st.sampled_from([one.key for one in passages]), max_size=5))
    assert again <= set(sample_of(seed, passages, RULE, again))


@given(st.integers(0, 100_000), st.integers(1, 100), st.integers(1, 100), st.integers(0, 900))
def test_the_size_keeps_to_its_bounds(total: int, percent: int, least: int, more: int) -> None:
    size = size_of(total, {"percent": percent, "least": least, "most": least + more})
    assert min(total, least) <= size <= min(total, least + more)


def test_a_thousand_passages_give_sixty_and_fifty_give_ten() -> None:
    assert [size_of(total, RULE) for total in (3, 50, 250, 1000)] == [3, 10, 25, 60]


def test_dropped_words_are_looked_at_more_often() -> None:
    passages = [Drawable(f"a:{n}", "a", "problem" if n % 2 else "praise") for n in range(100)]
    said = {passage.key: passage.disposition for passage in passages}
    counts = Counter(said[key] for seed in range(100) for key in sample_of(str(seed), passages, RULE))
    assert counts["praise"] > 2 * counts["problem"]


def test_the_seed_depends_on_who_looks_at_what_and_on_nothing_else() -> None:
    one = seed_of("batch", "person", HEADS)
    assert seed_of("batch", "person", reversed(HEADS)) == one
    assert seed_of("batch", "another", HEADS) != one
    assert seed_of("batch", "person", [HEADS[0], ["s2", "6", "cc"]]) != one


def test_dropped_are_dispositions_there_are() -> None:
    assert set(Disposition.values) >= DROPPED
