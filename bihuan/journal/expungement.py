"""Two administrators destroy content that must go: a secrecy leak, or a person's right to erasure."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Record


class Expungement(Record):
    """A proposal to destroy content, its reason and document, and the second administrator's confirmation.

    `rows` names what goes: row key -> sealed columns. `holder` names a person all of whose personal data go.
    """

    target_stream = models.UUIDField(null=True)
    rows = models.JSONField(default=dict)
    holder = models.UUIDField(null=True)
    reason = models.CharField(_("理由"), max_length=500)
    document_no = models.CharField(_("文号"), max_length=100)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        db_table = "journal_expungement"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="expungement_two_persons",
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("proposed_by")),
            )
        ]

    class Stream(Record.Stream):
        kind = "expungement"
