"""What an action writes beside its work is written as if it had waited for it: in order, whole, or not at all."""

from __future__ import annotations

import sys
import threading

import pytest
from django.db import IntegrityError, connection
from django.db.utils import DataError

from bihuan.journal.action import Actor, Refused, action, anyone_signed_in, current
from bihuan.journal.beside import Beside
from bihuan.journal.expungement import Expungement
from bihuan.journal.loading import MANY
from bihuan.journal.models import JournalEvent, StreamHead
from tests.journal.test_loading import clean, fresh

USUAL = sys.getswitchinterval()
pytestmark = pytest.mark.django_db


@action("journal.test_make_beside", may=anyone_signed_in)
def make_beside(*, count: int, spoil: str = "", actor: Actor) -> list[int]:
    """Returns how many rows a question sees between two loads, and at the end."""
    rows = fresh(count, actor)
    current().write_beside()
    if spoil == "twice":
        rows[-1].pk = rows[0].pk
    if spoil == "nul":
        rows[1].reason = "\x00"
    Expungement.objects.bulk_create(rows)
    if spoil == "refused":
        raise Refused("nein")
    seen = [Expungement.objects.count()]
    Expungement.objects.bulk_create(fresh(count, actor))
    return [*seen, Expungement.objects.count()]


def nothing_is_under_way() -> bool:
    writers = [thread for thread in threading.enumerate() if thread.name.startswith("bihuan-beside")]
    return connection.execute_wrappers == [] and not writers and sys.getswitchinterval() == USUAL


def test_every_question_is_asked_after_what_was_written_before_it(alice: Actor) -> None:
    assert make_beside(count=MANY * 3, actor=alice) == [MANY * 3, MANY * 6]
    assert JournalEvent.objects.filter(verb="journal.test_make_beside").count() == MANY * 6
    assert StreamHead.objects.filter(kind=Expungement.Stream.kind, seq=1).count() == MANY * 6
    assert clean()
    assert nothing_is_under_way()


def test_its_events_are_recorded_when_writing_began(alice: Actor) -> None:
    make_beside(count=MANY, actor=alice)
    assert JournalEvent.objects.values("recorded_at").distinct().count() == 1


@pytest.mark.parametrize(
    ("spoil", "error"), [("twice", IntegrityError), ("nul", DataError), ("refused", Refused)]
)
def test_what_goes_wrong_is_raised_and_leaves_nothing(
    spoil: str, error: type[Exception], alice: Actor
) -> None:
    with pytest.raises(error):
        make_beside(count=MANY * 2, spoil=spoil, actor=alice)
    assert not Expungement.objects.exists()
    assert not JournalEvent.objects.filter(verb="journal.test_make_beside").exists()
    assert nothing_is_under_way()
    assert make_beside(count=MANY, actor=alice) == [MANY, MANY * 2]


def test_after_a_refusal_nothing_more_is_tried() -> None:
    beside = Beside("default")
    tried: list[str] = []
    try:
        beside.execute("SELECT 1 / 0", [])
        beside._have(lambda: tried.append("behind it"))
        with pytest.raises(DataError):
            beside.wait()
    finally:
        beside.close()
    assert tried == []
