"""The numbers of a light policy are read strictly: a contradiction or a slip of the pen is refused."""

from __future__ import annotations

import pytest

from bihuan.deadlines.rules import Light, Thresholds


@pytest.mark.parametrize(
    "values",
    [
        {"blue_days": -1},
        {"blue_days": 5, "yellow_days": 10},
        {"orange_days": 11},
        {"gap_yellow": 31},
        {"blue_part": 0},
        {"yellow_part": 5},
        {"extended_at_least": Light.OFF},
    ],
    ids=str,
)
def test_policy_that_contradicts_itself_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"negative|begin no later|exceed|shows some light"):
        Thresholds(**values)  # type: ignore[arg-type]


def test_policy_record_keeps_defaults_for_what_it_does_not_name() -> None:
    assert Thresholds.from_record({"blue_days": 20, "gap_orange": None}) == Thresholds(
        blue_days=20, gap_orange=None
    )


def test_policy_record_may_say_how_mild_an_extended_clock_can_be() -> None:
    assert Thresholds.from_record({"extended_at_least": "yellow"}).extended_at_least is Light.YELLOW


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"purple_days": 3}, "unknown thresholds: purple_days"),
        ({"blue_days": "15"}, "must be a whole number"),
        ({"blue_days": True}, "must be a whole number"),
        ({"extended_at_least": "violet"}, "violet"),
    ],
)
def test_policy_record_of_the_wrong_form_is_refused(
    record: dict[str, int | str | None], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Thresholds.from_record(record)
