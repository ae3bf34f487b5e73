"""Two people hand in the same photograph in the same moment."""

from __future__ import annotations

import threading
import uuid
from io import BytesIO

import pytest
from django.db import connections

from bihuan.files import policy
from bihuan.files.actions import receive
from bihuan.files.models import Blob, FileReference
from bihuan.files.verification import verify_files
from bihuan.journal.action import Actor

SYSTEM = Actor.the_system("tests.together")
HANDS = 6


@pytest.fixture
def store(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(policy._sights, "batch", lambda actor, subject: True)


def test_one_content_many_references(committed, store):
    refused: list[BaseException] = []
    start = threading.Barrier(HANDS)

    def hand_in() -> None:
        try:
            start.wait(timeout=30)
            receive(
                upload=BytesIO("整改情况说明".encode()),
                name="说明.txt",
                subject_kind="batch",
                subject=uuid.uuid4(),
                actor=SYSTEM,
            )
        except BaseException as error:  # noqa: BLE001  (whatever it is, the test must hear of it)
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hand_in) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == []
    assert (Blob.objects.count(), FileReference.objects.count()) == (1, HANDS)
    assert list(verify_files()) == []
