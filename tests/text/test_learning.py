from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.classifier import Profiles
from bihuan.text.features import lead_of
from bihuan.text.learning import Example, learn
from bihuan.text.measures import calibration_error, macro_f1, measures_of

WATER = [
    "污水直排河道",
    "河道水质发黑发臭",
    "污水处理厂溢流",
    "排污口偷排污水",
    "河道黑臭水体反弹",
    "生活污水直排河道发臭",
]
SCHOOL = [
    "学校收取补课费",
    "幼儿园学位不足",
    "学校食堂质量差",
    "教师违规补课收费",
    "学校招生不公",
    "学校乱收补课费用",
]
WAGES = [
    "拖欠农民工工资",
    "公司拖欠工资不发",
    "欠薪三个月未发",
    "工资被公司克扣",
    "农民工讨薪被拒",
    "公司拖欠农民工工资",
]
EXAMPLES = [
    Example(f"{text}{ending}", label)
    for label, texts in (("水", WATER), ("教育", SCHOOL), ("欠薪", WAGES))
    for text in texts
    for ending in ("", "请尽快解决", "多次反映无果")
]
MODEL = learn(EXAMPLES)


@pytest.mark.parametrize(
    ("text", "label"), [("河道污水发臭", "水"), ("学校违规收补课费", "教育"), ("公司拖欠工资", "欠薪")]
)
def test_what_was_learnt_is_said_with_its_reasons(text, label):
    prediction = MODEL.predict(text)
    assert (prediction.label, prediction.best) == (label, label)
    assert prediction.reasons
    assert all(token in text for token in prediction.reasons)


def test_a_text_without_any_known_word_is_abstained_from():
    assert MODEL.predict("abc xyz").label is None


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_examples_in_any_order_give_the_same_model(seed):
    shuffled = list(EXAMPLES)
    random.Random(seed).shuffle(shuffled)
    again = learn(shuffled)
    assert (again.temperature, again.threshold) == (MODEL.temperature, MODEL.threshold)
    texts = [example.text for example in EXAMPLES]
    assert again.predict_all(texts) == MODEL.predict_all(texts)


def test_many_texts_at_once_are_told_the_same_as_one_by_one():
    texts = [example.text for example in EXAMPLES] * 6
    assert MODEL.predict_all(texts) == [MODEL.predict(text) for text in texts]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_the_higher_the_threshold_the_less_is_said(thresholds):
    low, high = sorted(thresholds)
    texts = [example.text[:4] for example in EXAMPLES]
    before = MODEL.threshold
    try:
        MODEL.threshold = low
        said = {text for text in texts if MODEL.predict(text).label}
        MODEL.threshold = high
        assert {text for text in texts if MODEL.predict(text).label} <= said
    finally:
        MODEL.threshold = before


def test_who_asks_for_more_accuracy_gets_a_higher_threshold():
    muddled = [
        *EXAMPLES,
        *(Example(text, "教育") for text in WATER[:3]),
        *(Example(text, "水") for text in WAGES[:4]),
    ]
    thresholds = [learn(muddled, accuracy=asked).threshold for asked in (0.5, 0.8, 1.0)]
    assert thresholds == sorted(thresholds)
    assert thresholds[0] < thresholds[2]


def test_two_labels_are_told_apart_and_add_up():
    model = learn([example for example in EXAMPLES if example.label != "欠薪"])
    assert model.predict("河道污水发臭").best == "水"
    assert model.predict("学校违规收补课费").best == "教育"
    assert sum(share for _, share in model.predict("河道").alternatives) == pytest.approx(1.0)


def test_a_label_with_a_single_example_does_not_stop_it():
    model = learn([*EXAMPLES, Example("广场舞音响太吵", "噪声")])
    assert model.predict("河道污水发臭").best == "水"


def test_a_profile_teaches_words_that_no_example_has_shown():
    unseen = "电镀"
    words = {
        "污染": ["污水", "河道", unseen],
        "学校": ["学校", "幼儿园", "教师"],
        "薪": ["工资", "欠薪", "讨薪"],
    }
    assert learn(EXAMPLES, profiles=Profiles(words, fallback="")).predict(unseen).best == "水"
    silent = Profiles({"无": ["阿弥陀佛"]}, fallback="")
    assert learn(EXAMPLES, profiles=silent).predict(unseen).label is None


def test_the_less_labels_can_be_trusted_the_less_sure_it_is():
    noise = random.Random(5)
    clean = [
        Example(f"{example.text}{number}号", example.label) for example in EXAMPLES for number in range(12)
    ]
    noisy = [
        Example(
            example.text, example.label if noise.random() > 0.25 else noise.choice(["水", "教育", "欠薪"])
        )
        for example in clean
    ]
    of_clean, of_noisy = (
        [(found.best == example.label, found.confidence) for found, example in zip(said, half, strict=True)]
        for half, said in (
            (half, learn(examples[::2]).predict_all([example.text for example in half]))
            for examples in (clean, noisy)
            for half in (examples[1::2],)
        )
    )
    assert np.mean([sure for _, sure in of_clean]) > 0.9
    right, sure = np.mean(of_noisy, axis=0)
    assert sure < 0.85
    assert abs(sure - right) < 0.15


def test_no_reason_is_part_of_another():
    reasons = MODEL.predict("公司拖欠农民工工资，农民工讨薪").reasons
    assert len(reasons) > 1
    assert not any(one in other for one in reasons for other in reasons if one != other)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("路灯不亮 我家门口的路灯不亮。", "路灯不亮"),
        ("路灯不亮。已经三个月", "路灯不亮"),
        ("。。", "。。"),
        ("长" * 90, "长" * 40),
        ("", ""),
    ],
)
def test_the_lead_is_the_title_or_the_first_sentence(text, lead):
    assert lead_of(text) == lead


def test_unlabelled_texts_only_change_what_is_rare():
    model = learn(EXAMPLES, unlabelled=["请尽快解决问题"] * 50)
    assert model.predict("河道污水发臭").best == "水"


@given(st.text(max_size=40))
def test_probabilities_of_any_text_add_up(text):
    prediction = MODEL.predict(text)
    assert 0 <= prediction.confidence <= 1
    assert sum(share for _, share in prediction.alternatives) == pytest.approx(1.0)


def test_one_label_cannot_be_learnt():
    with pytest.raises(ValueError, match="two labels"):
        learn([Example("污水", "水")])


def test_labels_that_cannot_be_told_apart_make_it_abstain():
    model = learn([Example("完全一样的文字", label) for label in ("甲", "乙") for _ in range(10)])
    assert model.predict("完全一样的文字").label is None


def test_macro_f1_counts_every_label_alike():
    assert macro_f1([("a", "a"), ("a", "a"), ("a", "a"), ("b", "a")]) == pytest.approx(
        (6 / 7 + 0) / 2, abs=1e-4
    )


def test_calibration_is_the_gap_between_sureness_and_truth():
    assert calibration_error([(True, 0.9), (False, 0.9)]) == pytest.approx(0.4)
    assert calibration_error([(True, 1.0)]) == 0.0


def test_measures_tell_speaking_from_abstaining():
    found = measures_of([("a", "a", "a", 0.9), ("b", None, "a", 0.3)])
    assert (found["accuracy"], found["coverage"], found["accuracy_when_speaking"]) == (0.5, 0.5, 1.0)


def test_one_text_does_not_cost_a_copy_of_all_weights():
    """A copy of them for each text took 25 ms in an office of five thousand labels."""
    assert MODEL.weights[:, :-1].T.flags.c_contiguous
