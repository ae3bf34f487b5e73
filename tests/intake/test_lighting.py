"""A passage is found again among the letters of its page."""

from __future__ import annotations

from bihuan.intake.lighting import Letter, places_of


def typeset(text: str, width: int = 10) -> list[Letter]:
    """Letters five per cent wide, lines six per cent apart."""
    return [(letter, 5.0 * (at % width), 6.0 * (at // width), 5.0, 4.0) for at, letter in enumerate(text)]


def test_a_passage_on_one_line_is_one_box() -> None:
    places = places_of(typeset("甲乙丙丁戊己庚辛壬癸"), [(1, "丙丁戊")])
    assert places == {1: [(10.0, 0.0, 15.0, 4.0)]}


def test_a_passage_over_two_lines_is_two_boxes() -> None:
    places = places_of(typeset("甲乙丙丁戊己庚辛壬癸子丑寅"), [(1, "壬癸子丑")])
    assert places == {1: [(40.0, 0.0, 10.0, 4.0), (0.0, 6.0, 10.0, 4.0)]}


def test_white_space_and_radicals_make_no_difference() -> None:
    places = places_of(typeset("饮⽔⼯程⻓期失修"), [(1, "饮水 工程\n长期")])
    assert places == {1: [(0.0, 0.0, 30.0, 4.0)]}


def test_the_same_words_twice_are_found_in_their_order() -> None:
    places = places_of(typeset("问题一问题一"), [(1, "问题一"), (2, "问题一")])
    assert (places[1][0][0], places[2][0][0]) == (0.0, 15.0)


def test_what_goes_on_overleaf_is_lit_as_far_as_it_stands_here() -> None:
    places = places_of(typeset("甲乙丙丁戊己庚辛壬癸子丑"), [(1, "甲乙丙丁戊己庚辛壬癸子丑寅卯辰")])
    assert sum(box[2] for box in places[1]) == 60.0


def test_what_is_not_on_the_page_is_not_lit() -> None:
    assert places_of(typeset("甲乙丙"), [(1, "完全不同的话"), (2, "")]) == {}
