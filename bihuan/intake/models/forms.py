"""What tables call our facts: those of a source, and the forms of a superior."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Source
from bihuan.organizations.models import Unit


class SourceColumns(Record):
    """What the tables of a source call our facts, as a person said: pairs of header and fact, the newest last.

    A header without a fact is one that is not read. `unit`: only in that unit's own sheets, for the sheets of a self-inspection have as many makers as units.
    """

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    columns = models.JSONField(default=list)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "source", "unit"], nulls_distinct=False, name="source_columns_once"
            )
        ]

    class Stream(Record.Stream):
        kind = "source_columns"


class ReportingForm(Record):
    """A table a superior sent to be filled in, remembered by its name; what it looks like stands in its versions."""

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("表样名称"), max_length=80)
    version = models.PositiveIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "name"],
                condition=models.Q(withdrawn=False),
                name="reporting_form_name_once",
            )
        ]

    class Stream(Record.Stream):
        kind = "reporting_form"

    def __str__(self) -> str:
        return self.name


class ReportingFormVersion(Part):
    """A form as it was sent, and what each of its columns was said to ask for."""

    form = models.ForeignKey(ReportingForm, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    layout = models.JSONField(default=dict)
    columns = models.JSONField(default=list)

    class Meta(Part.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "number"], name="reporting_form_version_once")
        ]

    class Stream(Part.Stream):
        of = "form"
