"""Twenty doctored sets of evidence and twenty honest ones, each entered by the people and actions of the loop.

A doctored set names the kinds of doubt it must raise, and no others; an honest one raises none.
"""

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
    stamped,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bihuan.ledger.models import Problem
    from tests.authenticity.conftest import Stage

    Make = Callable[[Stage], Problem]

SITE = ("30.250000", "104.600000")
AT_THE_SITE, FAR_AWAY = (30.2508, 104.6011), (30.4100, 104.9000)
COMPLETION = "云川市供水管网改造竣工资料"
RULES = ["第一条　为加强供水管网管理，制定本办法。", "第二条　本办法自印发之日起施行。"]


# ---- doctored -----------------------------------------------------------------------------------------------------


def photograph_of_another_problem(stage: Stage) -> Problem:
    first, second = stage.elsewhere(), stage.problem()
    stage.hand_in(first, photograph(1), by=stage.story.cast.sector_handler)
    stage.hand_in(second, photograph(1, "现场照片.jpg"))
    stage.apply(second)
    return second


def _altered(stage: Stage, change: Callable[..., object], seed: int, **how: object) -> Problem:
    first, second = stage.elsewhere(), stage.problem()
    stage.hand_in(first, photograph(seed), by=stage.story.cast.sector_handler)
    stage.hand_in(second, jpeg(change(scene(seed)), "整改后.jpg", **how))
    stage.apply(second)
    return second


def photograph_saved_again(stage: Stage) -> Problem:
    return _altered(stage, lambda picture: picture, 2, quality=35)


def photograph_made_smaller(stage: Stage) -> Problem:
    return _altered(stage, lambda picture: picture.resize((320, 240)), 3, quality=60)


def photograph_with_its_sides_cut_off(stage: Stage) -> Problem:
    return _altered(stage, lambda picture: cropped(picture, 0.08), 4)


def photograph_with_another_date_written_in(stage: Stage) -> Problem:
    return _altered(stage, stamped, 5)


def photograph_of_the_round_before(stage: Stage) -> Problem:
    problem = stage.rebounded(photograph(6))
    stage.days(5)
    stage.hand_in(problem, jpeg(scene(6).resize((480, 360)), "第二轮整改后.jpg"))
    stage.apply(problem, told="再次更换管网3公里。")
    return problem


def completion_papers_of_another_problem(stage: Stage) -> Problem:
    first, second = stage.elsewhere(), stage.problem()
    stage.hand_in(first, paper("竣工资料.docx", COMPLETION), "document", by=stage.story.cast.sector_handler)
    stage.hand_in(second, paper("竣工资料.docx", COMPLETION), "document")
    stage.apply(second)
    return second


def before_saved_again_as_after(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.hand_in(problem, photograph(8, "整改前.jpg"), "before")
    stage.hand_in(problem, jpeg(scene(8), "整改后.jpg", quality=55), "after")
    stage.apply(problem)
    return problem


def photograph_older_than_the_finding(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(20)
    stage.hand_in(problem, photograph(9, taken=noon(dt.date(2025, 9, 10))))
    stage.apply(problem)
    return problem


def photograph_from_the_future(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(10)
    stage.hand_in(problem, photograph(10, taken=noon(stage.today + dt.timedelta(days=12))))
    stage.apply(problem)
    return problem


def before_taken_long_after_after(stage: Stage) -> Problem:
    problem = stage.problem()
    first = stage.today
    stage.days(20)
    stage.hand_in(problem, photograph(11, "后.jpg", taken=noon(first + dt.timedelta(days=5))))
    stage.hand_in(problem, photograph(12, "前.jpg", taken=noon(first + dt.timedelta(days=15))), "before")
    stage.apply(problem)
    return problem


def old_photograph_said_to_be_of_today(stage: Stage) -> Problem:
    problem = stage.problem()
    taken = stage.today + dt.timedelta(days=2)
    stage.days(40)
    stage.hand_in(problem, photograph(13, taken=noon(taken)), on=stage.today)
    stage.apply(problem)
    return problem


def photograph_from_another_town(stage: Stage) -> Problem:
    problem = stage.at_site(*SITE)
    stage.days(6)
    stage.hand_in(problem, photograph(14, taken=noon(stage.today), spot=FAR_AWAY))
    stage.apply(problem)
    return problem


def paper_signed_after_its_day(stage: Stage) -> Problem:
    problem = stage.problem()
    claimed = stage.today + dt.timedelta(days=3)
    stage.days(40)
    file = paper("监测报告.docx", "水质监测报告", ["三次监测均低于限值。"], "二〇二六年四月八日")
    stage.hand_in(problem, file, "document", on=claimed)
    stage.apply(problem)
    return problem


def ledger_written_for_the_occasion(stage: Stage) -> Problem:
    problem = stage.problem()
    claimed = stage.today
    stage.days(60)
    file = sheet("巡查台账.xlsx", [["日期", "情况"], ["三月", "正常"]], begun=noon(stage.today))
    stage.hand_in(problem, file, "document", on=claimed)
    stage.apply(problem)
    return problem


def done_before_anything_was_done(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(3)
    stage.told(problem, "2026年3月5日已更换管网12公里。")
    stage.days(60)
    stage.hand_in(problem, photograph(16, taken=noon(stage.today)))
    stage.apply(problem)
    return problem


def everything_in_the_week_of_the_visit(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(55)
    stage.visit_announced(problem, stage.today + dt.timedelta(days=3))
    for number, seed in enumerate((21, 22, 23, 24)):
        stage.hand_in(problem, photograph(seed), "after" if number else "before")
    stage.days(3)
    stage.apply(problem)
    return problem


def report_copied_from_last_month(stage: Stage) -> Problem:
    problem = stage.problem()
    words = "已组织人员对管网进行排查并督促施工单位进场更换老旧管道，群众反映良好。"
    stage.told(problem, f"截至2026年3月，{words}", 40)
    stage.days(31)
    stage.told(problem, f"截至2026年4月，{words}", 100)
    stage.hand_in(problem, photograph(17))
    stage.apply(problem)
    return problem


def report_copied_from_another_unit(stage: Stage) -> Problem:
    words = "已召开专题会议部署，组织两个工作组进驻现场，完成全部点位排查并建立整改台账。"
    first, second = stage.elsewhere(), stage.problem()
    stage.told(first, words, 60, by=stage.story.cast.sector_handler)
    stage.days(8)
    stage.told(second, words)
    stage.hand_in(second, photograph(18))
    stage.apply(second)
    return second


def nothing_but_promises(stage: Stage) -> Problem:
    problem = stage.problem()
    stage.days(9)
    stage.told(problem, "局党组高度重视，下一步将加快推进，确保整改到位。")
    stage.hand_in(problem, photograph(19))
    stage.apply(problem)
    return problem


def one_person_works_and_approves(stage: Stage) -> Problem:
    """The reviewer approved the plan; then sat in the water office's chair and handed in the proof."""
    problem = stage.problem()
    reviewer = stage.story.cast.reviewer
    stage.hand_in(problem, photograph(20), by=stage.moved(reviewer, "WATER"))
    stage.apply(problem)
    return problem


DOCTORED: dict[Make, tuple[str, ...]] = {
    photograph_of_another_problem: ("same_file",),
    photograph_saved_again: ("near_photo",),
    photograph_made_smaller: ("near_photo",),
    photograph_with_its_sides_cut_off: ("near_photo",),
    photograph_with_another_date_written_in: ("near_photo",),
    photograph_of_the_round_before: ("near_photo",),
    completion_papers_of_another_problem: ("same_file",),
    before_saved_again_as_after: ("same_scene",),
    photograph_older_than_the_finding: ("photo_time",),
    photograph_from_the_future: ("photo_time",),
    before_taken_long_after_after: ("photo_time",),
    old_photograph_said_to_be_of_today: ("photo_time",),
    photograph_from_another_town: ("photo_place",),
    paper_signed_after_its_day: ("document_date",),
    ledger_written_for_the_occasion: ("document_date",),
    done_before_anything_was_done: ("early_completion",),
    everything_in_the_week_of_the_visit: ("visit_burst",),
    report_copied_from_last_month: ("copied_progress",),
    report_copied_from_another_unit: ("copied_progress",),
    nothing_but_promises: ("only_promise",),
    one_person_works_and_approves: ("two_roles",),
}


# ---- honest -------------------------------------------------------------------------------------------------------


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
