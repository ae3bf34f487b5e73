"""Acceptance by several: a panel of experts, or the accepting bodies of several units together."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem
from bihuan.organizations.ltree import LtreeField
from bihuan.organizations.models import Post, Unit
from bihuan.rectification.models.acceptance import Acceptance


class AcceptancePanel(Record):
    """验收组: who judges one application for acceptance together. Its chair's verdict is the acceptance itself.

    A dissolved panel stays with its reason; it can be dissolved only before anybody signed.
    """

    class State(models.TextChoices):
        SITTING = "sitting", _("签署中")
        CONCLUDED = "concluded", _("已结论")
        DISSOLVED = "dissolved", _("已撤销")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="panels")
    round = models.PositiveSmallIntegerField()
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="panels")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SITTING)
    on_site = models.BooleanField(_("现场核查"), default=False)
    agreement = models.CharField(_("多少人同意才能通过"), max_length=12)
    set_up_by = models.UUIDField()
    set_up_principal = models.UUIDField(null=True)
    set_up_on = models.DateField()
    ended_on = models.DateField(null=True)
    reason = models.TextField(_("撤销理由"), blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["acceptance"],
                condition=~models.Q(state="dissolved"),
                name="one_panel_for_an_application",
            ),
            models.CheckConstraint(
                name="ended_panel_says_when",
                condition=models.Q(state="sitting", ended_on__isnull=True)
                | (~models.Q(state="sitting") & models.Q(ended_on__isnull=False)),
            ),
        ]

    class Stream(Record.Stream):
        kind = "acceptance_panel"
        sealed: ClassVar = ("reason",)


class Panellist(Part):
    """One member: a person in a post, named personally. Their opinion is their own, gate by gate, and is not taken back.

    `met`: what the gates come to. The unit's path and those of the doing units are of the day of the signature.
    A deferred trigger holds every seated member to the rule of an acceptor (see the migration).
    """

    class State(models.TextChoices):
        ASKED = "asked", _("待签署")
        SIGNED = "signed", _("已签署")
        REPLACED = "replaced", _("已更换")

    panel = models.ForeignKey(AcceptancePanel, on_delete=models.PROTECT, related_name="members")
    ordinal = models.PositiveSmallIntegerField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_path = LtreeField()
    doing_paths = ArrayField(models.TextField(), default=list)
    chair = models.BooleanField(_("组长"), default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    gates = models.JSONField(_("五关"), default=dict)
    met = models.BooleanField(_("同意通过"), null=True)
    opinion = models.TextField(_("个人意见"), blank=True)
    signed_on = models.DateField(null=True)
    replaced_why = models.TextField(_("更换理由"), blank=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["panel", "person"],
                condition=~models.Q(state="replaced"),
                name="person_once_in_a_panel",
            ),
            models.UniqueConstraint(
                fields=["panel"],
                condition=models.Q(chair=True) & ~models.Q(state="replaced"),
                name="one_chair_of_a_panel",
            ),
            models.CheckConstraint(
                name="signed_panellist_says_what",
                condition=models.Q(state="signed", met__isnull=False, signed_on__isnull=False)
                | (~models.Q(state="signed") & models.Q(met__isnull=True, signed_on__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=models.Q(state="asked"), name="panel_waits_for")
        ]

    class Stream(Part.Stream):
        of = "panel"
        sealed: ClassVar = ("opinion", "replaced_why")


class AcceptanceLevel(Part):
    """逐级验收: one level below the last that found the work done; the last level's verdict is the acceptance itself.

    Held to the acceptor's independence by a trigger, and nobody judges at two levels of one application.
    """

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="levels")
    level = models.PositiveSmallIntegerField(_("层级"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_path = LtreeField()
    doing_paths = ArrayField(models.TextField(), default=list)
    acceptor = models.UUIDField()
    acceptor_principal = models.UUIDField(null=True)
    gates = models.JSONField(_("五关"), default=dict)
    on_site = models.BooleanField(_("现场核查"), default=False)
    opinion = models.TextField(_("验收意见"))
    decided_on = models.DateField()
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["acceptance", "level"], name="level_passed_once")
        ]

    class Stream(Part.Stream):
        of = "acceptance"
        sealed: ClassVar = ("opinion",)
