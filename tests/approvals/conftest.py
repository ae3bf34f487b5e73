"""What the tests of this room share."""

from __future__ import annotations

from io import BytesIO

import pytest

from bihuan.approvals.outcomes import FINAL_VERBS, happened_final, happened_withdrawn
from bihuan.files.actions import receive
from bihuan.journal.reactions import _reactions
from tests.static_files import plain_static

__all__ = ["plain_static"]
MATTER = "tests.matter"


@pytest.fixture
def paper(cast, tmp_path, settings):
    def make(approval):
        return receive(
            upload=BytesIO("同意。何清源".encode()),
            name="签批件.txt",
            subject_kind="approval",
            subject=approval.pk,
            actor=cast.system,
        )

    settings.MEDIA_ROOT = tmp_path
    return make


@pytest.fixture
def heard(monkeypatch):
    """What a room above would hear."""
    found = []

    def listen(happened):
        found.extend((approval.state, approval.matter) for approval in happened_final(happened, MATTER))
        found.extend(("withdrawn", approval.matter) for approval in happened_withdrawn(happened, MATTER))

    for verb in (*FINAL_VERBS, "approvals.withdraw"):
        monkeypatch.setitem(_reactions, verb, [*_reactions.get(verb, []), ("tests.listen", listen)])
    return found
