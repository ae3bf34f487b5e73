"""A ladder read out: one line a rung, with every number that counts and nothing that is switched off."""

from __future__ import annotations

import pytest

from bihuan.policies.ladder_shapes import RUNGS, starting_ladder
from bihuan.policies.wording import facts_of, summary_of


def told(**changes) -> dict[str, str]:
    body = starting_ladder((5, 15, 30, 45, 60), 10)
    for rung, values in changes.items():
        body[rung] = {**body[rung], **values}
    return {str(fact["label"]): str(fact["value"]) for fact in facts_of("ladder", body)}


def test_each_rung_is_one_line_with_its_numbers_and_who_decides():
    lines = told()
    assert set(map(str, RUNGS.values())) <= lines.keys()
    assert lines["督办函"] == (
        "逾期 5 个工作日，或整改时限第 2 次转为黄灯以上；看各项时限；督办级别至少为重点；审核（整改办审核岗）"
    )
    assert "须先认定整改行为" in lines["通报"]
    assert "验收退回 2 次" in lines["通报"]


def test_reminders_say_before_after_and_how_often():
    assert told()["提醒"] == (
        "到期前 10 个工作日；到期前 3 个工作日；按小时计的，到期前 4 小时；逾期 1 个工作日，以后每 5 个工作日，共不超过 3 次；看各项时限"
    )


def test_what_is_switched_off_says_so():
    off = {"after_days": None, "yellows": None, "returns": None, "at_light": "never"}
    assert told(circular=off)["通报"] == "不启用"
    assert "亮到红灯" in told(circular={"at_light": "red"})["通报"]


@pytest.mark.parametrize("name", ["督办函", "认定", "摘牌"])
def test_routes_stand_in_words(name):
    assert "整改办审核岗" in told()[name]


def test_a_list_shows_it_in_short():
    assert summary_of("ladder", starting_ladder((5, 15, 30, 45, 60), 10)).endswith("…")
