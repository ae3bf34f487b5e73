"""The columns a problem is found by follow its words, whatever else changes, and are read by nobody who did not ask."""

from __future__ import annotations

import pytest
from django.db import connection

from bihuan.journal.verify.report import Fault
from bihuan.journal.verify.whole import verify_derived
from bihuan.ledger import actions
from bihuan.ledger.models import Problem
from tests.ledger.test_counters import register

pytestmark = pytest.mark.django_db
COLUMNS = ("search", "text_digest", "signature")


@pytest.fixture
def problem(cast, lists) -> Problem:
    return register(cast)


def stored(problem: Problem) -> tuple:
    return Problem.objects.filter(pk=problem.pk).values_list(*COLUMNS).get()


def test_a_problem_is_read_without_them(problem):
    assert Problem.objects.get(pk=problem.pk).get_deferred_fields() == set(COLUMNS)


def test_new_words_make_them_anew(problem, cast):
    before = stored(problem)
    actions.edit_facts(
        problem, changes={"title": "河道采砂", "text": "夜间有人采砂。"}, actor=cast.coordinator.actor
    )
    assert not any(old == new for old, new in zip(before, stored(problem), strict=True))
    assert verify_derived().found == []


def test_anything_else_leaves_them_alone(problem, cast):
    """Not made again: the statement that writes the row does not name them."""
    written = []

    def note(execute, sql, params, many, context):
        written.append(sql) if sql.startswith('UPDATE "ledger_problem"') else None
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        actions.edit_facts(
            Problem.objects.get(pk=problem.pk), changes={"section": "河湖科"}, actor=cast.coordinator.actor
        )
    assert written
    assert not any(f'"{column}"' in statement for statement in written for column in COLUMNS)
    assert verify_derived().found == []


def test_one_changed_behind_the_programs_back_is_found(problem):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'forged', true)")
        cursor.execute("UPDATE ledger_problem SET text_digest = text_digest + 1 WHERE id = %s", [problem.pk])
    (found,) = verify_derived().found
    assert (found.fault, found.detail) == (Fault.DERIVED_DIFFERS, "text_digest")
