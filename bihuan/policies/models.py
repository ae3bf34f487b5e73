"""Policies: deadlines, rigour, ladders, numbering, wording as dated records, never as constants."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Record
from bihuan.organizations.models import Unit


class Policy(Record):
    """One version of one rule, with the jurisdiction and scope it holds for and its dates of validity.

    An empty scope column means *any*. `body` is what the rule functions of a room are given; its shape is checked
    by the room that owns the code (see `bihuan.policies.catalogue`).
    """

    code = models.CharField(_("事项"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("来源"), max_length=80, blank=True)
    sector = models.CharField(_("领域"), max_length=80, blank=True)
    grade = models.CharField(_("等级"), max_length=20, blank=True)
    supervision_level = models.CharField(_("督办级别"), max_length=20, blank=True)
    version = models.PositiveIntegerField(_("版本"))
    valid_from = models.DateField(_("自"))
    valid_until = models.DateField(_("至"), null=True)
    body = models.JSONField(_("内容"))
    basis = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "jurisdiction", "source", "sector", "grade", "supervision_level", "version"],
                name="policy_version_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["code", "valid_from"], name="policy_code")]

    class Stream(Record.Stream):
        kind = "policy"
