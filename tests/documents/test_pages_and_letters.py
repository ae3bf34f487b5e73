"""Web pages, letters and archives."""

from __future__ import annotations

import html
import io
import zipfile
from collections import Counter
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.documents import BlockKind, Limits, errors, read_document
from bihuan.documents.archives import everything_in
from bihuan.documents.sandbox import unpacked_in_sandbox
from tests.documents import making

WORDS = st.text(alphabet="整改问题落实不到位，。；：（）0123 ab<&>", min_size=1, max_size=20).filter(
    str.strip
)


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>题</title><style>p{{}}</style></head><body>{body}</body></html>".encode()


def blocks(content: bytes, name: str = "a.html"):
    return read_document(content, name=name).blocks


def texts(content: bytes, name: str = "a.html") -> list[str]:
    return [block.text for block in blocks(content, name)]


# ---- pages ----


def test_headings_lead_to_what_stands_below_them():
    last = blocks(page("<h1>通报</h1><h2>一、问题</h2><div>不到位</div>"))[-1]
    assert (last.text, last.heading_path) == ("不到位", ("通报", "一、问题"))


def test_what_a_browser_does_not_show_is_not_read():
    assert texts(page("<script>恶意()</script><noscript>无</noscript><!-- 注 --><p>正文</p>")) == ["正文"]


def test_lines_of_a_paragraph_that_are_broken_by_hand_are_paragraphs():
    assert texts(page("<p>　　第一段<br>　　第二段</p>尾")) == ["第一段", "第二段", "尾"]


def test_numbers_a_browser_draws_before_lists_are_counted():
    listed = "<ol start=3><li>甲<li>乙<ol type=A><li>内</ol></ol><ul><li>丙</ul>"
    assert texts(page(listed)) == ["3. 甲", "4. 乙", "A. 内", "丙"]


def test_merged_cells_of_a_page_fill_what_they_cover():
    table = "<table><caption>清单</caption><tr><th rowspan=2>序号<th colspan=2>问题<tr><td>甲<td>乙</table>"
    assert [(block.text, block.cells) for block in blocks(page(table))] == [
        ("清单", ()),
        ("序号\t问题", ("序号", "问题", "问题")),
        ("甲\t乙", ("序号", "甲", "乙")),
    ]


def test_a_table_that_only_places_things_is_read_as_text():
    framed = "<table><tr><td>导航</td><td><table><tr><td>1<td>问题</table><p>正文</p></td></tr></table>"
    assert [(block.kind, block.text) for block in blocks(page(framed))] == [
        (BlockKind.PARAGRAPH, "导航"),
        (BlockKind.ROW, "1\t问题"),
        (BlockKind.PARAGRAPH, "正文"),
    ]


@pytest.mark.parametrize(
    ("declared", "encoding"), [("gb2312", "gb18030"), ("big5", "big5"), ("utf-8", "utf-8"), ("gbk", "utf-8")]
)
def test_a_page_is_decoded_as_it_says_unless_its_bytes_say_otherwise(declared, encoding):
    content = f'<html><head><meta charset="{declared}"></head><body>整改</body></html>'.encode(encoding)
    assert texts(content) == ["整改"]


def test_a_page_exported_under_a_sheets_name_is_a_page():
    document = read_document(page("<table><tr><td>1<td>问题</table>"), name="台账.xls")
    assert (document.kind, document.notes) == ("html", ("misnamed:html",))


def test_a_page_nested_beyond_reason_is_damaged():
    with pytest.raises(errors.Damaged):
        read_document(page("<div>" * 20000 + "x"), name="a.html")


NODES = st.recursive(
    WORDS.map(html.escape),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["p", "div", "b", "span", "h2", "section", "ul", "blockquote"]), inner).map(
            lambda both: f"<{both[0]}>{both[1]}</{both[0]}>"
        ),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(st.lists(inner, min_size=1, max_size=2), min_size=1, max_size=2).map(
            lambda rows: (
                "<table>"
                + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
                + "</table>"
            )
        ),
    ),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(NODES, min_size=1, max_size=4))
def test_every_character_of_a_page_is_read_once(nodes):
    body = "".join(nodes)
    written = Counter(making.squeezed(html.unescape("".join(_without_tags(body)))))
    assert Counter(making.squeezed("".join(texts(page(body))))) == written


def _without_tags(body: str) -> list[str]:
    return [piece.partition(">")[2] for piece in ("x>" + body).split("<")]


# ---- letters ----


def letter(text: str = "附件请查收。", *attached: tuple[str, bytes], alternative: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "县局 <a@example.cn>", "b@example.cn", "整改情况报告"
    message["Message-ID"] = "<1@example.cn>"
    message.set_content(text)
    if alternative:
        message.add_alternative(alternative, subtype="html")
    for name, content in attached:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def inside(content: bytes, name: str = "a.eml", limits: Limits | None = None) -> list[tuple[str, bytes]]:
    return [(one.path, one.content) for one in everything_in(content, name, limits or Limits())]


def test_a_letter_is_its_head_its_text_and_a_list_of_what_is_attached():
    report = making.word("未建立台账")
    document = read_document(letter("请查收。", ("报告.docx", report)), name="来信.eml")
    assert [block.text for block in document.blocks[:4]] == [
        "From: 县局 <a@example.cn>",
        "To: b@example.cn",
        "Subject: 整改情况报告",
        "请查收。",
    ]
    assert document.blocks[4].cells[0] == "报告.docx"
    assert inside(letter("请查收。", ("报告.docx", report))) == [("报告.docx", report)]


def test_the_same_text_written_twice_is_read_once():
    content = letter("简短", alternative="<p>整改情况的完整报告</p>")
    assert "整改情况的完整报告" in texts(content, "a.eml")
    assert "简短" not in texts(content, "a.eml")


@pytest.mark.parametrize(
    "head",
    [
        b'Content-Disposition: attachment; filename="=?gb2312?B?' + b"1fuEjg==" + b'?="',
        b"Content-Disposition: attachment; filename*=gb2312''%D5%FB%84%8E",
        b'Content-Disposition: attachment; filename="\xd5\xfb\x84\x8e"',
    ],
)
def test_names_in_the_larger_successor_of_gb2312_are_read(head):
    content = (
        b"MIME-Version: 1.0\r\nFrom: a@b.cn\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: application/pdf\r\n" + head + b"\r\n\r\n%PDF\r\n--x--\r\n"
    )
    assert [name for name, _ in inside(content)] == ["整剮"]


def test_a_letter_without_any_declared_encoding_is_read():
    content = "Subject: 反映问题\r\nFrom: a@b.cn\r\nMessage-ID: <1>\r\n\r\n拖欠工资\r\n".encode("gb18030")
    assert texts(content, "a.eml") == ["From: a@b.cn", "Subject: 反映问题", "拖欠工资"]


def test_a_letter_attached_to_a_letter_is_opened_too():
    content = letter("外", ("内信.eml", letter("内", ("台账.csv", b"a,b"))))
    assert [path for path, _ in inside(content)] == ["内信.eml", "内信.eml/台账.csv"]


def test_a_line_of_the_head_that_cannot_be_decoded_stays_as_written():
    content = b"Subject: =?utf-8?B?5pW05pS5A?=\r\nFrom: a@b.cn\r\nMessage-ID: <1>\r\n\r\nx"
    assert "Subject: =?utf-8?B?5pW05pS5A?=" in texts(content, "a.eml")


def test_a_sealed_letter_is_encrypted():
    content = b"MIME-Version: 1.0\r\nFrom: a@b.cn\r\nContent-Type: application/pkcs7-mime\r\n\r\nxx"
    with pytest.raises(errors.Encrypted):
        read_document(content, name="a.eml")


def test_minutes_that_begin_like_a_letter_are_a_text():
    assert read_document("From: 市局\nTo: 县局\n\n整改\n".encode(), name="纪要.txt").kind == "txt"


# ---- archives ----


def archive(*members: tuple[str, bytes], flags: int | None = None) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(name, content)
    return written.getvalue()


def in_gb18030(content: bytes, name: str) -> bytes:
    """As Chinese Windows writes it: the same bytes of names, without the mark of UTF-8."""
    placeholder = name.encode("gb18030").hex()[: len(name.encode("gb18030"))].encode()
    content = content.replace(placeholder, name.encode("gb18030"))
    assert name.encode("gb18030") in content
    return content


def test_an_archive_is_the_list_of_what_it_holds():
    document = read_document(archive(("县/台账.csv", b"a,b"), ("信.txt", "整改".encode())), name="a.zip")
    assert [block.cells[:2] for block in document.blocks] == [("县/台账.csv", "3"), ("信.txt", "6")]
    assert all(len(block.cells[2]) == 64 for block in document.blocks)


def test_names_written_on_a_chinese_system_are_read():
    name = "反馈意见.txt"
    length = len(name.encode("gb18030"))
    content = in_gb18030(archive((name.encode("gb18030").hex()[:length], b"x")), name)
    assert [path for path, _ in inside(content, "a.zip")] == [name]


def test_paths_are_shown_and_never_used(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    content = archive(("../../逃.txt", b"a"), ("C:\\windows\\x.txt", b"b"), ("/etc/p.txt", b"c"))
    assert [path for path, _ in inside(content, "a.zip")] == ["逃.txt", "windows/x.txt", "etc/p.txt"]
    assert [name for name, _ in unpacked_in_sandbox(content, name="a.zip")] == ["逃.txt", "x.txt", "p.txt"]
    assert not list(tmp_path.iterdir())


def test_files_of_one_name_in_two_folders_stay_apart():
    content = archive(("甲县/台账.csv", b"a"), ("乙县/台账.csv", b"b"), ("__MACOSX/._x", b"c"))
    assert list(unpacked_in_sandbox(content, name="a.zip")) == [
        ("甲县·台账.csv", b"a"),
        ("乙县·台账.csv", b"b"),
    ]


def test_an_archive_in_an_archive_gives_way_to_what_it_holds():
    content = archive(("内.zip", archive(("台账.csv", b"a"))), ("外.txt", b"b"))
    assert [path for path, _ in inside(content, "a.zip")] == ["内.zip/台账.csv", "外.txt"]


def test_archives_are_opened_only_so_deep():
    content = archive(("三.txt", b"x"))
    for _ in range(2):
        content = archive(("内.zip", content))
    with pytest.raises(errors.TooLarge) as refused:
        inside(content, "a.zip")
    assert refused.value.data == {"what": "depth", "found": 3, "limit": 2}


def test_a_bomb_of_many_small_archives_is_refused():
    inner = archive(("x.bin", bytes(400_000)))
    content = archive(*((f"{number}.zip", inner) for number in range(10)))
    with pytest.raises(errors.ZipBomb):
        inside(content, "a.zip", Limits(unpacked=2_000_000))


def test_office_files_are_not_archives():
    assert read_document(making.word("整改"), name="a.docx").kind == "docx"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5), st.booleans())
def test_every_byte_in_an_archive_comes_out(contents, nested):
    members = [(f"{number}.bin", content) for number, content in enumerate(contents)]
    content = archive(("内.zip", archive(*members))) if nested else archive(*members)
    assert [found for _, found in inside(content, "a.zip")] == contents


def test_an_empty_archive_is_empty():
    with pytest.raises(errors.EmptyDocument):
        read_document(archive(("空/", b"")), name="a.zip")
