"""Units, posts, people and bodies: who answers, who may see, who may decide.

A Unit is a node of the tree; a Post is a seat in it; a Person holds a Post for a time (Tenure). What somebody may do
hangs on the post, never on the person. A Body (leading group, task force) gathers posts of many units for a time.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.identity import new_id
from bihuan.journal.records import Part, Record
from bihuan.organizations.ltree import LtreeField


class Account(AbstractUser):
    """How somebody signs in. Who they are is a Person; what they may do hangs on their posts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)


class UnitKind(models.TextChoices):
    """What sort of body a unit is."""

    GOVERNMENT = "government", _("政府")
    DEPARTMENT = "department", _("部门")
    PARTY = "party", _("党委工作机关")
    OVERSIGHT = "oversight", _("监督机关")
    TERRITORY = "territory", _("属地")
    INSTITUTION = "institution", _("事业单位")
    ENTERPRISE = "enterprise", _("企业")
    SECTION = "section", _("内设机构")


class UnitLevel(models.IntegerChoices):
    """How high a unit stands."""

    CENTRAL = 1, _("中央")
    PROVINCE = 2, _("省")
    CITY = 3, _("市")
    COUNTY = 4, _("县")
    TOWNSHIP = 5, _("乡镇")
    VILLAGE = 6, _("村社区")


class Unit(Record):
    """A node of the organisation. Renamed, moved, merged, closed: history keeps the name and place of its day."""

    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    code = models.CharField(_("代码"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=UnitKind.choices)
    level = models.PositiveSmallIntegerField(_("层级"), choices=UnitLevel.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = LtreeField(editable=False)
    is_jurisdiction = models.BooleanField(_("自设整改办"), default=False)
    party_committee = models.CharField(_("党委(党组)"), max_length=120, blank=True)
    opened_on = models.DateField(_("设立日期"))
    closed_on = models.DateField(_("撤销日期"), null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    position = models.PositiveIntegerField(_("排序"), default=0)

    class Meta(Record.Meta):
        indexes: ClassVar = [GistIndex(fields=["path"], name="unit_path")]

    class Stream(Record.Stream):
        kind = "unit"
        derived: ClassVar = {"path": "bihuan.organizations.tree.path_of"}

    def __str__(self) -> str:
        return self.short_name or self.name


class UnitLine(Part):
    """A line superior beside the tree parent (条块): guidance by trade, which gives sight."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="lines")
    superior = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="guided")
    since = models.DateField()
    until = models.DateField(null=True)

    class Stream(Part.Stream):
        of = "unit"


class Stewardship(Part):
    """A unit supervises a sector (行业主管) or answers to a source: it sees those problems across the tree."""

    class Kind(models.TextChoices):
        SECTOR = "sector", _("行业主管")
        SOURCE = "source", _("来源归口")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="stewardships")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=80)
    territory = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Stream(Part.Stream):
        of = "unit"


class Person(Record):
    """A human being. The name is a work identity and stands in events; everything private is sealed."""

    name = models.CharField(_("姓名"), max_length=60)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="person")
    external_id = models.CharField(_("统一身份标识"), max_length=120, blank=True)
    mobile = models.UUIDField(null=True, editable=False)
    email = models.UUIDField(null=True, editable=False)
    left_on = models.DateField(null=True)

    class Stream(Record.Stream):
        kind = "person"

    def __str__(self) -> str:
        return self.name


class PostKind(models.TextChoices):
    """What a seat is for."""

    PRINCIPAL = "principal", _("主要负责人")
    DEPUTY_IN_CHARGE = "deputy_in_charge", _("分管负责人")
    SECTION_HEAD = "section_head", _("科室负责人")
    HANDLER = "handler", _("经办人")
    LIAISON = "liaison", _("联络员")
    SECRETARY = "secretary", _("领导秘书")
    STAFF = "staff", _("工作人员")


class Post(Record):
    """A seat in a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(_("类别"), max_length=20, choices=PostKind.choices)
    name = models.CharField(_("岗位名称"), max_length=80)
    section = models.CharField(_("科室"), max_length=80, blank=True)
    portfolio = models.JSONField(_("分管领域"), default=list)
    serves = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="secretaries")
    closed_on = models.DateField(null=True)

    class Stream(Record.Stream):
        kind = "post"

    def __str__(self) -> str:
        return self.name


class Tenure(Part):
    """A person holds a post for a time."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tenures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tenures")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(until__isnull=True), name="one_holder_at_a_time"
            )
        ]

    class Stream(Part.Stream):
        of = "post"


class Role(models.TextChoices):
    """What a post may do beyond what its kind and unit already say."""

    COORDINATOR = "coordinator", _("整改办经办岗")
    REVIEWER = "reviewer", _("整改办审核岗")
    ACCEPTOR = "acceptor", _("验收岗")
    INSPECTOR = "inspector", _("回头看岗")
    SOURCE_AUTHORITY = "source_authority", _("来源机关岗")
    DECIDER = "decider", _("销号审定岗")
    CHANNEL_KEEPER = "channel_keeper", _("专线保管岗")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
    SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
    LOG_AUDITOR = "log_auditor", _("安全审计员")


class RoleGrant(Part):
    """A role given to a post by the security administrator, for a time."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=30, choices=Role.choices)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "role"], condition=models.Q(until__isnull=True), name="one_grant_of_a_role"
            )
        ]

    class Stream(Part.Stream):
        of = "post"


class Body(Record):
    """A leading group, task force or rectification office made of posts from many units, with dates."""

    class Kind(models.TextChoices):
        LEADING_GROUP = "leading_group", _("领导小组")
        TASK_FORCE = "task_force", _("专班")
        RECTIFICATION_OFFICE = "rectification_office", _("整改办")

    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=30, choices=Kind.choices)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bodies")
    since = models.DateField()
    until = models.DateField(null=True)

    class Stream(Record.Stream):
        kind = "body"

    def __str__(self) -> str:
        return self.name


class BodyMember(Part):
    """A post's membership of a body."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("组长")
        DEPUTY = "deputy", _("副组长")
        MEMBER = "member", _("成员")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    since = models.DateField()
    until = models.DateField(null=True)

    class Stream(Part.Stream):
        of = "body"


class StandIn(Record):
    """Somebody acts in a post for its absent holder, for a time; every act names both."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="stand_ins")
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200)

    class Stream(Record.Stream):
        kind = "stand_in"


class Handover(Record):
    """Open items pass with the post when its holder changes; the list of the day is kept."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="handovers")
    outgoing = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    incoming = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    items = models.JSONField(default=list)

    class Stream(Record.Stream):
        kind = "handover"


class Vacancy(Record):
    """岗位空缺: something waits for a post nobody holds, or for a unit in which nobody answers; who covers meanwhile.

    Kept by the program (`actions/vacancies.py`); it ends by itself when somebody sits there again or nothing waits.
    `falls_to` is the post of the principal the duty falls to, null where every one up to the top is vacant too.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="vacancies")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="vacancies")
    falls_to = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="covers")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post"],
                condition=models.Q(until__isnull=True, post__isnull=False),
                name="one_vacancy_of_a_post",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(until__isnull=True, post__isnull=True),
                name="one_vacancy_of_a_unit",
            ),
        ]

    class Stream(Record.Stream):
        kind = "vacancy"
