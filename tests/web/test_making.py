from __future__ import annotations

from datetime import date

import pytest

from bihuan.web import components as parts
from bihuan.web import sections
from bihuan.web.making import WrongPiece, all_made, made


def test_a_piece_is_taken_as_it_is():
    light = parts.Light(colour="red")
    assert made(parts.Light, light) is light


def test_a_mapping_becomes_the_piece():
    assert made(parts.Light, {"colour": "red", "words": "逾期"}) == parts.Light(colour="red", words="逾期")


def test_nested_mappings_become_pieces_too():
    queue = made(
        parts.Queue,
        {
            "key": "a",
            "title": "待签收",
            "total": 1,
            "rows": [{"no": "1", "url": "/", "sentence": "一", "light": {"colour": "blue"}}],
        },
    )
    assert queue.rows[0].light == parts.Light(colour="blue")


def test_an_optional_piece_may_be_absent():
    assert made(parts.Empty, {"title": "空", "link": None}).link is None


def test_pairs_of_evidence_are_made():
    one = {"name": "前.jpg", "url": "/1"}
    evidence = made(sections.Evidence, {"pairs": [{"before": one, "after": one}]})
    assert evidence.pairs[0].after.name == "前.jpg"


def test_an_unknown_key_is_refused_and_the_known_ones_named():
    with pytest.raises(WrongPiece, match="does not know color; it knows because, colour, words"):
        made(parts.Light, {"color": "red"})


def test_a_missing_key_is_refused():
    with pytest.raises(WrongPiece, match="colour"):
        made(parts.Light, {"words": "逾期"})


@pytest.mark.parametrize("value", ["red", 3, None, date(2026, 1, 1)])
def test_anything_else_is_refused(value):
    with pytest.raises(WrongPiece, match="Light expected"):
        made(parts.Light, value)


def test_several_are_made_in_order():
    links = all_made(parts.Link, [{"words": "一", "url": "/1"}, parts.Link(words="二", url="/2")])
    assert [link.url for link in links] == ["/1", "/2"]
