from __future__ import annotations

import pytest

from bihuan.text.classifier import Profiles, starting_classifier
from bihuan.text.sector_words import WORDS
from bihuan.text.starting_taxonomy import (
    GRADE_MATRIX,
    GRADES,
    IMPACTS,
    NATURES,
    RECTIFICATION_KINDS,
    SECTORS,
    SOURCES,
    URGENCIES,
)

ACCEPTORS = {"oversight", "source", "leading_group", "superior", "rectification_office"}


@pytest.mark.parametrize(
    "terms", [SECTORS, SOURCES, NATURES, IMPACTS, URGENCIES, GRADES, RECTIFICATION_KINDS]
)
def test_codes_are_unique_ascii_and_labelled_in_both_languages(terms):
    assert len({term.code for term in terms}) == len(terms)
    assert all(term.code.isascii() and term.zh and term.en for term in terms)


def test_every_sector_but_the_top_ones_has_its_parent():
    codes = {sector.code for sector in SECTORS}
    assert {sector.parent for sector in SECTORS} - {None} <= codes
    assert max(sector.level for sector in SECTORS) <= 4


def test_every_profile_belongs_to_a_sector_and_every_sector_has_one():
    assert set(WORDS) == {sector.code for sector in SECTORS}


def test_every_cell_of_the_grade_matrix_is_filled():
    assert set(GRADE_MATRIX) == {
        (n.code, i.code, u.code) for n in NATURES for i in IMPACTS for u in URGENCIES
    }
    assert set(GRADE_MATRIX.values()) == {grade.code for grade in GRADES}


def test_a_wider_impact_never_lowers_the_grade():
    rank = {grade.code: number for number, grade in enumerate(GRADES)}
    for nature in NATURES:
        for urgency in URGENCIES:
            ranks = [rank[GRADE_MATRIX[nature.code, impact.code, urgency.code]] for impact in IMPACTS]
            assert ranks == sorted(ranks)


def test_sources_say_who_accepts_and_who_closes():
    assert {source.accepts for source in SOURCES} | {source.closes for source in SOURCES} <= ACCEPTORS


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("生活污水直排清水河，污水处理厂长期溢流", "risk.ecology.water"),
        ("拖欠农民工工资3个月，劳动监察未处理", "people.livelihood.employment"),
        ("学校违规收取补课费，幼儿园学位不足", "people.livelihood.education"),
        ("永久基本农田被非法占用，耕地非粮化", "land"),
        ("党组理论学习中心组学习不扎实，意识形态责任制不落实", "party"),
        ("专项资金闲置，挪用财政资金", "finance"),
    ],
)
def test_the_cold_start_knows_plain_cases_and_says_why(text, sector):
    prediction = starting_classifier().predict(text)
    assert prediction.label == sector
    assert all(word in text for word in prediction.reasons)


@pytest.mark.parametrize("text", ["", "情况已知悉", "abc 123"])
def test_without_a_word_it_abstains(text):
    prediction = starting_classifier().predict(text)
    assert (prediction.label, prediction.confidence) == (None, 0.0)


def test_evenly_balanced_words_make_it_abstain():
    profiles = Profiles({"a": ["甲乙"], "b": ["丙丁"]}, threshold=0.6, fallback="a")
    assert profiles.predict("甲乙和丙丁").label is None
