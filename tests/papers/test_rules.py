"""Which document goes which way, what it may not say, and what a template may hold: rules of plain values."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.papers.kinds import KINDS, offered_names
from bihuan.papers.rules import (
    WITHOUT_RECIPIENTS,
    DocumentKind,
    Fault,
    Purpose,
    Relation,
    document_kind,
    faults_of,
    relation_of,
    requests_in,
    template_in_force,
)
from bihuan.papers.starting_words import STARTING_WORDS
from bihuan.papers.templating import (
    BLANK,
    PLACE,
    faults_in,
    filled,
    filled_lines,
    form_lines,
    missing,
    names_in,
)

PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(".".join)
UPWARDS = {DocumentKind.REQUEST, DocumentKind.REPORT}
DOWNWARDS = {DocumentKind.NOTICE, DocumentKind.REPLY}


@given(PATHS, PATHS)
def test_what_is_up_for_one_is_down_for_the_other(one, other):
    opposite = {Relation.UP: Relation.DOWN, Relation.DOWN: Relation.UP, Relation.LEVEL: Relation.LEVEL}
    assert relation_of(other, one) is opposite[relation_of(one, other)]


def test_a_unit_whose_label_only_begins_alike_is_not_below():
    assert relation_of("city.water", "city.waterworks") is Relation.LEVEL
    assert relation_of("city", "city.water") is Relation.DOWN


@given(st.sampled_from(Purpose), st.sets(st.sampled_from(Relation)))
def test_the_kind_follows_the_relation(purpose, relations):
    found = document_kind(purpose, relations)
    if purpose in WITHOUT_RECIPIENTS or isinstance(found, Fault):
        return
    if found in UPWARDS:
        assert relations == {Relation.UP}
    elif found in DOWNWARDS:
        assert relations == {Relation.DOWN}
    elif found is DocumentKind.CIRCULAR:
        assert Relation.UP not in relations
    else:
        assert found is DocumentKind.LETTER


def test_nobody_instructs_upwards_and_one_document_is_of_one_kind():
    assert document_kind(Purpose.INSTRUCT, {Relation.UP}) is Fault.WRONG_WAY
    assert document_kind(Purpose.ASK, {Relation.DOWN}) is Fault.WRONG_WAY
    assert document_kind(Purpose.INSTRUCT, {Relation.DOWN, Relation.LEVEL}) is Fault.MIXED
    assert document_kind(Purpose.INSTRUCT, set()) is Fault.NO_RECIPIENT


@pytest.mark.parametrize(
    "text",
    [
        "妥否，请批示。",
        "当否，请批复",
        "请予批准为盼",
        "恳请市政府支持",
        "请求协调解决",
        "现就延期请示如下",
        "请市政府对改造资金给予支持",
        "可否延期，请指示",
        "望批准",
        "专此报告，盼复",
        "现将延期事项向省政府请示",
    ],
)
def test_a_report_that_asks_is_caught(text):
    assert requests_in(text)
    assert faults_of(DocumentKind.REPORT, text, matters=1, recipients=1) == [Fault.REPORT_ASKS]
    assert faults_of(DocumentKind.REQUEST, text, matters=1, recipients=1) == []


@pytest.mark.parametrize(
    "text",
    [
        "特此报告，请审阅。",
        "已报请验收并通过。",
        "市水务局请专家论证后实施。",
        "邀请群众代表参加",
        "不可否认，仍有差距。",
        "重大事项未按规定请示报告。",
        "已报请批准，省政府批复了《关于延期的请示》。",
        "这与当初的判断相当否定不了。",
    ],
)
def test_a_report_that_asks_for_nothing_passes(text):
    assert faults_of(DocumentKind.REPORT, text, matters=3, recipients=2) == []


def test_a_request_is_of_one_matter_to_one_body_and_not_copied_down():
    found = faults_of(DocumentKind.REQUEST, "", matters=2, recipients=2, copies=[Relation.DOWN])
    assert found == [Fault.SEVERAL_MATTERS, Fault.SEVERAL_RECIPIENTS, Fault.COPIED_DOWN]


@dataclass(frozen=True)
class Version:
    jurisdiction_id: uuid.UUID
    version: int
    valid_from: dt.date
    valid_until: dt.date | None = None


CITY, COUNTY, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 20))
VERSIONS = st.lists(
    st.builds(Version, st.sampled_from([CITY, COUNTY, ELSEWHERE]), st.integers(1, 9), DAYS, st.none() | DAYS),
    max_size=8,
)


@given(VERSIONS, DAYS)
def test_the_words_in_force_are_valid_and_the_nearest(versions, on):
    found = template_in_force(versions, chain=[COUNTY, CITY], on=on)
    valid = [
        one for one in versions if one.valid_from <= on and (one.valid_until is None or on <= one.valid_until)
    ]
    near = [one for one in valid if one.jurisdiction_id == COUNTY]
    if found is None:
        assert all(one.jurisdiction_id == ELSEWHERE for one in valid)
        return
    assert found in valid
    assert found.jurisdiction_id == (COUNTY if near else CITY)
    same = [one for one in valid if one.jurisdiction_id == found.jurisdiction_id]
    assert found.version == max(one.version for one in same)


def test_every_kind_has_starting_words_that_name_only_what_it_offers():
    assert set(STARTING_WORDS) == set(KINDS)
    for code, words in STARTING_WORDS.items():
        offered = offered_names(KINDS[code])
        assert faults_in(words.title, offered) == faults_in(words.body, offered) == []
        asked = set(names_in(words.body))
        assert set(KINDS[code].asks) - asked <= {"督办颜色"}, code


def test_unknown_names_and_open_braces_are_told_with_their_line():
    found = faults_in("好\n{{牵头单位}}{{无此项}}\n{{半个\n}}", ["牵头单位"])
    assert [(one.code, one.name, one.line) for one in found] == [
        ("unknown", "无此项", 2),
        ("braces", "", 3),
        ("braces", "", 4),
    ]


HOSTILE = [
    "{{ ''.__class__.__mro__ }}",
    "{{问题.jurisdiction.path}}",
    "{% include '/etc/passwd' %}",
    "{{settings.SECRET_KEY}}",
    "{{ 7*7 }}",
    "${7*7} #{7*7} {0.__class__}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_templates_stay_text(text):
    """What is no offered name is refused; even unrefused it could only become a blank or stay as it stands."""
    shown = filled(text, {"问题": "值"})
    assert shown == PLACE.sub(BLANK, text)
    assert "49" not in shown
    assert "class 'str'" not in shown


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_filled_in_again(value, other):
    shown = filled("甲{{一}}乙", {"一": value + "{{二}}", "二": "机密" + other})
    assert "机密" not in shown.replace(value, "")
    assert "{{二}}" in shown


@given(st.dictionaries(st.sampled_from(["一", "二"]), st.text(alphabet="字 \n", max_size=8)))
def test_a_blank_is_drawn_exactly_where_something_is_missing(values):
    body = "前{{一}}后\n{{二}}"
    assert "\n".join(filled_lines(body, values)).count(BLANK) == len(missing(body, values))


def test_a_value_that_ends_its_sentence_does_not_end_the_templates():
    assert filled("因{{一}}，经研究。{{一}}", {"一": "逾期未改。"}) == "因逾期未改，经研究。逾期未改。"
    assert filled("{{一}}。", {"一": "。"}) == "。。", "nothing is left out"


def test_a_place_alone_on_its_line_gives_paragraphs():
    assert filled_lines("头\n\n{{一}}\n尾{{一}}", {"一": "甲\n\n乙"}) == ["头", "甲", "乙", "尾甲  乙"]


def test_values_cannot_add_fields_to_a_form():
    (line,) = form_lines("名称：{{一}} | 日期：{{二}}", {"一": "假 | 签字：冒名", "二": "今天"})
    assert [(cell.label, cell.value) for cell in line.cells] == [
        ("名称", "假 | 签字：冒名"),
        ("日期", "今天"),
    ]


def test_a_form_knows_fields_notes_lists_and_places_to_sign():
    lines = form_lines("甲：{{一}}\n{{问题清单}}\n意见：{{签字栏}}\n请签收", {"一": ""})
    assert [(len(line.cells), line.is_list, line.note) for line in lines] == [
        (1, False, ""),
        (0, True, ""),
        (1, False, ""),
        (0, False, "请签收"),
    ]
    assert lines[0].cells[0].value == ""
    assert lines[2].cells[0].signed
