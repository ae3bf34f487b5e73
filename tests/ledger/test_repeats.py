"""Rows of an import that repeat the ledger or one another, found for all of them at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledger.models import Problem, Source
from bihuan.ledger.repeats import NewRow, Repeat, Why, is_telling, repeats_of
from tests.ledger.conftest import SECRET
from tests.organizations.cast import THE_SYSTEM

pytestmark = pytest.mark.django_db

LONG = (
    "石堰镇水源地保护区内仍有三家养殖场未按期搬迁，粪污直排沟渠，群众多次反映，镇政府承诺年底前完成搬迁，"
    "但截至督察进驻时仍在生产，沿线沟渠发黑发臭，下游灌溉受到影响。"
)


def asked(ledger, *rows, actor=None, source="self_inspection"):
    return repeats_of(
        [
            NewRow(number, title, text, source_no)
            for number, (title, text, source_no) in enumerate(rows, start=1)
        ],
        jurisdiction=ledger.cast.city,
        source=Source.objects.get(code=source),
        actor=actor or ledger.cast.coordinator.actor,
    )


def test_equal_words_are_found_whatever_their_width_and_signs(ledger):
    problem = ledger.register("漏损 20% 未治理")
    assert asked(ledger, ("漏损２０％未治理", "漏损20%未治理。群众反映强烈", "")) == [
        Repeat(1, Why.SAME_WORDS, 100, problem=problem.pk)
    ]


def test_a_word_changed_is_nearly_the_same_and_other_words_are_not(ledger):
    problem = ledger.register("甲", text=LONG)
    changed = LONG.replace("三家", "四家")
    (found,) = asked(ledger, ("甲", changed, ""), ("乙", "供水应急预案未及时修订，应急演练流于形式。", ""))
    assert (found.number, found.why, found.problem) == (1, Why.NEARLY_SAME_WORDS, problem.pk)
    assert 80 <= found.percent < 100


def test_a_source_number_is_one_case_within_its_source_only(ledger):
    batch = ledger.batch()
    (finding,) = ledger.number_findings(batch, "DC-2026-017")
    problem = ledger.register("管网老化", batch=batch, findings=[finding])
    row = ("标题", "完全不同的说法。", "DC-2026-017")
    (found,) = asked(ledger, row, source="city_party_inspection")
    assert (found.why, found.problem) == (Why.SOURCE_NO, problem.pk)
    assert asked(ledger, row) == []
    assert asked(ledger, ("标题", "另一句话。", "3"), ("标题二", "又一句话。", "3")) == []


def test_rows_that_repeat_one_another_name_the_first(ledger):
    found = asked(ledger, ("甲", LONG, ""), ("甲", LONG, ""), ("甲", LONG.replace("三家", "四家"), ""))
    assert [(one.number, one.why, one.row) for one in found] == [
        (2, Why.SAME_WORDS, 1),
        (3, Why.NEARLY_SAME_WORDS, 1),
    ]


def test_what_runs_in_a_channel_is_named_to_nobody_outside_it(ledger):
    hidden = ledger.restricted()
    row = (SECRET, Problem.objects.get(pk=hidden.pk).text, "")
    assert asked(ledger, row) == []
    (found,) = asked(ledger, row, actor=ledger.cast.channel_keeper.actor)
    assert found.problem == hidden.pk
    # Nor does it stand in front of what may be named.
    open_one = ledger.register(SECRET)
    assert [one.problem for one in asked(ledger, row)] == [open_one.pk]


def test_another_place_is_another_ledger(ledger):
    ledger.register("甲", text=LONG)
    found = repeats_of(
        [NewRow(1, "甲", LONG)], jurisdiction=ledger.cast.county, source=None, actor=THE_SYSTEM
    )
    assert found == []


def test_the_statements_are_as_many_for_many_rows_as_for_few(ledger):
    ledger.register("甲", text=LONG)

    def statements(count):
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            found = asked(ledger, *(("甲", LONG, f"DC-2026-{at:04}") for at in range(count)))
        return len(asked_for), len(found)

    few, _ = statements(3)
    many, hints = statements(600)
    assert (many, hints) == (few, 600 + 599)


def test_the_role_the_program_runs_under_may_ask(ledger):
    """It makes no tables, temporary ones included: the tests' databases are not as strict, so it is said here."""
    ledger.register("甲", text=LONG)
    with CaptureQueriesContext(connection) as statements:
        asked(ledger, ("甲", LONG, "DC-2026-0001"))
    assert {one["sql"].lstrip("(").split()[0] for one in statements} == {"SELECT", "WITH"}


def test_rows_without_words_are_no_repeats(ledger):
    assert asked(ledger, ("", "——", ""), ("", "。。", "")) == []
    assert asked(ledger) == []


@given(st.text(max_size=12))
def test_a_number_tells_by_letters_and_digits_alone(text):
    assert is_telling(text) == is_telling(f"（{text}）")
    assert is_telling("ZG-2026-014")
    assert not is_telling("（二十六）")
    assert not is_telling("12")
