"""Verify reads columns by SQL the way `encoding` spells them for events; here the two are held against each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.canonical import plain_spelling
from bihuan.journal.checks import check_business_models
from bihuan.journal.encoding import encode
from bihuan.journal.records import business_models, tracked_fields
from bihuan.journal.verify.shapes import NoReading, reading_of, shapes
from bihuan.journal.verify.stored import READ, SPELL_DATES, Reading, as_moment

# PostgreSQL's text holds no zero byte; half a surrogate pair is no character.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
WHOLE = st.integers(-(2**15), 2**15 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.integers(-(2**31), 2**32).flatmap(
    lambda seconds: st.integers(0, 999_999).map(
        lambda micro: dt.datetime.fromtimestamp(seconds, dt.UTC).replace(microsecond=micro)
    )
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "smallint": WHOLE,
    "integer": WHOLE,
    "bigint": st.integers(-(2**53) + 1, 2**53 - 1),
    "text": TEXT,
    "varchar": TEXT,
    "uuid": st.uuids(),
    "date": st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)),
    "ltree": st.lists(st.uuids().map(lambda one: one.hex), min_size=1, max_size=3).map(".".join),
    "timestamp with time zone": MOMENTS,
    "jsonb": JSON,
    "text[]": st.lists(TEXT, max_size=3),
}
COLUMNS = [field for model in business_models() for field in tracked_fields(model)]


def kind_of(field: models.Field[Any, Any]) -> str:
    """The column's type without its length; decimals keep their scale."""
    declared = str(field.db_type(connection))
    return declared if isinstance(field, models.DecimalField) else declared.partition("(")[0]


# One column of each kind is enough for drawing values; that every column is of such a kind is asked of all of them.
KINDS = {f"{type(field).__name__}-{kind_of(field)}": field for field in COLUMNS}


def drawn_for(field: models.Field[Any, Any]) -> st.SearchStrategy[Any]:
    if isinstance(field, models.DecimalField):
        return st.decimals(
            min_value=-99, max_value=99, places=field.decimal_places, allow_nan=False, allow_infinity=False
        )
    return VALUES[kind_of(field)]


def read(field: models.Field[Any, Any], value: Any) -> Any:
    """What verify makes of the value once it is stored in such a column."""
    expression, how = reading_of(field)
    prepared = field.get_db_prep_save(value, connection)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SPELL_DATES)
        cursor.execute(
            f"SELECT {expression.format('v')} FROM (SELECT CAST(%s AS {kind_of(field)}) AS v) t", [prepared]
        )
        (found,) = cursor.fetchone()
    return found if found is None or how is Reading.READY else READ[how](found)


@pytest.mark.django_db
@pytest.mark.parametrize("field", KINDS.values(), ids=KINDS.keys())
@given(data=st.data())
def test_a_stored_value_is_read_as_events_spell_it(field, data) -> None:
    value = data.draw(drawn_for(field))
    spelled = encode(field, value)
    if reading_of(field)[1] is Reading.JSON and spelled is not None:
        spelled = plain_spelling(spelled)
    assert read(field, value) == spelled


def test_every_tracked_column_has_a_reading_and_values_to_test_it_with() -> None:
    for field in COLUMNS:
        reading_of(field)
        drawn_for(field)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_moments_are_read_alike_whatever_the_session_is_set_to(zone: str) -> None:
    field = models.DateTimeField()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('timezone', %s, true)", [zone])
        cursor.execute("SET LOCAL datestyle = 'German'")
        moment = dt.datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=dt.UTC)
        assert read(field, moment) == "2026-01-02T03:04:05.000600Z" == encode(field, moment)
        assert read(models.DateField(), dt.date(2026, 1, 2)) == "2026-01-02"


@pytest.mark.parametrize(
    "written", ["infinity", "-infinity", "0044-03-15 08:00:00 BC", "12026-11-23 08:00:00"]
)
def test_what_is_no_moment_an_event_could_hold_is_read_as_none(written: str) -> None:
    with pytest.raises(ValueError, match=r"format|match|remains|range"):
        dt.datetime.strptime(as_moment(written), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "field",
    [models.FloatField(), models.TimeField(), models.DecimalField(max_digits=12, decimal_places=8)],
    ids=["float", "time", "eight decimals"],
)
def test_a_column_verify_could_not_read_is_refused_before_it_holds_anything(field) -> None:
    field.name = field.attname = "x"
    with pytest.raises(NoReading, match="x: verify has no spelling"):
        reading_of(field)


def test_the_models_keep_the_laws() -> None:
    assert check_business_models(None) == []


def test_every_business_table_has_a_shape() -> None:
    assert [shape.label for shape in shapes()] == [model._meta.label_lower for model in business_models()]
