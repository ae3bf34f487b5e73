"""The two commands that measure similarity and classification."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def write(tmp_path):
    def written(name: str, text: str, encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return str(path)

    return written


def output(capsys, *arguments: str) -> dict:
    call_command(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_pairs_are_scored_in_their_order(capsys, write):
    corpus = write(
        "c.csv",
        "id,title,body,time\n1,清河花园搅拌站噪音,搅拌站噪音大,2019/1/2 8:00\n2,清河花园搅拌站扰民,搅拌站噪音扰民,2019/1/5\n3,咨询医保,缴费时间,\n",
    )
    pairs = write("p.csv", "a,b\n1,2\n1,3\n")
    found = output(capsys, "similar", "--corpus", corpus, "--pairs", pairs)["pairs"]
    assert [(pair["a"], pair["b"]) for pair in found] == [("1", "2"), ("1", "3")]
    assert found[0]["score"] > found[1]["score"]
    assert [type(pair["same"]) for pair in found] == [bool, bool]


def test_a_pair_outside_the_corpus_is_a_misuse(write):
    with pytest.raises(CommandError, match="99") as caught:
        call_command(
            "similar",
            "--corpus",
            write("c.csv", "id,title,body\n1,a,b\n"),
            "--pairs",
            write("p.csv", "a,b\n1,99\n"),
        )
    assert caught.value.returncode == 2


TRAIN = "text,label\n" + "".join(f"河道污水{n},水\n学校补课{n},教育\n" for n in range(8))


def test_predictions_come_with_measures_where_the_truth_is_given(capsys, write):
    test = write("t.csv", "id,text,label\n7,河道污水,水\n8,学校补课,教育\n", "gb18030")
    found = output(capsys, "classify", "--train", write("a.csv", TRAIN), "--test", test)
    assert [(row["id"], row["best"]) for row in found["predictions"]] == [("7", "水"), ("8", "教育")]
    assert (found["accuracy"], found["macro_f1"]) == (1.0, 1.0)


def test_without_labels_only_predictions_are_given(capsys, write):
    found = output(
        capsys, "classify", "--train", write("a.csv", TRAIN), "--test", write("t.csv", "text\n河道污水\n")
    )
    assert set(found) == {"predictions"}
    assert found["predictions"][0]["id"] == "1"


def test_a_missing_column_is_named(write):
    with pytest.raises(CommandError, match="label") as caught:
        call_command(
            "classify", "--train", write("a.csv", "text\nx\n"), "--test", write("t.csv", "text\nx\n")
        )
    assert caught.value.returncode == 2


def test_one_label_is_too_few(write):
    with pytest.raises(CommandError) as caught:
        call_command(
            "classify", "--train", write("a.csv", "text,label\nx,a\n"), "--test", write("t.csv", "text\nx\n")
        )
    assert caught.value.returncode == 2
