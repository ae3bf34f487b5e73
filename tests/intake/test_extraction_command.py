from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from bihuan.intake.management.commands.intake import Command
from bihuan.intake.models import IntakeDocument
from tests.documents import making

if TYPE_CHECKING:
    from pathlib import Path

FEEDBACK = "存在的主要问题\n1.台账管理不规范。\n2.责任落实不到位。\n"


@pytest.fixture
def feedback(tmp_path: Path) -> Path:
    path = tmp_path / "反馈.txt"
    path.write_text(FEEDBACK, encoding="utf-8")
    return path


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    code = 0
    try:
        call_command("intake", *map(str, arguments))
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    written = capsys.readouterr()
    return code, written.out, written.err


def test_reading_needs_no_database():
    assert Command.needs_database is False


def test_json_of_one_file_is_one_object_and_progress_goes_to_stderr(capsys, feedback):
    code, out, err = run(capsys, feedback, "--json")
    assert code == 0
    assert [candidate["title"] for candidate in json.loads(out)["candidates"]] == [
        "台账管理不规范",
        "责任落实不到位",
    ]
    assert "反馈.txt" in err


def test_without_a_ledger_units_are_unknown_and_nothing_is_a_duplicate(capsys, feedback):
    _, out, _ = run(capsys, feedback, "--json")
    for candidate in json.loads(out)["candidates"]:
        assert candidate["duplicates"] == []
        assert all(unit["unit"] is None for unit in candidate["units"])


def test_json_of_several_files_is_a_list_in_their_order(capsys, feedback, tmp_path):
    other = tmp_path / "b.docx"
    other.write_bytes(making.word("存在的问题", "1.未建立制度。"))
    _, out, _ = run(capsys, other, feedback, "--json")
    assert [result["document"]["name"] for result in json.loads(out)] == ["b.docx", "反馈.txt"]


def test_a_bad_file_is_refused_and_the_others_are_read(capsys, feedback, tmp_path):
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(making.pdf([["x"]], password="p"))
    code, out, err = run(capsys, bad, feedback, "--json")
    refused, read = json.loads(out)
    assert code == 1
    assert (refused["error"]["code"], refused["error"]["file"]) == ("encrypted", "坏.pdf")
    assert len(read["candidates"]) == 2
    assert "密码" in err


@pytest.mark.parametrize("text", ["机密★10年\n存在的问题\n1.台账不规范。", "份号：000012\n存在的问题"])
def test_marks_of_secrecy_are_refused_and_the_message_says_how_to_go_on(capsys, tmp_path, text):
    secret = tmp_path / "a.txt"
    secret.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, secret, "--json")
    assert code == 1
    assert "台账不规范" not in out + err
    assert "线下" in json.loads(out)["error"]["accepted_words"]


def test_a_file_with_a_secret_name_is_refused(capsys, tmp_path):
    secret = tmp_path / "方案（机密）.txt"
    secret.write_text(FEEDBACK, encoding="utf-8")
    assert run(capsys, secret, "--json")[0] == 1


def test_for_people_passages_and_candidates_are_printed(capsys, feedback):
    code, out, _ = run(capsys, feedback)
    assert code == 0
    assert "责任落实不到位" in out
    assert "候选问题 2 个" in out


def test_a_missing_file_is_a_misuse(tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("intake", str(tmp_path / "nothing.txt"))
    assert caught.value.returncode == 2


@pytest.mark.parametrize("options", [["--commit"], ["--batch", "B"]])
def test_commit_and_batch_belong_together(feedback, options):
    with pytest.raises(CommandError) as caught:
        call_command("intake", str(feedback), *options)
    assert caught.value.returncode == 2


@pytest.mark.django_db
def test_committing_stores_the_documents_of_the_batch(capsys, monkeypatch, batch, feedback):
    # The test's own database is running already and must stay connected.
    monkeypatch.setattr("bihuan.installation.dispatch.ensure_database", lambda: None)
    monkeypatch.setattr("bihuan.installation.dispatch.leave", lambda server: None)
    code, out, _ = run(capsys, feedback, "--commit", "--batch", batch.code, "--json")
    assert (code, [row["name"] for row in json.loads(out)["received"]]) == (0, ["反馈.txt"])
    assert list(IntakeDocument.objects.values_list("name", "batch")) == [("反馈.txt", batch.pk)]


@pytest.mark.django_db
def test_committing_to_an_unknown_batch_is_refused_and_stores_nothing(monkeypatch, feedback):
    monkeypatch.setattr("bihuan.installation.dispatch.ensure_database", lambda: None)
    monkeypatch.setattr("bihuan.installation.dispatch.leave", lambda server: None)
    with pytest.raises(CommandError) as caught:
        call_command("intake", str(feedback), "--commit", "--batch", "不存在")
    assert caught.value.returncode == 1
    assert not IntakeDocument.objects.exists()
