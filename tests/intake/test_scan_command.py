"""`bihuan intake` on scans: read while one waits, progress on stderr; refused with advice where recognition is not there."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from django.core.management import call_command

from bihuan.documents import installed, scanning
from bihuan.documents.errors import ImageOnly
from bihuan.intake.management.commands import intake
from bihuan.intake.wording import what_would_be_right
from tests.intake.recogniser import TEXTS, Recogniser, tiff


def run(path) -> tuple[dict, str]:
    out, told = io.StringIO(), io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command(intake.Command(stdout=out, stderr=told), str(path), as_json=True)
    return json.loads(out.getvalue()), told.getvalue()


def test_a_scan_becomes_passages_and_candidates_and_each_page_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(scanning, "is_installed", lambda: True)
    monkeypatch.setattr(scanning, "scan_in_sandbox", Recogniser(TEXTS))
    path = tmp_path / "扫描.tif"
    path.write_bytes(tiff())
    found, told = run(path)
    assert {passage["page"] for passage in found["passages"]} == {1, 2, 3}
    assert len(found["candidates"]) == 2
    assert told.count("已识别第") == 3


def test_without_recognition_the_refusal_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(scanning, "is_installed", lambda: False)
    monkeypatch.setattr("bihuan.intake.wording.is_installed", lambda: False)
    path = tmp_path / "照片.jpg"
    path.write_bytes(tiff(1))
    found, told = run(path)
    assert found["error"]["code"] == "image_only"
    assert "bihuan[ocr]" in told


def test_a_refused_scan_is_told_where_it_may_be_handed_in(monkeypatch):
    monkeypatch.setattr("bihuan.intake.wording.is_installed", lambda: True)
    assert "摸底" in what_would_be_right(ImageOnly("a.jpg"))


@pytest.mark.parametrize("missing", ["rapidocr", "onnxruntime"])
def test_recognition_counts_as_installed_only_with_both_of_its_parts(missing, monkeypatch):
    monkeypatch.setattr(
        installed.importlib.util, "find_spec", lambda name: None if name == missing else object()
    )
    assert not installed.is_installed()
