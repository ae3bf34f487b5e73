"""Keys by which programs act: each belongs to a person in a post, and can do what that post can do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bihuan.journal.records import Record
from bihuan.organizations.models import Person, Post


class ApiKey(Record):
    """The digest of a key; the key itself is shown once and never stored."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="api_keys")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="api_keys")
    purpose = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    class Stream(Record.Stream):
        kind = "api_key"
        sealed: ClassVar = ("purpose",)
