"""What this room does when something happened below."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from bihuan.files import store
from bihuan.intake.models import IntakeDocument
from bihuan.intake.page_images import kept_names
from bihuan.journal.reactions import Happened, reacts_to


@reacts_to("journal.confirm_expunge")
def forget_page_pictures(happened: Happened) -> None:
    """When a file's content is destroyed, the pictures drawn of its pages go with it."""
    gone = IntakeDocument.objects.filter(file__blob__kept=False, pages__isnull=False)
    names = [
        name
        for sha256, pages in gone.values_list("sha256", "pages")
        for number in range(1, pages + 1)
        for name in kept_names(sha256, number)
    ]
    if names:
        transaction.on_commit(partial(_destroy, names), robust=True)


def _destroy(names: list[str]) -> None:
    for name in names:
        store.destroy(name)
