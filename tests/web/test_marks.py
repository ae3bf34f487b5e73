from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.web import components as parts
from bihuan.web import marks
from bihuan.web.icons import icon, icon_names, light_shape, sprite
from bihuan.web.making import WrongPiece
from tests.web.pages import read

COLOURS = ("green", "blue", "yellow", "orange", "red", "off")
DANGEROUS = "<script>alert('1')</script>\"&"


@pytest.mark.parametrize(("colour", "letter"), list(zip(COLOURS, "绿蓝黄橙红停", strict=True)))
def test_a_light_says_its_letter(colour, letter):
    assert letter in read(marks.light(parts.Light(colour=colour))).words


def test_six_lights_have_six_shapes():
    assert len({light_shape(colour) for colour in COLOURS}) == 6


def test_only_red_is_written_red():
    late = [
        colour for colour in COLOURS if "is-late" in marks.light(parts.Light(colour=colour, words="余 1 天"))
    ]
    assert late == ["red"]


def test_a_light_explains_itself():
    drawn = marks.light(parts.Light(colour="yellow", because="落后序时（时限政策 v3）"))
    assert read(drawn).children[0].get("title") == "落后序时（时限政策 v3）"


@pytest.mark.parametrize("stage", range(1, 9))
def test_each_stage_has_its_ring_in_the_sprite(stage):
    assert f'href="#g{stage}"' in marks.glyph(parts.StageMark(stage=stage))
    assert f'id="g{stage}"' in sprite()


@pytest.mark.parametrize("stage", [0, 9, -1])
def test_there_are_eight_stages_and_no_more(stage):
    with pytest.raises(WrongPiece):
        marks.glyph(parts.StageMark(stage=stage))


def test_the_second_round_is_seen_and_said():
    drawn = marks.stage(parts.StageMark(stage=4, round=2))
    assert 'class="dot"' in drawn
    assert "第 2 轮" in read(drawn).words


def test_a_closed_ring_is_green_wherever_it_stood():
    assert 'class="glyph s7"' in marks.glyph(parts.StageMark(stage=4, ended="closed"))


@pytest.mark.parametrize(("ended", "word"), [("closed", "已销号"), ("held", "巩固"), ("suspended", "中止")])
def test_an_ended_ring_says_how_it_ended(ended, word):
    assert word in read(marks.stage(parts.StageMark(stage=7, ended=ended))).words


def test_a_renamed_stage_keeps_its_name():
    assert read(marks.stage(parts.StageMark(stage=5, name="认定"))).words == "认定"


def test_levels_differ_in_weight():
    drawn = {marks.level(parts.Level(name="级", rank=rank)) for rank in range(4)}
    assert len(drawn) == 4


def test_a_moved_deadline_shows_the_first_one_struck_through():
    drawn = marks.due(parts.Due(current=date(2026, 12, 15), first=date(2026, 10, 31), extensions=1))
    struck = read(drawn).all("s")
    assert struck[0].all("time")[0].get("datetime") == "2026-10-31"
    assert "延期×1" in read(drawn).words


def test_a_deadline_that_did_not_move_is_written_once():
    day = date(2026, 12, 15)
    drawn = marks.due(parts.Due(current=day, first=day))
    assert len(read(drawn).all("time")) == 1


def test_a_deadline_nobody_set_is_missing():
    assert 'class="missing"' in marks.due(parts.Due(current=None))


def test_a_moment_is_shown_in_the_installations_zone():
    assert read(marks.day(datetime(2026, 11, 22, 17, 30, tzinfo=UTC))).words == "2026-11-23 01:30"


def test_an_unchecked_digest_does_not_look_checked():
    assert "verified" not in marks.verified("c7e8b0114a")


def test_a_broken_digest_says_so():
    assert "校验不一致" in read(marks.verified("c7e8b0114a", False)).words


def test_a_long_digest_is_shortened_to_both_ends():
    assert "c7e8…114a" in marks.verified("c7e8b0114a" * 6 + "114a", True)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("平桥县", "平桥县"),
        (1286, "1,286"),
        (True, "是"),
        (None, "无"),
        ("", "无"),
        (date(2026, 1, 2), "2026-01-02"),
        (["看", parts.Link(words="位置", url="/")], "看 位置"),
        (parts.Missing(words="待定"), "待定"),
        (parts.Struck(words="登记错了", said="已撤回："), "登记错了 已撤回："),
        ({"piece": "light", "colour": "red"}, "红"),
        (parts.Percent(value=71), "71%"),
    ],
)
def test_a_cell_shows_any_value(value, words):
    assert read(marks.shown(value)).words == words


@pytest.mark.parametrize("value", [object(), 1.5, {"colour": "red"}, {"piece": "window"}])
def test_a_cell_refuses_what_it_cannot_draw(value):
    with pytest.raises(WrongPiece):
        marks.shown(value)


def test_progress_beyond_all_is_all():
    assert 'value="100"' in marks.percent(parts.Percent(value=140))


@pytest.mark.parametrize(
    "drawn",
    [
        marks.light(parts.Light(colour="red", words=DANGEROUS, because=DANGEROUS)),
        marks.stage(parts.StageMark(stage=1, name=DANGEROUS)),
        marks.level(parts.Level(name=DANGEROUS)),
        marks.chip(DANGEROUS),
        marks.link(parts.Link(words=DANGEROUS, url=DANGEROUS, hint=DANGEROUS)),
        marks.missing(parts.Missing(words=DANGEROUS)),
        marks.struck(parts.Struck(words=DANGEROUS, said=DANGEROUS)),
        marks.shown(DANGEROUS),
        marks.shown([DANGEROUS]),
        marks.verified(DANGEROUS, True, DANGEROUS),
        marks.due(parts.Due(current=None, missing=DANGEROUS)),
    ],
)
def test_words_of_users_are_escaped(drawn):
    assert read(drawn).all("script") == []
    assert "<script" not in drawn


@given(st.text(max_size=60))
def test_any_words_are_shown_as_they_are(words):
    shown = marks.shown(words)
    assert "<" not in shown.replace('<span class="faint">', "").replace("</span>", "")


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_is_in_the_sprite(name):
    assert f'id="i-{name}"' in sprite()
    assert f'href="#i-{name}"' in icon(name)


def test_an_icon_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="No icon 'window'"):
        icon("window")
