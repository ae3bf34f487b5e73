"""The daily check of the journal."""

from __future__ import annotations

import pytest
from django.db import connection

from bihuan.calendars.actions import seed_year
from bihuan.calendars.models import CalendarYear
from bihuan.journal.action import Actor
from bihuan.journal.jobs import daily_checkpoint
from bihuan.journal.models import Checkpoint
from tests import databases


@pytest.fixture
def ledger(committed, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path
    seed_year(year=2026, actor=Actor.the_system("tests"))
    return committed


def test_a_whole_journal_is_signed_as_verified(ledger):
    assert daily_checkpoint() == 0
    assert Checkpoint.objects.get().verified


def test_an_altered_row_is_found_and_the_heads_are_signed_all_the_same(ledger):
    with databases.psycopg.connect(**databases.parameters(databases.owner(), ledger)) as owner:
        owner.execute("ALTER TABLE calendars_calendaryear DISABLE TRIGGER USER")
        owner.execute("UPDATE calendars_calendaryear SET basis = '篡改'")
    connection.close()
    assert CalendarYear.objects.get().basis == "篡改"
    assert daily_checkpoint() == 1
    assert not Checkpoint.objects.get().verified
