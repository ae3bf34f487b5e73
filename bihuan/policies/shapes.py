"""What the body of a policy may hold: one shape a code, checked on the way in.

The words people see (labels, help, choices) stand with the columns they belong to; pages make their forms from them,
so a form and the check behind it cannot differ. No fractions anywhere: bodies are journalled, and shares are per cent.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bihuan.journal.wording import listed
from bihuan.text.starting_taxonomy import IMPACTS, NATURES, URGENCIES

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS_MOST: Final = 3660
STARTING_DECLINES: Final = 2
STARTING_SUSPENSIONS: Final = 2
"""What the rule was before it was written into the policy, and what it still starts with."""


class ShapeProblem(ValueError):
    """A body contradicts itself; the first argument says how, in the reader's language."""


class Shape(BaseModel):
    """A body: nothing unknown, nothing guessed (``"5"`` is not 5)."""

    # Made ready when first asked: most commands never judge a body.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


def _iso_day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(text)
    return text


IsoDay: TypeAlias = Annotated[str, AfterValidator(_iso_day)]
Days: TypeAlias = Annotated[int, Field(ge=0, le=DAYS_MOST)]


def column(
    title: Any,
    *,
    help: Any = "",  # noqa: A002  (the word forms use)
    choices: Mapping[str, Any] | None = None,
    **default: Any,
) -> Any:
    """A column with the words people see; without `default` or `default_factory` it must be given."""
    return Field(title=title, description=help, json_schema_extra={"choices": dict(choices or {})}, **default)


UNITS: Final = {
    "hours": _("小时"),
    "working_days": _("工作日"),
    "calendar_days": _("自然日"),
    "months": _("个月"),
    "fixed_date": _("固定日期"),
}
EVENTS: Final = {
    "registered": _("登记"),
    "feedback_received": _("收到反馈"),
    "assigned": _("交办"),
    "acknowledged": _("签收"),
    "plan_approved": _("方案批准"),
    "acceptance_applied": _("申请验收"),
    "noticed": _("开始公示"),
    "closed": _("销号"),
}


class TermShape(Shape):
    """When something is due. The first day is not counted; see `bihuan.calendars.rules.Term`, which reads this."""

    unit: Literal["hours", "working_days", "calendar_days", "months", "fixed_date"] = column(
        _("单位"), choices=UNITS
    )
    count: Annotated[int, Field(ge=0, le=DAYS_MOST)] | None = column(_("数量"), default=None)
    fixed_date: IsoDay | None = column(_("固定日期"), default=None, help=_("单位选“固定日期”时填写。"))
    starts_on: Literal[
        "",
        "registered",
        "feedback_received",
        "assigned",
        "acknowledged",
        "plan_approved",
        "acceptance_applied",
        "noticed",
        "closed",
    ] = column(_("从何时起算"), default="", help=_("当天不计入。"), choices=EVENTS)
    rolls_over: bool = column(_("末日遇休息日顺延"), default=False)

    @model_validator(mode="after")
    def _whole(self) -> TermShape:
        if self.unit == "fixed_date":
            if self.fixed_date is None or self.count is not None:
                raise ShapeProblem(_("固定日期要填日期，不填数量。"))
        elif self.count is None or self.fixed_date is not None or not self.starts_on:
            raise ShapeProblem(_("要填数量和起算事件，不填固定日期。"))
        if self.unit == "hours" and self.rolls_over:
            raise ShapeProblem(_("按小时计的期限不顺延。"))
        return self


class KindTermsShape(Shape):
    """A term for each rectification kind."""

    immediate: TermShape = column(_("立行立改"))
    by_date: TermShape = column(_("限期整改"))
    phased: TermShape = column(_("分阶段整改"))
    continuous: TermShape = column(_("持续整改"))


class InternalShape(Shape):
    """Our own earlier date."""

    working_days_before: Days = column(_("早于外部期限（工作日）"))


class DeclineShape(Shape):
    """How long a unit may say that a problem is not its own."""

    working_days: Days = column(_("异议期限（工作日）"), help=_("自交办之日起，当天不计入。"))
    before_leading_group: Annotated[int, Field(ge=1, le=20)] = column(
        _("几次异议后由领导小组决定"), default=STARTING_DECLINES
    )


class NoticeShape(Shape):
    """Period and place of the public notice."""

    working_days: Days = column(_("公示期（工作日）"))
    place: Annotated[str, Field(min_length=1, max_length=120)] = column(_("公示载体"))


class ExtensionShape(Shape):
    """How often, how long and until when one may ask for more time."""

    most: Annotated[int, Field(ge=0, le=20)] = column(_("最多次数"))
    longest_days: Days = column(_("累计最长（自然日）"))
    ask_before_working_days: Days = column(_("至少提前申请（工作日）"))


class SuspensionShape(Shape):
    """How often, and how long in all, a clock may stand still."""

    most: Annotated[int, Field(ge=0, le=20)] = column(_("最多次数"), default=STARTING_SUSPENSIONS)
    longest_days: Days = column(_("累计最长（自然日）"))


COLOURS: Final = {
    "green": _("绿灯"),
    "blue": _("蓝灯"),
    "yellow": _("黄灯"),
    "orange": _("橙灯"),
    "red": _("红灯"),
}
Part: TypeAlias = Annotated[int, Field(ge=1, le=20)]
Colour = Literal["green", "blue", "yellow", "orange", "red"]
OFF_HELP: Final = _("留空即不启用。")


class LightsShape(Shape):
    """Thresholds of the lights; read by `bihuan.deadlines.rules.Thresholds`."""

    blue_days: Days | None = column(_("剩余几天亮蓝灯"), help=OFF_HELP)
    yellow_days: Days | None = column(_("剩余几天亮黄灯"), help=OFF_HELP)
    orange_days: Days | None = column(_("剩余几天亮橙灯"), help=OFF_HELP)
    blue_part: Part = column(
        _("短时限：蓝灯不早于最后几分之一"),
        help=_("如填 2：只有几天或几小时的时限，过了一半才亮。"),
        default=2,
    )
    yellow_part: Part = column(_("短时限：黄灯不早于最后几分之一"), default=3)
    orange_part: Part = column(_("短时限：橙灯不早于最后几分之一"), default=4)
    gap_yellow: Annotated[int, Field(ge=0, le=100)] | None = column(
        _("落后序时进度几个百分点亮黄灯"), help=OFF_HELP
    )
    gap_orange: Annotated[int, Field(ge=0, le=100)] | None = column(
        _("落后序时进度超过几个百分点亮橙灯"), help=OFF_HELP
    )
    extended_at_least: Colour = column(
        _("延期后最轻的灯"),
        help=_("改期限换不来绿灯。"),
        choices=COLOURS,
    )
    at_risk_at_least: Colour = column(
        _("判断有风险时最轻的灯"), help=_("说“能按期”换不来更好的灯。"), choices=COLOURS, default="yellow"
    )
    not_on_time_at_least: Colour = column(_("判断不能按期时最轻的灯"), choices=COLOURS, default="orange")

    @model_validator(mode="after")
    def _in_order(self) -> LightsShape:
        days = [one for one in (self.blue_days, self.yellow_days, self.orange_days) if one is not None]
        if days != sorted(days, reverse=True):
            raise ShapeProblem(_("蓝灯不晚于黄灯，黄灯不晚于橙灯。"))
        if self.gap_yellow is not None and self.gap_orange is not None and self.gap_yellow > self.gap_orange:
            raise ShapeProblem(_("黄灯的差距不大于橙灯的差距。"))
        if not self.blue_part <= self.yellow_part <= self.orange_part:
            raise ShapeProblem(_("短时限里同样蓝灯不晚于黄灯，黄灯不晚于橙灯。"))
        colours = list(COLOURS)
        if colours.index(self.at_risk_at_least) > colours.index(self.not_on_time_at_least):
            raise ShapeProblem(_("有风险时的灯不重于不能按期时的灯。"))
        return self


class NumberingShape(Shape):
    """A pattern, checked in full by the room that numbers (`bihuan.ledger.numbering_rules`)."""

    pattern: Annotated[str, Field(min_length=1, max_length=60)] = column(
        _("编号格式"),
        help=_("例如 ZG-{year}-{serial:04}；可用 {year} {quarter} {month} {day} {source} {jurisdiction}。"),
    )

    @model_validator(mode="after")
    def _counts(self) -> NumberingShape:
        if self.pattern.count("{serial") != 1:
            raise ShapeProblem(_("格式里要有且只有一个流水号，如 {serial:04}。"))
        return self


class LookbackShape(Shape):
    """When ended problems are looked at again."""

    first_after_days: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(_("首次回头看：办结后（自然日）"))
    again_after_days: Annotated[int, Field(ge=1, le=DAYS_MOST)] | None = column(
        _("再次回头看：间隔（自然日）"), default=None, help=OFF_HELP
    )
    dates: list[IsoDay] = column(
        _("集中回头看日期"), default_factory=list, help=_("每行一个日期，如 2026-12-01。")
    )


DECIDERS: Final = {
    "reviewer": _("整改办审核岗"),
    "leading_group": _("领导小组组长"),
    "leading_group_deputy": _("领导小组副组长"),
    "principal": _("牵头单位主要负责人"),
    "deputy_in_charge": _("牵头单位分管负责人"),
    "sector_authority": _("行业主管部门主要负责人"),
    "sponsor": _("包抓领导"),
}


class RouteStepShape(Shape):
    """One step of a route: its name, and whose post decides it."""

    name: Annotated[str, Field(min_length=1, max_length=40)] = column(_("环节名称"))
    decider: Literal[
        "reviewer",
        "leading_group",
        "leading_group_deputy",
        "principal",
        "deputy_in_charge",
        "sector_authority",
        "sponsor",
    ] = column(_("审批人"), choices=DECIDERS)


RouteSteps: TypeAlias = Annotated[list[RouteStepShape], Field(min_length=1, max_length=12)]
STEPS_HELP: Final = _("每行一个环节，写“名称：审批人”，按先后顺序。")


class RoutesShape(Shape):
    """The route of each matter."""

    submit_order: RouteSteps = column(_("交办单"), help=STEPS_HELP)
    submit_plan: RouteSteps = column(_("整改方案"), help=STEPS_HELP)
    propose_amendment: RouteSteps = column(_("方案调整"), help=STEPS_HELP)
    ask_extension: RouteSteps = column(_("延期"), help=STEPS_HELP)
    ask_suspension: RouteSteps = column(_("中止"), help=STEPS_HELP)


class ApprovalRouteShape(Shape):
    """Who approves what."""

    routes: RoutesShape = column(_("审批路线"))


MATRIX_KEYS: Final = tuple(f"{n.code}/{i.code}/{u.code}" for n in NATURES for i in IMPACTS for u in URGENCIES)


class GradeMatrixShape(Shape):
    """Nature × impact × urgency → grade. An office may add natures of its own; the starting ones must all be there."""

    matrix: dict[
        Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+/[\w.-]+$")], Literal["minor", "major", "severe"]
    ] = column(_("等级矩阵"))

    @model_validator(mode="after")
    def _complete(self) -> GradeMatrixShape:
        missing = [key for key in MATRIX_KEYS if key not in self.matrix]
        if missing:
            raise ShapeProblem(_("缺少这些格：%(keys)s") % {"keys": listed(missing[:5])})
        return self


READERSHIPS: Final = {"ordinary": _("按职责范围可见"), "restricted": _("限定知悉范围")}


class ReadershipShape(Shape):
    """Who may know of a new problem unless somebody says otherwise."""

    ordinary: Literal["ordinary", "restricted"] = column(_("一般问题"), choices=READERSHIPS)
    work_secret: Literal["ordinary", "restricted"] = column(_("带有工作秘密标志的问题"), choices=READERSHIPS)


class SealSampleShape(Shape):
    """How much of a batch the second person looks at again before sealing it."""

    percent: Annotated[int, Field(ge=1, le=100)] = column(_("抽查比例（%）"), help=_("占应抽片段的百分比。"))
    least: Annotated[int, Field(ge=1, le=1000)] = column(_("至少（段）"), help=_("片段不足此数的全部抽查。"))
    most: Annotated[int, Field(ge=1, le=1000)] = column(
        _("至多（段）"), help=_("每份文件、每种交代至少抽一段，因此可能超过此数。")
    )
    dropped_weight: Annotated[int, Field(ge=1, le=20)] = column(
        _("未入账片段的权重"),
        help=_("背景、成绩、要求、已采取措施、重复、不是问题：抽中机会是其他片段的几倍。"),
    )

    @model_validator(mode="after")
    def _in_order(self) -> SealSampleShape:
        if self.most < self.least:
            raise ShapeProblem(_("至多的段数不能少于至少的段数。"))
        return self


class CaseFileShape(Shape):
    """How long copies of case files lie ready to be fetched."""

    kept_days: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(
        _("保留几天（自然日）"), help=_("到期自动清除，可以重新装订；已经装订的不变。")
    )


class ApiKeyShape(Shape):
    """How long a program's key may open the door; calendar days."""

    proposed_days: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(_("有效期（默认，自然日）"))
    longest_days: Annotated[int, Field(ge=1, le=DAYS_MOST)] = column(
        _("有效期（最长，自然日）"), help=_("已经签发的密钥不变。")
    )

    @model_validator(mode="after")
    def _in_order(self) -> ApiKeyShape:
        if self.proposed_days > self.longest_days:
            raise ShapeProblem(_("默认的有效期不能超过最长的有效期。"))
        return self


Share: TypeAlias = Annotated[int, Field(ge=0, le=100)]


class LearningShape(Shape):
    """How an office's classifier is trained, and when a new one is taken into use (`bihuan.learning`)."""

    every_days: Days = column(_("每隔几天自动学习"), help=_("填 0 即只由人发起。"))
    held_back: Annotated[int, Field(ge=5, le=50)] = column(
        _("留作检验（%）"), help=_("按问题固定抽取，任何一版都不学。")
    )
    least_rows: Annotated[int, Field(ge=10, le=10_000)] = column(_("至少检验几条"))
    least_gain: Share = column(_("准确率至少提高几个百分点"))
    most_chance: Annotated[int, Field(ge=1, le=50)] = column(
        _("偶然的可能不超过（%）"), help=_("两版一样好时，出现这样差距的可能。")
    )
    accuracy: Annotated[int, Field(ge=50, le=99)] = column(
        _("有把握才说：要求的准确率（%）"), help=_("达不到时只给参考，不作建议。")
    )
    most_examples: Annotated[int, Field(ge=100, le=200_000)] = column(_("最多学最近几条"))
    minutes: Annotated[int, Field(ge=1, le=240)] = column(_("最长学几分钟"))
    memory: Annotated[int, Field(ge=512, le=65_536)] = column(_("最多占用内存（MB）"))


Body: TypeAlias = dict[str, Any]
