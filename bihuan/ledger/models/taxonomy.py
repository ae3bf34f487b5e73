"""The words problems are sorted by: data an office owns, dated, with labels in both languages and stable codes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Record
from bihuan.ledger.local_words import words_here
from bihuan.organizations.models import Unit


class Labelled(Record):
    """A code that may be stored and a label in each language that may change.

    `jurisdiction` is the place whose list it stands in, which every place below inherits; none means everywhere.
    `valid_until` is the last day on which it may be chosen.
    """

    code = models.CharField(max_length=80)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta(Record.Meta):
        abstract = True
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.label

    @property
    def list_name(self) -> str:
        """Which list it stands in: sector, source, or the kind of a term."""
        return self.Stream.kind

    @property
    def label(self) -> str:
        """The label in the reader's language, and by the name the reader's place gave it."""
        zh, en = words_here(self.list_name, self.code) or (self.zh, self.en)
        return en if (get_language() or "").startswith("en") else zh


class Sector(Labelled):
    """A subject area; the code spells the path in the tree (``risk.ecology.water``)."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    moved_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="moved_from")

    class Meta(Labelled.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="sector_code_once")]

    class Stream(Record.Stream):
        kind = "sector"

    @property
    def path_labels(self) -> str:
        """``安全稳定风险 / 生态环境 / 水``."""
        above = f"{self.parent.path_labels} / " if self.parent else ""
        return above + self.label


class Source(Labelled):
    """A channel problems come through, with the customs of that channel."""

    class Level(models.TextChoices):
        CENTRAL = "central", _("中央")
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县")
        ANY = "any", _("各级")

    level = models.CharField(max_length=10, choices=Level.choices)
    accepts = models.CharField(_("谁验收"), max_length=30)
    closes = models.CharField(_("谁销号"), max_length=30)
    notice_required = models.BooleanField(_("须公示"))
    determinations = models.JSONField(_("认定结果用词"), default=list)
    stage_words = models.JSONField(_("阶段用词"), default=dict)
    external = models.BooleanField(_("外部来源"), default=True)

    class Meta(Labelled.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="source_code_once")]

    class Stream(Record.Stream):
        kind = "source"


class TermKind(models.TextChoices):
    """The closed lists beside sectors and sources."""

    NATURE = "nature", _("性质")
    IMPACT = "impact", _("影响程度")
    URGENCY = "urgency", _("轻重缓急")
    GRADE = "grade", _("问题等级")
    RECTIFICATION_KIND = "rectification_kind", _("整改类型")
    SUPERVISION_LEVEL = "supervision_level", _("督办级别")
    MONEY_WAY = "money_way", _("资金整改方式")


class Term(Labelled):
    """One entry of a closed list."""

    kind = models.CharField(max_length=20, choices=TermKind.choices)

    @property
    def list_name(self) -> str:
        """The closed list it belongs to."""
        return self.kind

    class Meta(Labelled.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "code"], name="term_code_once")]

    class Stream(Record.Stream):
        kind = "term"


class LocalWording(Record):
    """What a place calls an inherited entry, or that it does not use it. Counting goes on by code, so nothing is torn.

    Without a name and not hidden it says nothing: the place went back to what it inherits.
    """

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    list_name = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    zh = models.CharField(max_length=80, blank=True)
    en = models.CharField(max_length=80, blank=True)
    hidden = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "list_name", "code"], name="local_wording_once_a_place"
            )
        ]

    class Stream(Record.Stream):
        kind = "local_wording"
