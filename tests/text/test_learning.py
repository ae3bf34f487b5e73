from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_the_same_labels_give_the_same_model():
    again = learn(EXAMPLES)
    assert again.predict("河道污水") == MODEL.predict("河道污水")


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
