"""Restricted channels and clues: what only named posts may know, and what does not belong here at all."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Part, Record
from bihuan.organizations.models import Post, Unit


class RestrictedChannel(Record):
    """A readership of named posts, with its own number series; to everybody else its problems do not exist."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number_pattern = models.CharField(max_length=80)

    class Stream(Record.Stream):
        kind = "restricted_channel"
        sealed: ClassVar = ("name",)


class ChannelMember(Part):
    """A post that may know."""

    channel = models.ForeignKey(RestrictedChannel, on_delete=models.PROTECT, related_name="members")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="channels")
    since = models.DateField()
    until = models.DateField(null=True)

    class Stream(Part.Stream):
        of = "channel"


class ClueState(models.TextChoices):
    HELD = "held", _("待移交")
    HANDED_OVER = "handed_over", _("已移交")
    RETURNED = "returned", _("不是线索，已退回")


class Clue(Record):
    """Text that looks like a clue about a person: held sealed for its receiver, handed over, expunged here.

    Only the receiver's post can open it; the ledger keeps nothing but the count. What the receiver finds to be no clue
    goes back to the document it was taken from.
    """

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="clues")
    content = models.UUIDField(null=True)
    origin = models.UUIDField(null=True)
    held_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ClueState.choices, default=ClueState.HELD)
    receipt_no = models.CharField(max_length=100, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    return_reason = models.CharField(_("退回理由"), max_length=200, blank=True)
    returned_at = models.DateTimeField(null=True)

    class Stream(Record.Stream):
        kind = "clue"
        sealed: ClassVar = ("return_reason",)
