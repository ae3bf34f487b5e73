from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from bihuan.documents import Limits, read_document
from bihuan.documents import errors as refusals
from bihuan.documents.kinds import kind_of
from tests.documents import making


def refused(content: bytes, name: str, limits: Limits | None = None) -> refusals.DocumentError:
    with pytest.raises(refusals.DocumentError) as caught:
        read_document(content, name=name, limits=limits)
    return caught.value


def picture(kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(target, kind)
    return target.getvalue()


def test_a_file_without_bytes_is_empty():
    assert isinstance(refused(b"", "a.docx"), refusals.EmptyDocument)


@pytest.mark.parametrize("content", [b"  \n \t \r\n", making.word(), making.sheet([])])
def test_a_document_without_text_is_empty(content):
    assert isinstance(refused(content, "a"), refusals.EmptyDocument)


def test_a_pdf_with_a_password_is_encrypted():
    content = making.pdf([[making.SENTENCE]], password="secret")
    assert isinstance(refused(content, "a.pdf"), refusals.Encrypted)


def test_an_encrypted_office_file_is_told_from_an_old_one():
    assert isinstance(
        refused(making.compound("EncryptedPackage", "EncryptionInfo"), "a.docx"), refusals.Encrypted
    )


def test_a_zip_member_with_a_password_is_encrypted():
    content = bytearray(making.word(making.SENTENCE))
    # The first bit of the general purpose flags says that a member is encrypted; it stands in both headers.
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    assert isinstance(refused(bytes(content), "a.docx"), refusals.Encrypted)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (making.word(making.SENTENCE), "a.docx"),
        (making.sheet([["序号", "问题"]]), "a.xlsx"),
        (making.pdf([[making.SENTENCE]] * 3), "a.pdf"),
    ],
)
def test_half_a_file_is_truncated(content, name):
    assert isinstance(refused(content[: len(content) // 2], name), refusals.Truncated)


def test_a_broken_member_is_named():
    error = refused(
        making.with_member(making.word(making.SENTENCE), "word/document.xml", b"<w:document"), "a.docx"
    )
    assert (error.code, error.place) == ("damaged", "word/document.xml")


def test_a_document_type_declaration_is_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    error = refused(making.with_member(making.word(making.SENTENCE), "word/document.xml", laughs), "a.docx")
    assert error.code == "damaged"


def test_a_pdf_with_a_broken_inside_is_damaged():
    assert isinstance(refused(b"%PDF-1.7\nnothing of the kind\n%%EOF", "a.pdf"), refusals.Damaged)


@pytest.mark.parametrize(
    ("original", "name"), [(making.word("x"), "a.docx"), (making.sheet([["x"]]), "a.xlsx")]
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(original, name):
    bomb = making.with_member(original, "word/media/big.bin", b"\0" * 20_000_000)
    error = refused(bomb, name)
    assert (type(error), error.place) == (refusals.ZipBomb, "word/media/big.bin")


def test_the_sum_of_the_members_is_limited():
    error = refused(making.word(making.SENTENCE), "a.docx", Limits(unpacked=1000))
    assert error.data["what"] == "unpacked"


def test_the_number_of_members_is_limited():
    error = refused(making.word(making.SENTENCE), "a.docx", Limits(members=3))
    assert (error.code, error.data["what"]) == ("too_large", "members")


def test_a_directory_that_lies_about_a_size_is_found_out():
    content = bytearray(making.with_member(making.sheet([["x"]]), "xl/lie.bin", b"\0" * 1_000_000))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    assert isinstance(refused(bytes(content), "a.xlsx"), refusals.Damaged)


@pytest.mark.parametrize("member", ["word/vbaProject.bin", "xl/vbaProject.bin"])
def test_a_document_with_macros_is_refused_whatever_its_name(member):
    content = making.with_member(making.word(making.SENTENCE), member, b"macro")
    error = refused(content, "a.docx")
    assert (type(error), error.accepted) == (refusals.MacroBearing, ("docx", "xlsx"))


def test_a_macro_content_type_is_refused_even_without_a_macro():
    types = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    content = making.with_member(making.word(making.SENTENCE), "[Content_Types].xml", types)
    assert isinstance(refused(content, "a.docx"), refusals.MacroBearing)


def test_an_old_workbook_with_macros_is_refused():
    assert isinstance(
        refused(making.compound("Workbook", "_VBA_PROJECT_CUR"), "a.xls"), refusals.MacroBearing
    )


@pytest.mark.parametrize(
    ("kind", "found"), [("PNG", "png"), ("JPEG", "jpeg"), ("BMP", "bmp"), ("TIFF", "tiff")]
)
def test_an_image_pretending_to_be_a_pdf_is_named_as_what_it_is(kind, found):
    error = refused(picture(kind), "扫描件.pdf")
    assert (type(error), error.data["found"]) == (refusals.PretendedImage, found)


def test_a_pdf_of_pictures_needs_text_recognition():
    assert isinstance(refused(making.picture_pdf(), "a.pdf"), refusals.ImageOnly)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (bytes(range(256)) * 40, "bin"),
    ],
)
def test_formats_we_do_not_read_are_named(content, found):
    assert refused(content, "a.bin").data["found"] == found


@pytest.mark.parametrize(
    ("content", "name", "limits", "what"),
    [
        (making.pdf([["一"]] * 301), "a.pdf", Limits(pages=300), "pages"),
        ("字".encode() * 2000, "a.txt", Limits(characters=1000), "characters"),
        ("字".encode() * 2000, "a.txt", Limits(bytes=100), "bytes"),
        (making.sheet([["x"]] * 20), "a.xlsx", Limits(rows=10), "rows"),
        (making.sheet([["x"] * 20]), "a.xlsx", Limits(columns=10), "columns"),
        (b"a\n" * 20, "a.csv", Limits(rows=10), "rows"),
        (making.word(*["x"] * 20), "a.docx", Limits(rows=10), "paragraphs"),
    ],
)
def test_what_is_too_long_is_refused_with_its_limit(content, name, limits, what):
    error = refused(content, name, limits)
    assert (error.code, error.data["what"]) == ("too_large", what)
    assert error.data["found"] > error.data["limit"]


def test_three_hundred_pages_are_read():
    assert read_document(making.pdf([[making.SENTENCE]] * 300), name="a.pdf").pages == 300


def test_every_refusal_names_the_file_and_what_would_be_accepted():
    error = refused(b"", "反馈意见.docx")
    assert error.file == "反馈意见.docx"
    assert "docx" in error.accepted


def test_a_refusal_survives_the_way_through_json():
    error = refused(picture("PNG"), "a.pdf")
    again = refusals.error_from_plain(error.as_plain())
    assert (type(again), again.file, again.data, again.accepted) == (
        type(error),
        error.file,
        error.data,
        error.accepted,
    )


def test_a_word_in_the_text_is_not_taken_for_a_stream():
    styles = "Book Title\0Macros\0Book\0_VBA_PROJECT\0".encode("utf-16-le").ljust(512, b"\0")
    content = making.compound("WordDocument").ljust(1024, b"\0") + styles
    assert kind_of(content, "a.doc", Limits()) == "doc"


@pytest.mark.parametrize(("at", "value"), [(6, b"\x63"), (46, b"\xff\xfe")])
def test_a_directory_that_makes_no_sense_is_damaged_or_truncated(at, value):
    content = bytearray(making.word(making.SENTENCE))
    begins = content.find(b"PK\x01\x02")
    content[begins + at : begins + at + len(value)] = value
    if at == 46:
        content[begins + 9] |= 8
    assert isinstance(refused(bytes(content), "a.docx"), refusals.Damaged)
