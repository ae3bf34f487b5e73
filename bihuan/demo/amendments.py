"""A plan that was changed by approval, and the report that tells of it with the first promise beside the present one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bihuan.papers import actions as papers
from bihuan.rectification import actions as do
from bihuan.rectification.plan_trees import ASSURANCES

if TYPE_CHECKING:
    from bihuan.demo.courses import Course, Telling

REASON: Final = "沿河三处点位位于待拆迁地块，须随地块改造同步实施，原措施的工程量和次序都要调整。"
DONE: Final = "已完成底数排查，具备条件的点位全部开工，规范化标志牌安装过半。"
NEXT: Final = "待拆迁地块内的点位先行设置临时监测井，其余点位按调整后的方案完成。"


def amend(telling: Telling) -> Course:
    """One measure stays, one is worded anew, one is added; decided by whoever approved the plan."""
    first, second = telling.leaves()
    limit = second.deadline
    with telling.clock.now():
        plan = do.propose_amendment(
            telling.now(),
            reason=REASON,
            goal=f"{telling.case.title}问题分两批整改到位，待拆迁地块内的点位先行监测，群众认可。",
            measures=[
                replace(
                    telling.draft(first.text, first.deadline, first.deliverable), continues=first.pk
                ),
                replace(
                    telling.draft("分两批整改，逐项验收销号", limit, "整改记录和监测报告"),
                    continues=second.pk,
                    milestones=telling.halfway(limit),
                ),
                telling.draft("待拆迁地块内设置临时监测井并每周监测", limit - timedelta(days=10), "监测台账"),
            ],
            five_assurances=dict.fromkeys(ASSURANCES, "已落实"),
            actor=telling.city.actor(telling.case.by),
        )  # fmt: skip
    plan.refresh_from_db()
    yield 2
    telling.decide(plan.approval_id)
    yield 9
    telling.report(45, "按调整后的方案推进，" + DONE)
    with telling.clock.now():
        papers.draft_paper(
            [telling.now()], kind="report", recipients=[telling.city.units["YC-ZG"]],
            given={"整改情况": DONE, "下步打算": NEXT}, actor=telling.city.actor(telling.case.by),
        )  # fmt: skip
