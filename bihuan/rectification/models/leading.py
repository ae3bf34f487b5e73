"""What leaders do for a problem beside deciding: going there, writing instructions, keeping it on the focus list."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Post


class EnteredAs(models.TextChoices):
    """In what relation to the leader somebody wrote a leader's act down."""

    THEMSELVES = "themselves", _("本人")
    STAND_IN = "stand_in", _("代理人")
    SECRETARY = "secretary", _("秘书")
    LIAISON = "liaison", _("本单位联络员")
    OFFICE = "office", _("整改办")


class LeadersAct(Part):
    """A dated fact of a leader. The post is chosen; whose act it was follows from who held it on that day.

    `entered_on` beside `on` shows what was written down late, `entered_by_name` who did. What was written down wrongly
    is withdrawn: the row stays to be read, struck through, and counts for nothing.
    """

    leader = models.UUIDField()
    leader_name = models.CharField(_("领导"), max_length=60)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    entered_by = models.UUIDField()
    entered_by_name = models.CharField(max_length=60)
    entered_as = models.CharField(max_length=12, choices=EnteredAs.choices)
    entered_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.CharField(max_length=60, blank=True, default="")
    withdrawn_because = models.TextField(_("撤回理由"), blank=True, default="")

    class Meta(Part.Meta):
        abstract = True

    @property
    def days_late(self) -> int:
        """How many days after the act it was written down."""
        return (self.entered_on - self.on).days


class Visit(LeadersAct):
    """现场督导: a leader went there; where, what was found, who went along."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="visits")
    place = models.CharField(_("地点"), max_length=200)
    found = models.TextField(_("发现的情况"))
    companions = models.CharField(_("同行人员"), max_length=300, blank=True)

    class Meta(LeadersAct.Meta):
        indexes: ClassVar = [models.Index(fields=["leader", "on"], name="visit_leader")]

    class Stream(Part.Stream):
        of = "problem"
        sealed: ClassVar = ("place", "found", "companions", "withdrawn_because")


class VisitFile(Part):
    """A photograph or note of a visit."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+", db_index=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, related_name="+")

    class Stream(Part.Stream):
        of = "problem"


class LeaderInstruction(LeadersAct):
    """领导批示: a named leader's written instruction, followed until the unit has reported what came of it."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="leader_instructions")
    words = models.TextField(_("批示内容"))
    document_no = models.CharField(_("文号"), max_length=100, blank=True)
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")
    answer_by = models.DateField(_("要求何时报告"), null=True)
    answer = models.TextField(_("办理情况"), blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta(LeadersAct.Meta):
        indexes: ClassVar = [
            models.Index(fields=["leader", "on"], name="instruction_leader"),
            models.Index(
                fields=["answer_by"],
                condition=models.Q(answer_by__isnull=False, answered_on__isnull=True),
                name="instruction_waits",
            ),
        ]

    class Stream(Part.Stream):
        of = "problem"
        sealed: ClassVar = ("words", "answer", "withdrawn_because")


class FocusEntry(Part):
    """重点问题清单: a problem is on the focus list of its place, with its sponsor, from a day until it is taken off.

    `rank` is how high whoever put it on stands in the office of the place: only they, their post or somebody above
    take it off (`focus_rules.py`).
    """

    class Rank(models.IntegerChoices):
        PREPARER = 1, _("整改办经办岗")
        REVIEWER = 2, _("整改办审核岗")
        LEADING_GROUP = 3, _("领导小组")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="focus_entries")
    sponsor = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("列入理由"))
    since = models.DateField()
    put_by = models.UUIDField()
    put_by_name = models.CharField(max_length=60)
    put_by_post = models.UUIDField(null=True)
    rank = models.PositiveSmallIntegerField(choices=Rank.choices)
    until = models.DateField(null=True)
    taken_by = models.UUIDField(null=True)
    taken_by_name = models.CharField(max_length=60, blank=True)
    taken_off_because = models.TextField(_("移出理由"), blank=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem"], condition=models.Q(until__isnull=True), name="on_the_focus_list_once"
            )
        ]

    class Stream(Part.Stream):
        of = "problem"
        sealed: ClassVar = ("reason", "taken_off_because")
