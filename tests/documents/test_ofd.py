"""OFD: reading order by position, pages, and nothing dropped."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.documents import BlockKind, Limits, errors, read_document
from tests.documents import making
from tests.documents.ofd_making import Rule, Text, content, ofd

WORDS = st.text(alphabet="整改问题落实不到位，。；：（）0123 ab<&>", min_size=1, max_size=30).filter(
    str.strip
)
LEFT = [
    "部分单位没有按照规定时间完",
    "成整改任务，造成群众反映强",
    "烈，巡察整改流于形式，台账",
    "不清，责任不明。",
]
RIGHT = [
    "第二栏另有内容，县局对此一",
    "直没有重视，直至被媒体曝光",
    "以后才着手处理，影响十分恶",
    "劣，教训深刻。",
]


def blocks(package: bytes):
    return read_document(package, name="a.ofd").blocks


def texts(package: bytes) -> list[str]:
    return [block.text for block in blocks(package)]


def test_texts_are_read_by_their_places_not_by_their_order():
    items = [Text("二、问题", 30, 60), Text("关于", 60, 30), Text("的通报", 70, 30), Text("一、背景", 30, 45)]
    for order in range(6):
        random.Random(order).shuffle(items)
        assert texts(ofd(content(*items))) == ["关于的通报", "一、背景", "二、问题"]


def test_pages_are_counted_and_page_marks_set_apart():
    document = read_document(
        ofd(content(Text("第一页", 30, 60), Text("— 1 —", 95, 280)), content(Text("第二页", 30, 60))),
        name="a.ofd",
    )
    assert document.pages == 2
    assert [(block.page, block.kind) for block in document.blocks] == [
        (1, BlockKind.PARAGRAPH),
        (1, BlockKind.PAGE_MARK),
        (2, BlockKind.PARAGRAPH),
    ]


def columns(*more: Rule) -> bytes:
    lines = [Text("整改简报", 80, 10), *more]
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        lines += [Text(right, 110, 30 + 8 * number), Text(left, 20, 30 + 8 * number)]
    return ofd(content(*lines))


def test_two_columns_are_read_one_after_the_other():
    assert "".join(texts(columns())) == "".join(["整改简报", *LEFT, *RIGHT])


def test_a_table_with_a_line_between_its_columns_is_read_across():
    found = texts(columns(Rule(100, 28, 0.2, 40)))
    assert found[1] == f"{LEFT[0]} {RIGHT[0]}"


def test_a_letterhead_comes_from_the_page_below():
    head = content(Text("某市人民政府办公室", 50, 15))
    assert texts(ofd(content(Text("正文", 30, 60), template="50"), template=head)) == [
        "某市人民政府办公室",
        "正文",
    ]


@pytest.mark.parametrize(
    ("deltas", "text"), [("g 2 5 7", "整改台账"), ("5 5 7", "整改台账"), ("5", "整改台账")]
)
def test_steps_between_letters_tell_where_a_text_ends(deltas, text):
    item = Text(text, 30, 60, deltas=deltas)
    assert texts(ofd(content(item, Text("缺失", 52, 60)))) == ["整改台账缺失"]


@pytest.mark.parametrize("deltas", ["g nan 5", "g 1e400 5", "g 2", "x", "g 999999999 1"])
def test_steps_that_make_no_sense_lose_no_text(deltas):
    assert texts(ofd(content(Text("整改台账", 30, 60, deltas=deltas)))) == ["整改台账"]


def test_a_text_is_where_its_matrix_moves_it():
    moved = Text("下", 30, 0, matrix="1 0 0 1 0 100")
    assert texts(ofd(content(moved, Text("上", 30, 50)))) == ["上", "下"]


def test_a_text_without_a_place_goes_on_where_the_last_one_began():
    page = content(Text("整改", 30, 60)).replace(
        "</ofd:TextCode>", "</ofd:TextCode><ofd:TextCode>附记</ofd:TextCode>"
    )
    assert Counter("".join(texts(ofd(page)))) == Counter("整改附记")


def test_remarks_follow_as_comments():
    package = ofd(content(Text("正文", 30, 60)), remark=Text("同意。", 10, 10).xml(1))
    assert [(block.kind, block.text, block.page) for block in blocks(package)] == [
        (BlockKind.PARAGRAPH, "正文", 1),
        (BlockKind.COMMENT, "同意。", 1),
    ]


def test_pages_that_are_pictures_need_text_recognition():
    with pytest.raises(errors.ImageOnly) as refused:
        blocks(ofd(content(Rule(0, 0, 100, 100))))
    assert refused.value.data == {"pages": 1}


def test_an_encrypted_package_is_said_to_be():
    with pytest.raises(errors.Encrypted):
        blocks(ofd(content(Text("x", 1, 1)), more={"Encryptions.xml": "<x/>"}))


def test_a_page_that_is_missing_is_named():
    package = making.with_member(
        ofd(content(Text("x", 1, 1))), "OFD.xml", b"<OFD><DocRoot>/Doc_9/D.xml</DocRoot></OFD>"
    )
    with pytest.raises(errors.Damaged) as refused:
        blocks(package)
    assert refused.value.place == "Doc_9/D.xml"


def test_too_many_pages_are_refused_with_the_limit():
    with pytest.raises(errors.TooLarge) as refused:
        read_document(ofd(*[content(Text("x", 1, 1))] * 4), name="a.ofd", limits=Limits(pages=3))
    assert refused.value.data == {"what": "pages", "found": 4, "limit": 3}


PLACED = st.builds(
    Text, WORDS, st.floats(0, 200), st.floats(0, 290), st.sampled_from(["", "1 0 0 1 3 3", "0 1 -1 0 0 0"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PLACED, min_size=1, max_size=12), min_size=1, max_size=3))
def test_every_character_of_a_package_is_read_once(pages):
    written = Counter(making.squeezed("".join(item.text for page in pages for item in page)))
    assert Counter(making.squeezed("".join(texts(ofd(*(content(*page) for page in pages)))))) == written
