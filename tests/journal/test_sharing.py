"""A verb that shares its subjects: others may share them too, and nobody changes them meanwhile."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from psycopg.errors import LockNotAvailable

from bihuan.journal.action import Actor, action, anyone_signed_in
from bihuan.journal.errors import Stale
from bihuan.journal.expungement import Expungement
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import address
from tests.journal.test_action import change, make

ASKED = "SELECT seq FROM journal_stream_head WHERE stream = %s FOR {} NOWAIT"


def others_may(how: str, record: Expungement) -> bool:
    """Whether another connection gets this lock at once."""
    with psycopg.connect(**address()) as other:
        try:
            other.execute(ASKED.format(how), [record.pk])  # type: ignore[arg-type]
        except LockNotAvailable:
            return False
    return True


@action("journal.test_look", may=anyone_signed_in, shares=True)
def look(record: Expungement, *, actor: Actor) -> tuple[bool, bool]:
    return others_may("SHARE", record), others_may("UPDATE", record)


@action("journal.test_share_and_change", may=anyone_signed_in, shares=True)
def share_and_change(record: Expungement, *, actor: Actor) -> bool:
    record.reason = "改了"
    record.save()
    return others_may("SHARE", record)


def test_others_may_share_and_nobody_may_change(committed: str, alice: Actor) -> None:
    record = make(reason="旧", actor=alice)
    assert look(record, actor=alice) == (True, False)
    assert others_may("UPDATE", record)


def test_one_that_changes_after_all_is_alone(committed: str, alice: Actor) -> None:
    record = make(reason="旧", actor=alice)
    assert not share_and_change(record, actor=alice)
    assert list(JournalEvent.objects.filter(stream=record.pk).values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_what_the_caller_had_not_seen_is_told_all_the_same(alice: Actor, bob: Actor) -> None:
    record = make(reason="旧", actor=alice)
    change(record, reason="新", actor=bob)
    with pytest.raises(Stale):
        look.call(seen={record.pk: 1})(record, actor=alice)
    assert connection.is_usable()
