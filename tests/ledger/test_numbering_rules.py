"""Numbers made by a pattern never come twice, and a pattern that could break this is refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bihuan.ledger.numbering_rules import Fault, Field, NumberFacts, NumberingError, Pattern, Reading, pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

FACTS = NumberFacts(day=date(2026, 11, 5), source="督", jurisdiction="QX", batch="3")
MARKS = st.text(st.sampled_from("督审A19Z"), min_size=1, max_size=3)
ANY_FACTS = st.builds(
    NumberFacts,
    day=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    source=MARKS,
    jurisdiction=MARKS,
    batch=MARKS,
)
PIECES = [f"{{{field}}}" for field in Field if field is not Field.SERIAL] + [
    "-",
    "/",
    "督",
    "〔",
    "〕第",
    "7",
    "号",
    "{{",
    "}}",
]


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Any pattern the rules let pass, put together blindly."""
    pieces: Sequence[str] = draw(st.lists(st.sampled_from(PIECES), max_size=7))
    serial = draw(st.sampled_from(["{serial}", "{serial:04}", "{serial:02}"]))
    place = draw(st.integers(0, len(pieces)))
    try:
        return Pattern.parse("".join([*pieces[:place], serial, *pieces[place:]]))
    except NumberingError:
        assume(False)
        raise


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ZG-{year}-{serial:04}", "ZG-2026-0147"),
        ("环督{year}-{serial:04}", "环督2026-0147"),
        ("{year}-Q{quarter}-{serial:03}", "2026-Q4-147"),
        ("{source}〔{year}〕第{serial}号", "督〔2026〕第147号"),
        ("{jurisdiction}/{source}/{year}{month}{day}-{serial:05}", "QX/督/20261105-00147"),
        ("{{{year}}}-{batch}-{serial}", "{2026}-3-147"),
    ],
)
def test_number_is_what_the_pattern_says(text: str, number: str) -> None:
    assert pattern(text).render(FACTS, 147) == number


def test_serial_grows_beyond_its_width() -> None:
    assert pattern("ZG-{serial:02}").render(FACTS, 12345) == "ZG-12345"


@given(patterns(), ANY_FACTS, ANY_FACTS, st.integers(1, 20000), st.integers(1, 20000))
@example(Pattern.parse("{source}-{serial}"), FACTS, FACTS, 1, 11)
def test_numbers_are_the_same_only_for_one_scope_and_serial(
    made: Pattern, one: NumberFacts, other: NumberFacts, first: int, second: int
) -> None:
    same_place = (made.scope(one), first) == (made.scope(other), second)
    assert (made.render(one, first) == made.render(other, second)) == same_place


@given(patterns(), ANY_FACTS, st.integers(1, 20000))
def test_number_is_taken_apart_again(made: Pattern, facts: NumberFacts, serial: int) -> None:
    assert made.read(made.render(facts, serial)) == Reading(made.scope(facts), serial)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "ZG-2026-",
        "ZG-2026-12",
        "ZG-2026-00012",
        "ZG-2026-0000",
        "XX-2026-0012",
        "ZG-26-0012",
        "ZG-2026-0012 ",
    ],
)
def test_number_of_another_making_is_not_read(number: str) -> None:
    assert pattern("ZG-{year}-{serial:04}").read(number) is None


@pytest.mark.parametrize(
    ("text", "other_day", "starts_again"),
    [
        ("ZG-{serial}", date(2031, 1, 1), False),
        ("ZG-{year}-{serial}", date(2026, 12, 31), False),
        ("ZG-{year}-{serial}", date(2027, 1, 1), True),
        ("{year}-Q{quarter}-{serial}", date(2026, 10, 1), False),
        ("{year}-Q{quarter}-{serial}", date(2026, 9, 30), True),
        ("{year}-{month}-{serial}", date(2026, 12, 5), True),
    ],
)
def test_serial_begins_again_when_the_rest_of_the_number_changes(
    text: str, other_day: date, starts_again: bool
) -> None:
    there = NumberFacts(day=other_day)
    assert (pattern(text).scope(FACTS) != pattern(text).scope(there)) is starts_again


def test_sources_count_apart_where_the_number_shows_them() -> None:
    made = pattern("{source}-{serial}")
    assert made.scope(FACTS) != made.scope(NumberFacts(day=FACTS.day, source="审"))


def test_patterns_that_print_the_same_numbers_share_a_counter() -> None:
    assert pattern("ZG-{year}-{serial:04}").scope(FACTS) == pattern("ZG-2026-{serial}").scope(FACTS)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.NO_SERIAL),
        ("ZG-{year}", Fault.NO_SERIAL),
        ("{serial}-{serial}", Fault.TWICE),
        ("{year}-{year}-{serial}", Fault.TWICE),
        ("{quarter}-{serial}", Fault.NO_YEAR),
        ("{month}-{serial}", Fault.NO_YEAR),
        ("{year}-{day}-{serial}", Fault.NO_YEAR),
        ("{sector}-{serial}", Fault.UNKNOWN_FIELD),
        ("{}-{serial}", Fault.UNKNOWN_FIELD),
        ("{Serial}", Fault.UNKNOWN_FIELD),
        ("{serial:4}", Fault.WIDTH),
        ("{serial:00}", Fault.WIDTH),
        ("{serial:012}", Fault.WIDTH),
        ("{serial:}", Fault.WIDTH),
        ("{year:02}-{serial}", Fault.WIDTH),
        ("ZG-{serial", Fault.STRAY_BRACE),
        ("ZG-serial}", Fault.STRAY_BRACE),
        ("{source}{serial}", Fault.NO_SEPARATOR),
        ("{source}督{serial}", Fault.NO_SEPARATOR),
        ("{source}{year}-{serial}", Fault.NO_SEPARATOR),
        ("A{batch}-{serial}", Fault.NO_SEPARATOR),
        ("{year}{serial}", Fault.DIGIT_BESIDE_SERIAL),
        ("ZG1{serial}", Fault.DIGIT_BESIDE_SERIAL),
        ("{serial}1", Fault.DIGIT_BESIDE_SERIAL),
        ("ZG\n{serial}", Fault.CONTROL_CHARACTER),
    ],
)
def test_pattern_that_could_go_wrong_is_refused(text: str, fault: Fault) -> None:
    with pytest.raises(NumberingError) as caught:
        Pattern.parse(text)
    assert caught.value.fault is fault


@pytest.mark.parametrize("mark", ["", "a-b", "a b", "督 ", "_"])
def test_mark_that_holds_a_separator_is_refused(mark: str) -> None:
    with pytest.raises(NumberingError, match="letters, Chinese characters and digits"):
        pattern("{source}-{serial}").render(NumberFacts(day=FACTS.day, source=mark), 1)


@pytest.mark.parametrize("serial", [0, -3])
def test_serials_begin_at_one(serial: int) -> None:
    with pytest.raises(NumberingError, match="the first serial is 1"):
        pattern("{serial}").render(FACTS, serial)


def test_number_that_would_not_fit_is_refused() -> None:
    with pytest.raises(NumberingError, match="at most 60 characters"):
        pattern("X" * 58 + "-{serial:02}").render(FACTS, 1)
