from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.similarity import (
    SAME_FROM,
    CountedCorpus,
    Frequencies,
    Report,
    Sought,
    likeness,
    prepared,
)
from bihuan.text.tokens import document_frequencies, token_counts

PLANT = Report("清河花园旁边的搅拌站噪音扰民", "搅拌站夜里不停生产，噪音很大，清河花园的居民无法休息。")
PLANT_AGAIN = Report("清河花园附近搅拌厂粉尘污染", "清河花园小区旁建了搅拌厂，灰尘和噪音严重影响居民。")
OTHER_ESTATE = Report("东岭小区门口烧烤店油烟扰民", "东岭小区门口烧烤店油烟大，居民无法开窗。")
OTHER_MATTER = Report("清河花园电梯经常故障", "清河花园三栋电梯经常停运，老人出行不便。")
ESTATES = ["北湖公园", "南山小区", "西苑新村", "柳林社区", "枫桥家园", "桃源花苑", "银杏大道", "青石路"]
MATTERS = [
    "路灯不亮影响出行",
    "幼儿园收费太高",
    "物业公司乱收停车费",
    "垃圾无人清运",
    "自来水经常停水",
    "消防通道被占用",
    "公交车次太少",
    "夜市油烟污染",
    "广场舞声音太大",
    "下水道堵塞",
]
FILLING = [f"{estate}{matter}" for estate in ESTATES for matter in MATTERS] + [
    f"{estate}附近搅拌站是非法搅拌厂，噪音和灰尘粉尘大" for estate in ESTATES
]
TEXTS = [report.text for report in (PLANT, PLANT_AGAIN, OTHER_ESTATE, OTHER_MATTER)] + FILLING
CORPUS = CountedCorpus(TEXTS)


def score(one: Report, other: Report) -> float:
    return likeness(one, other, CORPUS).score


def test_other_wording_about_the_same_thing_is_alike():
    assert score(PLANT, PLANT_AGAIN) > max(score(PLANT, OTHER_ESTATE), score(PLANT, OTHER_MATTER))


def test_the_same_thing_is_taken_for_the_same_and_another_place_is_not():
    resent = Report(
        "再次反映清河花园旁边的搅拌站噪音扰民", "清河花园旁边的搅拌站仍在夜里生产，噪音很大，居民无法休息。"
    )
    assert likeness(PLANT, resent, CORPUS).same
    assert not likeness(PLANT, OTHER_ESTATE, CORPUS).same


def test_the_reasons_are_shared_tokens():
    shared = likeness(PLANT, PLANT_AGAIN, CORPUS).shared
    assert shared
    assert all(token in PLANT.text and token in PLANT_AGAIN.text for token in shared)


def test_a_report_is_like_itself():
    assert score(PLANT, PLANT) == 1.0


@given(st.sampled_from(TEXTS), st.sampled_from(TEXTS))
def test_likeness_does_not_depend_on_the_order(one, other):
    first, second = Report(one[:12], one), Report(other[:12], other)
    assert score(first, second) == pytest.approx(score(second, first))
    assert 0 <= score(first, second) <= 1


def test_words_that_keep_the_same_company_count_in_part():
    assert 0 < CORPUS.companions("拌站")["拌厂"] <= 1
    assert "路灯" not in CORPUS.companions("拌站")


@given(st.sampled_from(sorted({token for text in TEXTS for token in token_counts(text)})))
def test_company_is_kept_by_both(token):
    for other, degree in CORPUS.companions(token).items():
        assert CORPUS.companions(other)[token] == pytest.approx(degree)


def test_what_stands_everywhere_keeps_no_company():
    corpus = CountedCorpus([f"{text}请尽快处理" for text in TEXTS])
    assert corpus.companions("处理") == {}
    assert "处理" not in corpus.companions("拌站")


def test_with_frequencies_alone_only_equal_tokens_count():
    corpus = Frequencies(document_frequencies(TEXTS), len(TEXTS))
    assert corpus.companions("拌站") == {}
    assert likeness(PLANT, PLANT_AGAIN, corpus).score > likeness(PLANT, OTHER_ESTATE, corpus).score


def test_a_token_nobody_has_counted_is_the_rarest():
    assert CORPUS.weight("没见") > CORPUS.weight("噪音")


def placed(place: str, unit: str = "", day: dt.date | None = None) -> Report:
    return Report(PLANT.title, OTHER_MATTER.body, place, unit, day)


def test_another_place_speaks_against_and_the_same_unit_and_time_for_it():
    day = dt.date(2026, 3, 1)
    base = score(placed(""), PLANT_AGAIN)
    elsewhere = Report(PLANT_AGAIN.title, PLANT_AGAIN.body, "东岭小区", "市城管局", day)
    assert score(placed("清河花园"), elsewhere) < base
    assert score(placed("", "市城管局", day), elsewhere) > base


def test_empty_reports_are_not_alike():
    assert likeness(Report(""), Report(""), CORPUS).score < SAME_FROM


def test_candidates_are_ranked_by_the_likeness_they_have_one_by_one():
    reports = [Report(text[:12], text) for text in TEXTS]
    ranked = Sought(prepared(PLANT, CORPUS), CORPUS).ranked([prepared(one, CORPUS) for one in reports])
    assert [found.score for _, found in ranked] == sorted(
        (score(PLANT, report) for report in reports), reverse=True
    )


def test_candidates_share_the_weightiest_tokens_and_leave_the_text_itself_out():
    found = CORPUS.candidates(prepared(PLANT, CORPUS).text, 3, beside=0)
    assert found[0] == 1
    assert 0 not in found
    assert len(found) == 3


@pytest.mark.parametrize("threshold", [0.1, 0.4, 0.9])
def test_same_is_said_from_the_threshold_on(threshold):
    found = Sought(prepared(PLANT, CORPUS), CORPUS, same_from=threshold).like(prepared(PLANT_AGAIN, CORPUS))
    assert found.same == (found.score >= threshold)
