"""What of a language model's answer counts, and how it is configured."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.installation.configuration import read_configuration
from bihuan.installation.errors import ConfigurationError
from bihuan.intake.language_model.prompt import LONGEST_PART, MOST_PARTS, Sent, heard, messages, parts_of
from bihuan.text.masking import Masker
from tests.intake.stand_in import problems
from tests.intake.test_language_model import SECTORS

# ---- what of an answer counts ------------------------------------------------------------------------------

PASSAGES = [Sent(4, "站点值守登记与实际不符，联系人：李四喜。"), Sent(7, "消防通道长期被占用。")]
[QUESTION] = parts_of(PASSAGES, Masker())


def kept(*said: object) -> list[tuple[tuple[int, ...], str, str]]:
    found = heard(json.dumps({"problems": said}, ensure_ascii=False), QUESTION, SECTORS)
    return [(one.passages, one.text, one.sector) for one in found.suggestions]


GOOD = {"passages": [7], "text": "消防通道长期被占用", "sector": "risk.fire"}


def test_words_of_the_passage_are_believed():
    assert kept(GOOD) == [((7,), "消防通道长期被占用", "risk.fire")]
    assert kept(GOOD | {"sector": "finance"}) == [((7,), "消防通道长期被占用", "")]
    fenced = f"```json\n{problems(GOOD)}\n```"
    assert len(heard(fenced, QUESTION, SECTORS).suggestions) == 1


def test_a_mark_is_put_back_before_it_is_compared():
    assert "李四喜" not in QUESTION.masked.text
    text = "站点值守登记与实际不符，联系人：⟦1⟧"
    assert kept({"passages": [4], "text": text}) == [((4,), "站点值守登记与实际不符，联系人：李四喜", "")]


@pytest.mark.parametrize(
    "said",
    [
        GOOD | {"text": "消防通道基本畅通，没有问题"},
        GOOD | {"text": "消防"},
        GOOD | {"text": 7},
        GOOD | {"passages": [4]},
        GOOD | {"passages": [99]},
        GOOD | {"passages": []},
        GOOD | {"passages": ["7"]},
        GOOD | {"passages": [True]},
        GOOD | {"passages": [7, 7]},
        GOOD | {"passages": "7"},
        {"text": "消防通道长期被占用"},
        "消防通道长期被占用",
        None,
        GOOD | {"text": "⟦9⟧消防通道长期被占用"},
    ],
)
def test_anything_else_is_thrown_away(said):
    assert kept(said) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_no_answer_is_too_strange(said):
    found = heard(json.dumps({"problems": [said]}), QUESTION, SECTORS)
    assert found is not None
    assert not found.suggestions
    assert heard(json.dumps(said), QUESTION, SECTORS) is None or isinstance(said, dict)


def test_it_cannot_flood_the_review():
    many = [GOOD | {"text": "消防通道长期被占用"[:n]} for n in range(6, 10)] * 50
    assert len(kept(*many)) <= 2 * len(PASSAGES)


def test_orders_and_passages_do_not_mix():
    order, material = messages(QUESTION, SECTORS)
    assert (order["role"], material["role"]) == ("system", "user")
    assert "消防通道" not in order["content"]
    assert "risk.fire 消防安全" in order["content"]


@given(st.lists(st.integers(1, 9000), min_size=1, max_size=60))
def test_parts_are_bounded_in_size_and_number(sizes):
    passages = [Sent(n, "字" * size) for n, size in enumerate(sizes, start=1)]
    parts = list(parts_of(passages, Masker()))
    assert len(parts) <= MOST_PARTS
    assert all(sum(len(one.text) for one in part.passages) <= LONGEST_PART for part in parts)
    numbers = [one.n for part in parts for one in part.passages]
    assert numbers == list(range(1, len(numbers) + 1))


# ---- its configuration ---------------------------------------------------------------------------------------

URL, NAME = "BIHUAN_LANGUAGE_MODEL_URL", "BIHUAN_LANGUAGE_MODEL_NAME"


def test_it_is_off_unless_it_is_given(tmp_path):
    given = {"BIHUAN_DATA": str(tmp_path)}
    assert read_configuration(given).language_model is None
    found = read_configuration(given | {URL: "https://model.example/v1/", NAME: "qwen"}).language_model
    assert (found.url, found.host, found.key) == ("https://model.example/v1", "model.example", "")


def test_its_key_may_lie_in_a_secret_file(tmp_path):
    given = {"BIHUAN_DATA": str(tmp_path), URL: "http://10.0.0.5:8000/v1", NAME: "qwen"}
    read_configuration(given)
    file = tmp_path / "secrets" / "language_model_key"
    file.touch(mode=0o600)
    file.write_text("sesame\n")
    found = read_configuration(given).language_model
    assert found.key == "sesame"
    assert "sesame" not in repr(read_configuration(given))


@pytest.mark.parametrize(
    "wrong",
    [
        {URL: "https://model.example/v1"},
        {NAME: "qwen"},
        {URL: "ftp://model.example", NAME: "qwen"},
        {URL: "model.example", NAME: "qwen"},
        {URL: "https://somebody:password@model.example/v1", NAME: "qwen"},
        {URL: "https://model.example/v1", NAME: "qwen", "BIHUAN_LANGUAGE_MODEL_SECONDS": "0"},
        {URL: "https://model.example/v1", NAME: "qwen", "BIHUAN_LANGUAGE_MODEL_SECONDS": "lang"},
    ],
)
def test_half_a_configuration_is_refused_and_repeats_no_secret(tmp_path, wrong):
    with pytest.raises(ConfigurationError) as refused:
        read_configuration({"BIHUAN_DATA": str(tmp_path)} | wrong)
    assert "somebody" not in str(refused.value)
