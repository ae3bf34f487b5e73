"""Doctored sets of evidence, each entered by the people and actions of the loop, with the doubt each must raise."""

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
FAR_AWAY = (30.4100, 104.9000)
COMPLETION = "云川市供水管网改造竣工资料"


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
