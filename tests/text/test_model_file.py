from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.learning import Example
from bihuan.text.mixing import learn_beside_profiles
from bihuan.text.model_errors import Damaged, ModelFileError, Nonsense, NotAModel, OtherEngine
from bihuan.text.model_file import MAGIC, read_model, write_model

TEXTS = {
    "risk.ecology.water": [
        "污水直排河道",
        "河道水质发黑发臭",
        "污水处理厂溢流",
        "排污口偷排污水",
        "河道黑臭水体反弹",
    ],
    "people.livelihood.education": [
        "学校收取补课费",
        "幼儿园学位不足",
        "食堂质量差",
        "教师违规补课收费",
        "学校招生不公",
    ],
    "people.livelihood.employment": [
        "拖欠农民工工资",
        "公司拖欠工资不发",
        "欠薪三个月未发",
        "工资被克扣",
        "农民工讨薪",
    ],
    "本局自设": ["苗圃围栏倒塌", "苗圃围栏无人修", "苗圃灌溉停用", "苗圃看护无人", "苗圃围栏破损"],
}
EXAMPLES = [
    Example(text + end, label) for label, texts in TEXTS.items() for text in texts for end in ("", "请解决")
]
MODEL = learn_beside_profiles(EXAMPLES)
FILE = write_model(MODEL, {"made": "2026-11-25", "from": ["a", "b"]})
START = len(MAGIC) + 8


def header_of(content: bytes) -> tuple[dict, bytes]:
    length = int.from_bytes(content[len(MAGIC) : START], "little")
    return json.loads(content[START : START + length]), content[START + length : -32]


def sealed(header: object, body: bytes) -> bytes:
    """A file whose digest is right, whatever it says."""
    written = json.dumps(header, ensure_ascii=False).encode()
    whole = MAGIC + len(written).to_bytes(8, "little") + written + body
    return whole + hashlib.sha256(whole).digest()


def test_a_model_says_the_very_same_after_it_was_kept():
    texts = [example.text for example in EXAMPLES] + ["", "abc", "加装电梯", "学校污水"]
    kept = read_model(FILE)
    assert kept.classifier.predict_all(texts) == MODEL.predict_all(texts)
    assert kept.about == {"made": "2026-11-25", "from": ["a", "b"]}


@given(st.text(st.sampled_from("污水河道学校补课工资拖欠苗圃围栏消防电梯。，abc12"), max_size=30))
def test_whatever_it_is_asked_it_says_the_very_same(text):
    assert read_model(FILE).classifier.predict(text) == MODEL.predict(text)


def test_the_same_model_is_the_same_file():
    kept = read_model(FILE)
    assert write_model(kept.classifier, kept.about) == FILE


def test_a_label_of_the_offices_own_is_learnt_and_one_nobody_confirmed_still_known():
    assert MODEL.predict("苗圃围栏又倒了").best == "本局自设"
    assert MODEL.predict("消防通道被占用，灭火器过期，消火栓无水").best == "risk.fire"


@given(st.integers(0, len(FILE) - 1))
def test_a_file_cut_short_is_refused(length):
    with pytest.raises((Damaged, NotAModel)):
        read_model(FILE[:length])


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_file_with_one_other_byte_is_refused(at, by):
    altered = bytearray(FILE)
    altered[at] ^= by
    with pytest.raises(ModelFileError):
        read_model(bytes(altered))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04\x95pickle", b"{}", MAGIC])
def test_something_else_is_no_model(content):
    with pytest.raises((NotAModel, Damaged)):
        read_model(content)


def test_a_length_that_promises_too_much_is_refused_before_anything_is_read():
    with pytest.raises(Damaged):
        read_model(MAGIC + (2**63).to_bytes(8, "little") + b"{}" + b"0" * 40)


def test_a_model_of_another_way_of_reading_is_named():
    header, body = header_of(FILE)
    with pytest.raises(OtherEngine, match="linear-99"):
        read_model(sealed(header | {"engine": "linear-99"}, body))


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": []},
        {"labels": ["a", "a", "b", "c"]},
        {"labels": [1, 2, 3, 4]},
        {"labels": {"a": 1}},
        {"tokens": -1},
        {"tokens": 10**12},
        {"token_bytes": True},
        {"temperature": 0},
        {"temperature": "1"},
        {"temperature": float("nan")},
        {"threshold": float("inf")},
        {"voices": [1]},
        {"voices": [1, -5]},
        {"voices": "ab"},
        {"start": {"words": {"a": [""]}, "fallback": ""}},
        {"start": None},
        {"profiles": {"words": [], "fallback": ""}},
        {"about": []},
    ],
)
def test_numbers_that_make_no_model_are_refused(wrong):
    header, body = header_of(FILE)
    with pytest.raises(Nonsense):
        read_model(sealed(header | wrong, body))


@pytest.mark.parametrize("header", [[], None, "x", {}, {"engine": "linear-2"}])
def test_a_header_that_is_none_is_refused(header):
    with pytest.raises(ModelFileError):
        read_model(sealed(header, b""))


def test_weights_that_are_no_numbers_are_refused():
    header, body = header_of(FILE)
    with pytest.raises(Nonsense):
        read_model(sealed(header, body[:-4] + b"\x00\x00\xc0\x7f"))


def test_tokens_out_of_order_are_refused():
    header, body = header_of(FILE)
    size = header["token_bytes"]
    turned = "\n".join(reversed(body[:size].decode().split("\n"))).encode()
    with pytest.raises(Nonsense):
        read_model(sealed(header, turned + body[size:]))
