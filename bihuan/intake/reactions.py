"""What this room does when something happened below."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from bihuan.files import store
from bihuan.intake.disposing import propose
from bihuan.intake.imports.runs import drop_all
from bihuan.intake.models import Disposition, IntakeDocument, Passage
from bihuan.intake.page_images import kept_names
from bihuan.intake.scans import running as scans
from bihuan.intake.sealing.declaring import reopen_batch
from bihuan.journal.action import current
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.journal.vault import open_personal
from bihuan.ledger.actions.channels import destroy_held
from bihuan.ledger.models import Clue


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


@reacts_to("journal.confirm_expunge")
def forget_staged_rows(happened: Happened) -> None:
    """What was expunged must not live on in a row that was laid out for an import, or in a scan on its way."""
    transaction.on_commit(drop_all, robust=True)
    transaction.on_commit(scans.drop_all, robust=True)


@reacts_to("ledger.return_clue")
def take_back_clue(happened: Happened) -> None:
    """What the receiver found to be no clue is an ordinary passage again, unaccounted for until a person says what it is.

    A batch that was sealed meanwhile is open again: what was declared complete counted these words as a clue.
    """
    for clue in happened.of(Clue):
        document = IntakeDocument.objects.select_related("batch").get(passages__clue=clue.pk)
        current().lock([document, document.batch])
        passage = Passage.objects.get(document=document, clue=clue.pk)
        passage.text = open_personal(clue.content) or passage.text
        passage.clue, passage.disposition, passage.reason = None, "", clue.return_reason
        passage.decided_by = passage.decided_for = None
        passage.save()
        destroy_held(clue)
        reopen_batch(document.batch)
        if passage.proposed == Disposition.PROBLEM:
            # The reading had left it out of its candidates, so that without this the problem could be overlooked.
            propose(document, [passage])
