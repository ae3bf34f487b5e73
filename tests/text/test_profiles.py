"""Profiles look only where a word could begin, and find what looking for each word everywhere would."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.classifier import Profiles

LETTERS = "水河排污"


def everywhere(word: str, text: str) -> int:
    return sum(text.startswith(word, at) for at in range(len(text)))


@given(st.sets(st.text(LETTERS, min_size=1, max_size=4), min_size=1), st.text(LETTERS, max_size=60))
def test_every_word_is_found_as_often_as_it_stands_there(words: set[str], text: str) -> None:
    found = Profiles({"water": sorted(words)}, fallback="water").evidence(text).get("water", [])
    times = {word: everywhere(word, text) for word in words}
    expected = {
        word: (len(word) - 0.6) * (1 + math.log(count)) * (1.3 if word in text[:30] else 1.0)
        for word, count in times.items()
        if count
    }
    assert {word: weight for weight, word in found} == expected


def test_a_word_without_a_letter_is_found_nowhere() -> None:
    assert Profiles({"water": ["—"]}, fallback="water").evidence("水、水") == {}
