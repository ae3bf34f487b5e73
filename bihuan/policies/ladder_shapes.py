"""What the ladder of a policy may hold: when each rung is proposed, what it needs and brings, and who decides it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from bihuan.policies.shapes import OFF_HELP, STEPS_HELP, Days, RouteSteps, Shape, ShapeProblem, column

CLOCKS: Final = {"every": _("各项时限"), "rectification": _("仅整改时限")}
AT_LIGHT: Final = {
    "never": _("不启用"),
    "yellow": _("黄灯"),
    "orange": _("橙灯"),
    "red": _("红灯"),
}
LEVELS: Final = {
    "unchanged": _("不变"),
    "priority": _("重点"),
    "raised": _("提级"),
    "listed": _("挂牌"),
}
RUNGS: Final = {
    "supervision_letter": _("督办函"),
    "circular": _("通报"),
    "admonitory_talk": _("约谈"),
    "public_listing": _("挂牌督办"),
    "accountability": _("问责建议"),
}
Times = Annotated[int, Field(ge=1, le=20)]


class ReminderShape(Shape):
    """The only rung the program climbs by itself."""

    clocks: Literal["every", "rectification"] = column(_("看哪些时限"), choices=CLOCKS)
    before_days: Days | None = column(_("到期前几个工作日"), help=OFF_HELP)
    again_before_days: Days | None = column(_("到期前几个工作日再提醒"), help=OFF_HELP)
    before_hours: Annotated[int, Field(ge=1, le=23)] | None = column(
        _("按小时计的期限：到期前几小时提醒"), default=None, help=OFF_HELP
    )
    after_days: Annotated[int, Field(ge=1, le=366)] | None = column(_("逾期几个工作日"), help=OFF_HELP)
    every_days: Annotated[int, Field(ge=1, le=366)] = column(_("逾期后每几个工作日再提醒"))
    most: Annotated[int, Field(ge=1, le=60)] = column(
        _("逾期后最多几次"), help=_("提出督办函以后，这个期限不再提醒。")
    )

    @model_validator(mode="after")
    def _in_order(self) -> ReminderShape:
        first, second = self.before_days, self.again_before_days
        if second is not None and (first is None or second >= first):
            raise ShapeProblem(_("再提醒要晚于第一次提醒。"))
        return self


class RungShape(Shape):
    """A rung: whichever of its conditions is met first proposes it; a named person takes it up, another approves."""

    clocks: Literal["every", "rectification"] = column(_("看哪些时限"), choices=CLOCKS)
    after_days: Annotated[int, Field(ge=1, le=366)] | None = column(_("逾期几个工作日提出"), help=OFF_HELP)
    at_light: Literal["never", "yellow", "orange", "red"] = column(_("亮到什么灯提出"), choices=AT_LIGHT)
    yellows: Times | None = column(_("整改时限第几次转为黄灯以上时提出"), help=OFF_HELP)
    returns: Times | None = column(_("验收退回几次提出"), help=OFF_HELP)
    gap_days: Days = column(_("距上一级办结至少几个工作日"))
    needs_conduct: bool = column(
        _("须先认定整改行为"), help=_("拒不整改、整改不到位、敷衍或虚假整改，经申辩和审批认定。")
    )
    level: Literal["unchanged", "priority", "raised", "listed"] = column(
        _("批准后督办级别至少为"), choices=LEVELS
    )
    route: RouteSteps = column(_("审批路线"), help=STEPS_HELP)


class LadderShape(Shape):
    """The ladder; read by `bihuan.deadlines.ladder.rules`."""

    reminder: ReminderShape = column(_("提醒"))
    supervision_letter: RungShape = column(_("督办函"))
    circular: RungShape = column(_("通报"))
    admonitory_talk: RungShape = column(_("约谈"))
    public_listing: RungShape = column(_("挂牌督办"))
    accountability: RungShape = column(_("问责建议"))
    starts_at: Literal[
        "supervision_letter", "circular", "admonitory_talk", "public_listing", "accountability"
    ] = column(_("从哪一级开始"), choices=RUNGS, help=_("提醒不在其内；以后逐级，不跳级。"))
    critical_starts_at: Literal[
        "supervision_letter", "circular", "admonitory_talk", "public_listing", "accountability"
    ] = column(_("特急事项从哪一级开始"), choices=RUNGS)
    conduct_reply_days: Annotated[int, Field(ge=1, le=60)] = column(_("申辩期限（工作日）"))
    conduct_route: RouteSteps = column(_("认定整改行为的审批路线"), help=STEPS_HELP)
    delisting_route: RouteSteps = column(_("摘牌、降低督办级别的审批路线"), help=STEPS_HELP)

    @model_validator(mode="after")
    def _conduct_stays(self) -> LadderShape:
        needed = False
        for name in RUNGS:
            rung: RungShape = getattr(self, name)
            if needed and not rung.needs_conduct:
                raise ShapeProblem(_("下一级须先认定整改行为的，以上各级也须认定。"))
            needed = rung.needs_conduct
        return self


def _steps(*deciders: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "decider": decider} for name, decider in deciders]


REVIEWED: Final = _steps(("审核", "reviewer"))
SIGNED: Final = _steps(("审核", "reviewer"), ("签批", "leading_group_deputy"))
DECIDED: Final = _steps(("审核", "reviewer"), ("签批", "leading_group"))


def _rung(after: int, level: str, route: list[dict[str, str]], **more: Any) -> dict[str, Any]:
    return {
        "clocks": "rectification",
        "after_days": after,
        "at_light": "never",
        "yellows": None,
        "returns": None,
        "gap_days": 10,
        "needs_conduct": True,
        "level": level,
        "route": route,
        **more,
    }


def starting_ladder(days: tuple[int, int, int, int, int], gap: int) -> dict[str, Any]:
    """The ladder a place begins with: working days after the deadline of each rung above the reminder."""
    letter, circular, talk, listing, accountability = days
    return {
        "reminder": {
            "clocks": "every",
            "before_days": 10,
            "again_before_days": 3,
            "before_hours": 4,
            "after_days": 1,
            "every_days": 5,
            "most": 3,
        },
        "supervision_letter": _rung(
            letter, "priority", REVIEWED, clocks="every", yellows=2, gap_days=0, needs_conduct=False
        ),
        "circular": _rung(circular, "raised", SIGNED, returns=2, gap_days=gap),
        "admonitory_talk": _rung(talk, "raised", SIGNED, returns=3, gap_days=gap),
        "public_listing": _rung(listing, "listed", DECIDED, gap_days=gap),
        "accountability": _rung(accountability, "unchanged", DECIDED, gap_days=gap),
        "starts_at": "supervision_letter",
        "critical_starts_at": "supervision_letter",
        "conduct_reply_days": 5,
        "conduct_route": SIGNED,
        "delisting_route": DECIDED,
    }
