"""Policies about the way of a case: its days, who decides and judges, lights and ladder, looking back."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.policies import shapes
from bihuan.policies.deliberation_shapes import PARTY_INSPECTIONS, DeliberationShape
from bihuan.policies.handling_shapes import HandlingShape
from bihuan.policies.kinds import Kind, Start
from bihuan.policies.ladder_shapes import LadderShape, starting_ladder
from bihuan.policies.leading_shapes import STARTING_LEADING, STRICTER_LEADING, FocusShape, LeadingShape
from bihuan.policies.level_shapes import STARTING_LEVELS, LevelsShape
from bihuan.policies.panel_shapes import STARTING_PANEL, STARTING_PANEL_SEVERE, PanelShape
from bihuan.policies.rigour_shapes import RigourShape


def _term(count: int, unit: str, starts_on: str, *, rolls_over: bool = True) -> dict[str, Any]:
    return {
        "unit": unit,
        "count": count,
        "fixed_date": None,
        "starts_on": starts_on,
        "rolls_over": rolls_over and unit != "hours",
    }


def _steps(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "decider": decider} for name, decider in steps]


REVIEWED: Final = _steps(("审核", "reviewer"))
SIGNED: Final = _steps(("审核", "reviewer"), ("签批", "leading_group_deputy"))
DECIDED: Final = _steps(("审核", "reviewer"), ("签批", "leading_group"))
LONG_ROUTES: Final = {
    "submit_order": SIGNED,
    "submit_plan": SIGNED,
    "propose_amendment": SIGNED,
    "ask_extension": SIGNED,
    "ask_suspension": SIGNED,
}
SHORT_ROUTES: Final = dict.fromkeys(LONG_ROUTES, REVIEWED) | {"submit_order": SIGNED}
SEVERE_ROUTES: Final = dict.fromkeys(LONG_ROUTES, DECIDED)
WORKING: Final = "working_days"

OF_CASES: Final = (
    Kind(
        "deadline.acknowledge",
        _("签收时限"),
        _("交办后多久签收。"),
        shapes.TermShape,
        (
            Start(_term(2, WORKING, "assigned")),
            Start(_term(1, WORKING, "assigned"), {"grade": "severe"}),
        ),
    ),
    Kind(
        "deadline.plan",
        _("方案时限"),
        _("签收后多久报送整改方案。"),
        shapes.TermShape,
        (
            Start(_term(30, WORKING, "acknowledged")),
            Start(_term(15, WORKING, "acknowledged"), {"grade": "minor"}),
            Start(
                _term(45, WORKING, "feedback_received"),
                {"source": "environmental_inspection"},
                "第三轮中央生态环境保护督察整改要求",
            ),
        ),
    ),
    Kind(
        "deadline.rectification",
        _("整改时限"),
        _("来源没有规定期限时，按整改类型确定。"),
        shapes.KindTermsShape,
        (
            Start(
                {
                    "immediate": _term(15, WORKING, "assigned"),
                    "by_date": _term(3, "months", "assigned"),
                    "phased": _term(12, "months", "assigned"),
                    "continuous": _term(12, "months", "assigned"),
                }
            ),
        ),
    ),
    Kind(
        "deadline.acceptance",
        _("验收时限"),
        _("申请验收后多久作出结论。"),
        shapes.TermShape,
        (Start(_term(10, WORKING, "acceptance_applied")),),
    ),
    Kind(
        "deadline.notice",
        _("公示时限"),
        _("公示期从开始公示起算；应与“公示”规则一致。"),
        shapes.TermShape,
        (Start(_term(5, WORKING, "noticed", rolls_over=False)),),
    ),
    Kind(
        "internal_deadline",
        _("内部时限"),
        _("外部期限之前留出多少时间验收、公示和上报。"),
        shapes.InternalShape,
        (Start({"working_days_before": 15}),),
    ),
    Kind(
        "decline",
        _("交办异议"),
        _("多久以内可以提出不属于本单位职责。"),
        shapes.DeclineShape,
        (Start({"working_days": 5, "before_leading_group": shapes.STARTING_DECLINES}),),
    ),
    Kind(
        "handling",
        _("拟办建议"),
        _("拟办表里由谁牵头、配合、包抓，程序按什么建议；用不用由拟办的人定。"),
        HandlingShape,
        (
            Start(
                {
                    "history_months": 24,
                    "least_cases": 3,
                    "least_percent": 60,
                    "sponsor_from": "major",
                }
            ),
        ),
    ),
    Kind(
        "deliberation",
        _("会议研究"),
        _("哪些问题的方案和销号要先经单位党委(党组)等会议研究、主要负责人批准。"),
        DeliberationShape,
        (
            Start({"plan": False, "closure": False}),
            Start({"plan": True, "closure": True}, {"grade": "severe"}),
            *(Start({"plan": True, "closure": True}, {"source": source}) for source in PARTY_INSPECTIONS),
        ),
    ),
    Kind(
        "leading",
        _("领导带头"),
        _("包抓领导和第一责任人多久到现场督导一次；缺的在履责记录和重点问题清单上标出，不自动定论。"),
        LeadingShape,
        (
            Start(STARTING_LEADING),
            Start(STRICTER_LEADING, {"grade": "severe"}),
            Start(STRICTER_LEADING, {"supervision_level": "listed"}),
        ),
    ),
    Kind(
        "focus",
        _("重点问题清单"),
        _("哪些问题由程序建议列入重点问题清单；列不列由整改办定。"),
        FocusShape,
        (
            Start({"propose": False}),
            Start({"propose": True}, {"grade": "severe"}),
            Start({"propose": True}, {"supervision_level": "listed"}),
        ),
    ),
    Kind(
        "acceptance_panel",
        _("验收组"),
        _("哪些问题要由几个人组成验收组，逐人签署意见。"),
        PanelShape,
        (Start(STARTING_PANEL), Start(STARTING_PANEL_SEVERE, {"grade": "severe"})),
    ),
    Kind(
        "acceptance_levels",
        _("逐级验收"),
        _("单位自验以后由哪些级依次验收，销号以后报哪一级备案。"),
        LevelsShape,
        (Start(STARTING_LEVELS),),
    ),
    Kind(
        "notice",
        _("公示"),
        _("公示多久、在哪里公示。"),
        shapes.NoticeShape,
        (Start({"working_days": 5, "place": "政府门户网站整改公示专栏"}),),
    ),
    Kind(
        "extension",
        _("延期"),
        _("到期前申请，经批准才延期。"),
        shapes.ExtensionShape,
        (
            Start({"most": 2, "longest_days": 180, "ask_before_working_days": 5}),
            Start(
                {"most": 1, "longest_days": 180, "ask_before_working_days": 20},
                {"supervision_level": "listed"},
                "挂牌督办事项延期须提前 20 个工作日申请",
            ),
        ),
    ),
    Kind(
        "suspension",
        _("中止"),
        _("诉讼、季节等客观原因可以停表多久。"),
        shapes.SuspensionShape,
        (Start({"most": shapes.STARTING_SUSPENSIONS, "longest_days": 180}),),
    ),
    Kind(
        "lights",
        _("亮灯"),
        _("灯由程序按剩余时间、进度差距和延期情况得出，不能手填。"),
        shapes.LightsShape,
        (
            Start(
                {
                    "blue_days": 15,
                    "yellow_days": 10,
                    "orange_days": 3,
                    "blue_part": 2,
                    "yellow_part": 3,
                    "orange_part": 4,
                    "gap_yellow": 10,
                    "gap_orange": 30,
                    "extended_at_least": "blue",
                    "at_risk_at_least": "yellow",
                    "not_on_time_at_least": "orange",
                }
            ),
        ),
    ),
    Kind(
        "ladder",
        _("督办阶梯"),
        _("提醒由程序自动发出；督办函以上程序只提出，由人提请、另一人批准。"),
        LadderShape,
        (
            Start(starting_ladder((5, 15, 30, 45, 60), 10)),
            Start(starting_ladder((3, 8, 15, 25, 40), 5), {"grade": "severe"}),
        ),
    ),
    Kind(
        "rigour",
        _("办理程序"),
        _("程序的繁简随等级和来源而定。"),
        RigourShape,
        (
            Start({"short_path": False, "notice": "before_closure", "raise_at_return": 2}),
            Start({"short_path": True, "notice": "none", "raise_at_return": 2}, {"grade": "minor"}),
        ),
    ),
    Kind(
        "approval_route",
        _("审批路线"),
        _("每类事项由谁依次审批；提请的人不参加审批。"),
        shapes.ApprovalRouteShape,
        (
            Start({"routes": LONG_ROUTES}),
            Start({"routes": SHORT_ROUTES}, {"grade": "minor"}),
            Start({"routes": SEVERE_ROUTES}, {"grade": "severe"}),
        ),
    ),
    Kind(
        "lookback",
        _("回头看"),
        _("办结后何时再看；销号之外的办结方式同样要看。"),
        shapes.LookbackShape,
        (Start({"first_after_days": 90, "again_after_days": 365, "dates": []}),),
    ),
)
