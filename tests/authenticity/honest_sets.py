"""Honest sets of evidence, each entered by the people and actions of the loop: what offices do every day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.authenticity.pictures import (
    cropped,
    jpeg,
    noon,
    paper,
    photograph,
    scene,
    sheet,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bihuan.ledger.models import Problem
    from tests.authenticity.conftest import Stage

    Make = Callable[[Stage], Problem]

SITE = ("30.250000", "104.600000")
AT_THE_SITE = (30.2508, 104.6011)
RULES = ["第一条　为加强供水管网管理，制定本办法。", "第二条　本办法自印发之日起施行。"]


def photographs_forwarded_by_a_messenger(stage: Stage) -> Problem:
    """No camera data, smaller, compressed hard: how most photographs arrive."""
    problem = stage.problem()
    stage.days(15)
    for seed, kind in ((31, "before"), (32, "after"), (33, "after")):
        stage.hand_in(problem, jpeg(scene(seed).resize((540, 405)), f"微信图片_{seed}.jpg", quality=45), kind)
    stage.apply(problem)
    return problem


def one_regulation_for_ten_problems(stage: Stage) -> Problem:
    problems = [stage.elsewhere() for _ in range(9)]
    for problem in problems:
        stage.hand_in(
            problem, regulation(), "document", by=stage.story.cast.sector_handler, on=dt.date(2026, 3, 1)
        )
    own = stage.problem()
    stage.hand_in(own, regulation(), "document", on=dt.date(2026, 3, 1))
    stage.apply(own)
    return own


def regulation() -> object:
    return paper("管理办法.docx", "云川市城市供水管网管理办法（试行）", RULES, "2026年3月1日")


def minutes_that_decided_two_problems(stage: Stage) -> Problem:
    first, second = stage.elsewhere(), stage.problem()
    for problem, by in ((first, stage.story.cast.sector_handler), (second, stage.story.cast.handler)):
        file = paper("纪要.docx", "市政府专题会议纪要", ["会议议定两项整改。"], "2026年3月2日")
        stage.hand_in(problem, file, "document", by=by)
    stage.apply(second)
    return second


def one_photograph_cited_by_several_measures(stage: Stage) -> Problem:
    problem = stage.problem_with_measures(3)
    proof = stage.hand_in(problem, photograph(34))
    stage.cite(proof, stage.story.measures(problem))
    stage.apply(problem)
    return problem


def fault_and_repair_from_the_same_stand(stage: Stage) -> Problem:
    """The same place, the fault painted over by the repair."""
    problem = stage.problem()
    stage.hand_in(problem, jpeg(stage.scene_with(35, fault=True), "前.jpg"), "before")
    stage.days(12)
    stage.hand_in(problem, jpeg(stage.scene_with(35, fault=False), "后.jpg"), "after")
    stage.apply(problem)
    return problem


def two_shots_of_one_repair(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(4)
    stage.hand_in(problem, photograph(36, "后1.jpg"))
    stage.hand_in(problem, jpeg(cropped(scene(36), 0.03), "后2.jpg"))
    stage.apply(problem)
    return problem


def photographs_of_the_right_day_and_place(stage: Stage) -> Problem:
    problem = stage.at_site(*SITE)
    before = noon(stage.today)
    stage.days(25)
    stage.hand_in(problem, photograph(37, taken=before, spot=AT_THE_SITE), "before", on=before.date())
    stage.hand_in(problem, photograph(38, taken=noon(stage.today), spot=AT_THE_SITE), on=stage.today)
    stage.apply(problem)
    return problem


def a_place_without_reception(stage: Stage) -> Problem:
    problem = stage.at_site(*SITE)
    stage.days(5)
    stage.hand_in(problem, photograph(39, taken=noon(stage.today), spot=(0.0, 0.0)))
    stage.apply(problem)
    return problem


def photograph_of_the_fault_from_before_the_inspection(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.hand_in(problem, photograph(40, taken=noon(dt.date(2026, 1, 12))), "before")
    stage.days(10)
    stage.hand_in(problem, photograph(41, taken=noon(stage.today)))
    stage.apply(problem)
    return problem


def day_typed_some_days_late(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(8)
    taken = noon(stage.today)
    stage.days(4)
    stage.hand_in(problem, photograph(42, taken=taken), on=stage.today)
    stage.apply(problem)
    return problem


def paper_scanned_long_after_it_was_signed(stage: Stage) -> Problem:
    problem = stage.problem()
    signed = stage.today
    stage.days(70)
    file = paper("检测报告.docx", "管网检测报告", ["合格。"], "2026年3月2日", begun=noon(stage.today))
    stage.hand_in(problem, file, "document", on=signed)
    stage.apply(problem)
    return problem


def ledger_kept_from_the_beginning(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(60)
    rows = [["日期", "漏损率"], ["2026-03-02", 18], ["2026-04-30", 9]]
    stage.hand_in(problem, sheet("漏损率台账.xlsx", rows), "document", on=stage.today)
    stage.apply(problem)
    return problem


def paper_without_any_day(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(3)
    stage.hand_in(problem, paper("说明.docx", "整改情况说明", ["已更换。"]), "document")
    stage.apply(problem)
    return problem


def finished_and_photographed_the_day_after(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(20)
    stage.told(problem, f"{stage.today}已更换管网12公里。")
    stage.days(2)
    stage.hand_in(problem, photograph(44, taken=noon(stage.today)))
    stage.apply(problem)
    return problem


def steady_work_and_then_a_visit(stage: Stage) -> Problem:
    problem = stage.problem()
    for number, seed in enumerate((45, 46, 47, 48)):
        stage.days(12)
        stage.told(problem, f"本月更换管网{number + 2}公里，完成{20 * (number + 1)}处。", 20 * (number + 1))
        stage.hand_in(problem, photograph(seed), "after")
    stage.visit_announced(problem, stage.today + dt.timedelta(days=3))
    stage.days(3)
    stage.apply(problem)
    return problem


def same_words_with_new_figures(stage: Stage) -> Problem:
    problem = stage.problem()
    for month, done in ((3, 4), (4, 9), (5, 12)):
        words = f"截至{month}月底，施工单位按照进度安排累计更换老旧管网{done}公里，沿线商户出行未受影响。"
        stage.told(problem, words, 100 if done == 12 else done * 8)
        stage.days(30)
    stage.hand_in(problem, photograph(49))
    stage.apply(problem)
    return problem


def one_report_on_three_measures(stage: Stage) -> Problem:
    problem = stage.problem_with_measures(3)
    stage.told(problem, "三项措施已同步完成，管网更换、阀门检修和用户水表轮换均通过分项验收。")
    stage.hand_in(problem, photograph(50))
    stage.apply(problem)
    return problem


def plan_and_deed_in_one_report(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(10)
    stage.told(problem, "局党组高度重视，已更换管网12公里；下一步将加强巡查，确保不反弹。")
    stage.hand_in(problem, photograph(51))
    stage.apply(problem)
    return problem


def other_places_under_the_same_sky(stage: Stage) -> Problem:
    """Many photographs of many problems; none is another."""
    first, second = stage.elsewhere(), stage.problem()
    for seed in range(60, 66):
        stage.hand_in(first, photograph(seed), by=stage.story.cast.sector_handler)
        stage.hand_in(second, photograph(seed + 10))
    stage.apply(second)
    return second


def blank_pages_everywhere(stage: Stage) -> Problem:
    """Scans of blank backs are all alike and say nothing."""
    from PIL import Image

    first, second = stage.elsewhere(), stage.problem()
    stage.hand_in(
        first, jpeg(Image.new("RGB", (600, 800), "white"), "背面.jpg"), by=stage.story.cast.sector_handler
    )
    stage.hand_in(second, jpeg(Image.new("RGB", (620, 810), "white"), "背面.jpg"))
    stage.apply(second)
    return second


HONEST: tuple[Make, ...] = (
    photographs_forwarded_by_a_messenger,
    one_regulation_for_ten_problems,
    minutes_that_decided_two_problems,
    one_photograph_cited_by_several_measures,
    fault_and_repair_from_the_same_stand,
    two_shots_of_one_repair,
    photographs_of_the_right_day_and_place,
    a_place_without_reception,
    photograph_of_the_fault_from_before_the_inspection,
    day_typed_some_days_late,
    paper_scanned_long_after_it_was_signed,
    ledger_kept_from_the_beginning,
    paper_without_any_day,
    finished_and_photographed_the_day_after,
    steady_work_and_then_a_visit,
    same_words_with_new_figures,
    one_report_on_three_measures,
    plan_and_deed_in_one_report,
    other_places_under_the_same_sky,
    blank_pages_everywhere,
)
