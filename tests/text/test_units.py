from __future__ import annotations

import pytest

from bihuan.text.units import KnownUnit, UnitIndex, unit_names_in

UNITS = UnitIndex.of(
    [
        KnownUnit("1", "临河市生态环境局", ("市生态环境局", "生态环境局")),
        KnownUnit("2", "青石县生态环境局"),
        KnownUnit("3", "临河市工业和信息化局", ("市工信局",)),
        KnownUnit("4", "临河市住房和城乡建设局", ("市住建局",)),
        KnownUnit("5", "青石县人民政府", ("青石县政府", "青石县")),
    ]
)


@pytest.mark.parametrize(
    ("written", "unit"),
    [("临河市生态环境局", "1"), ("市工信局", "3"), ("青石县 人民政府", "5"), ("青石县", "5")],
)
def test_full_and_short_names_are_matched(written, unit):
    assert UNITS.match(written).unit == unit


def test_an_ambiguous_name_offers_alternatives_and_decides_nothing():
    match = UnitIndex.of([KnownUnit("1", "甲县水务局"), KnownUnit("2", "乙县水务局")]).match("水务局")
    assert (match.unit, match.alternatives) == (None, ("1", "2"))


def test_an_unknown_name_is_kept_as_written():
    match = UNITS.match("某某研究院")
    assert (match.name, match.unit, match.alternatives) == ("某某研究院", None, ())


def test_known_units_are_found_wherever_they_stand():
    found = UNITS.in_text("督察发现，青石县人民政府未督促市住建局落实责任。")
    assert [match.unit for match in found] == ["5", "4"]


def test_a_longer_name_wins_over_a_shorter_one_in_it():
    assert [match.unit for match in UNITS.in_text("青石县生态环境局履职不力")] == ["2"]


def test_units_keep_the_order_of_the_text():
    starts = [match.start for match in UNITS.in_text("市工信局、市住建局和临河市生态环境局")]
    assert starts == sorted(starts)
    assert len(starts) == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2020年，河北省邢台市生态环境局印发通知", "河北省邢台市生态环境局"),
        ("市工业和信息化局推进不力", "市工业和信息化局"),
        ("要求某区的清河区永盛木业有限公司停产", "清河区永盛木业有限公司"),
    ],
)
def test_unknown_units_are_found_by_their_form(text, name):
    assert name in [found for found, _ in unit_names_in(text)]


@pytest.mark.parametrize("text", ["影响发展全局", "形成良好格局", "部分公司未缴纳", "当地政府不作为"])
def test_words_that_only_look_like_units_are_left(text):
    assert unit_names_in(text) == []


def test_without_known_units_nothing_is_matched():
    assert [match.unit for match in UnitIndex.of([]).in_text("临河市生态环境局履职不力")] == [None]
