from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bihuan.files.kinds import ACCEPTED_ENDINGS, KINDS, FileProblem, kind_of, named_after
from bihuan.files.names import BadName, clean_name
from tests.documents.making import compound


def picture(kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(buffer, kind)
    return buffer.getvalue()


def package(*members, comment=b""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
        archive.comment = comment
    return buffer.getvalue()


DOCX = package(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w:document/>"))
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (picture("PNG"), "现场.png", "image/png"),
        (picture("JPEG"), "现场.JPG", "image/jpeg"),
        (picture("GIF"), "a.gif", "image/gif"),
        (picture("WEBP"), "a.webp", "image/webp"),
        (picture("TIFF"), "a.tif", "image/tiff"),
        (picture("BMP"), "a.bmp", "image/bmp"),
        (PDF, "报告.pdf", "application/pdf"),
        (DOCX, "方案.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("整改台账\n一,二".encode("gb18030"), "台账.csv", "text/csv"),
        ("情况说明".encode(), "说明.txt", "text/plain"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42", "视频.mp4", "video/mp4"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "IMG_1.HEIC", "image/heic"),
        (b"#!AMR\n\x3c\x91", "录音.amr", "audio/amr"),
    ],
)
def test_content_says_what_a_file_is(content, name, media_type):
    assert kind_of(content, name).media_type == media_type


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.pdf", "empty"),
        (b"MZ\x90\x00\x03\x00\x00\x00\xff\xff", "照片.jpg", "executable"),
        (b"\x7fELF\x02\x01", "a.txt", "executable"),
        (b"#!/bin/sh\nrm -rf /", "说明.txt", "executable"),
        (b"echo off\r\n", "a.bat", "executable"),
        (b"Set x = CreateObject(1)", "a.vbs", "executable"),
        (b"<!DOCTYPE html><p>x", "a.txt", "active"),
        (b"\xef\xbb\xbf  <svg xmlns='x'/>", "a.txt", "active"),
        (b"hello <script>alert(1)</script>", "a.txt", "active"),
        (b"plain words", "a.html", "active"),
        (picture("JPEG"), "报告.pdf", "misnamed"),
        (PDF, "照片.jpg", "misnamed"),
        (PDF + package(("a.txt", "x")), "报告.pdf", "two_kinds"),
        (picture("PNG") + package(("a.txt", "x")), "a.png", "two_kinds"),
        (picture("PNG")[:-12] + b"%PDF-1.7\n", "a.png", "two_kinds"),
        (b"junk before" + DOCX, "a.docx", "unknown"),
        (DOCX + b"junk after", "a.docx", "two_kinds"),
        (package(("word/document.xml", "<x/>"), ("word/vbaProject.bin", "x")), "a.docx", "macros"),
        (package(("a.txt", "x")), "a.zip", "unknown"),
        (DOCX[: len(DOCX) // 2], "a.docx", "damaged"),
        (bytes(range(256)) * 4, "a.bin", "unknown"),
        (compound("EncryptedPackage"), "a.docx", "encrypted"),
        (compound("WordDocument", "_VBA_PROJECT"), "a.doc", "macros"),
    ],
)
def test_what_is_refused_and_why(content, name, code):
    with pytest.raises(FileProblem) as refused:
        kind_of(content, name)
    assert refused.value.code == code


def test_a_zip_bomb_is_refused_by_its_directory():
    bomb = package(("[Content_Types].xml", "<T/>"), ("word/document.xml", "0" * 30_000_000))
    with pytest.raises(FileProblem) as refused:
        kind_of(bomb, "a.docx")
    assert refused.value.code == "too_large"


def test_a_nameless_ending_is_given():
    assert named_after("现场照片", kind_of(picture(), "现场照片")) == "现场照片.png"


@given(st.binary(max_size=3000), st.sampled_from(["", *ACCEPTED_ENDINGS, "exe", "html"]))
def test_any_content_is_a_known_kind_or_refused(content, ending):
    name = f"file.{ending}" if ending else "file"
    try:
        kind = kind_of(content, name)
    except FileProblem:
        return
    assert KINDS[kind.media_type] is kind
    assert not ending or ending in kind.endings


@pytest.mark.parametrize("name", ["../etc/passwd", "a/b.txt", "C:\\x.txt", "..", "a\\..\\b"])
def test_a_path_is_no_name(name):
    with pytest.raises(BadName, match="path"):
        clean_name(name)


def test_a_reversed_name_is_refused():
    with pytest.raises(BadName, match="deceiving"):
        clean_name("报告\u202efdp.exe")


@given(st.text(max_size=400))
def test_a_kept_name_is_short_plain_and_stable(name):
    try:
        kept = clean_name(name)
    except BadName:
        return
    assert 0 < len(kept) <= 200
    assert not set(kept) & set('/\\<>:"|?*\n\r\t\x00')
    assert clean_name(kept) == kept
