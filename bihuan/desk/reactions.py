"""What the desk does when something happened below: what was expunged must not live on in a copy of ours."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from bihuan.desk.case_file_binding import drop_all
from bihuan.files import store
from bihuan.journal.reactions import Happened, reacts_to


@reacts_to("journal.confirm_expunge")
def drop_bound_case_files(happened: Happened) -> None:
    """All archives go, for which of them holds the expunged content nobody has written down; they can be bound again."""
    transaction.on_commit(partial(_destroy, drop_all()), robust=True)


def _destroy(names: Iterable[str]) -> None:
    for name in names:
        store.destroy(name)
