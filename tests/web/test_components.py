"""Every tag draws its piece, from a dataclass and from a mapping, and escapes whatever users wrote."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from django.template import Context, Template
from django.utils import timezone

from bihuan.web import components as parts
from bihuan.web import sections
from bihuan.web.making import _nested
from bihuan.web.showcase import ring
from bihuan.web.stylesheet import FOLDER
from bihuan.web.templatetags.bihuan import register
from tests.web.pages import read

DANGEROUS = "<script>alert('1')</script>\"&"
AWARE = datetime(2026, 11, 23, 10, 12, tzinfo=timezone.get_default_timezone())

ONE = {
    "queue": parts.Queue,
    "saved_views": parts.SavedViews,
    "filters": parts.Filters,
    "table": parts.Table,
    "pager": parts.Pager,
    "empty": parts.Empty,
    "ring": sections.Ring,
    "clock": sections.ClockPanel,
    "source_text": sections.SourceText,
    "measures": sections.Measures,
    "evidence": sections.Evidence,
    "route": sections.Route,
    "timeline": sections.Timeline,
    "actions": sections.Acts,
    "conflict": sections.Conflict,
    "note": sections.Note,
    "progress": sections.Progress,
}
SEVERAL = {
    "figures": parts.Figure,
    "crumbs": parts.Link,
    "facts": sections.Fact,
    "goals": sections.Goal,
    "parties": sections.Party,
    "flags": sections.Flag,
}


def drawn(tag: str, value: object, **context: object) -> str:
    return Template(f"{{% load bihuan %}}{{% {tag} value %}}").render(Context({"value": value, **context}))


def filled(kind: type, words: str = DANGEROUS) -> object:
    """A piece whose every field holds the words, or a number or a day where it cannot."""
    hints, nested = get_type_hints(kind), _nested(kind)
    given = {}
    for one in fields(kind):
        piece, several = nested[one.name]
        if piece is not None:
            inner = filled(piece, words)
            given[one.name] = [inner] if several else inner
        else:
            given[one.name] = _value(one.name, hints[one.name], words)
    return kind(**given)


PAIRS = ("kept", "kept_beside")
MOMENTS = ("at", "when", "taken_at")
LISTS = ("cells", "origin", "lines", "notes")


def _value(name: str, hint: object, words: str) -> object:
    options = get_args(hint)
    if get_origin(hint) is Literal:
        return next(choice for choice in options if choice)
    if name in (*MOMENTS, *LISTS, *PAIRS):
        return AWARE if name in MOMENTS else [(words, words) if name in PAIRS else words]
    if date in options and str not in options:
        return date(2026, 11, 23)
    simple = {int: 1, bool: True}
    return next((simple[one] for one in (hint, *options[:1]) if one in simple), words)


def piece_of(tag: str) -> object:
    if tag == "table":
        column = parts.Column(key="title", label=DANGEROUS, sort_url=DANGEROUS, sorted="ascending")
        batch = parts.Batch(acts=[filled(parts.BatchAct)], all_label=DANGEROUS, filter=DANGEROUS)
        row = parts.Row(id=DANGEROUS, cells=[DANGEROUS], url=DANGEROUS, name=DANGEROUS)
        return parts.Table(
            caption=DANGEROUS, columns=[column], rows=[row], batch=batch, pager=filled(parts.Pager)
        )
    return filled(ONE[tag])


@pytest.mark.parametrize("tag", ONE)
def test_a_piece_is_drawn_with_every_field_escaped(tag):
    page = read(drawn(tag, piece_of(tag)))
    assert page.all("script") == []
    assert "alert" in page.words or any(
        "alert" in text for one in page.all() for text in one.attributes.values()
    )


@pytest.mark.parametrize("tag", SEVERAL)
def test_pieces_are_drawn_with_every_field_escaped(tag):
    page = read(drawn(tag, [filled(SEVERAL[tag])]))
    assert page.all("script") == []
    assert "alert" in page.words


@pytest.mark.parametrize("tag", sorted(SEVERAL.keys() - {"flags"}))
def test_mappings_draw_the_same_as_pieces(tag):
    piece = filled(SEVERAL[tag], "平桥县")
    assert drawn(tag, [asdict(piece)]) == drawn(tag, [piece])


@pytest.mark.parametrize("tag", sorted(ONE.keys() - {"table", "source_text", "note", "conflict"}))
def test_a_mapping_draws_the_same_as_the_piece(tag):
    piece = filled(ONE[tag], "平桥县")
    assert drawn(tag, asdict(piece)) == drawn(tag, piece)


def test_every_tag_is_at_work_in_the_shell_or_its_style_guide():
    text = "".join(path.read_text("utf-8") for path in (FOLDER.parents[2] / "templates").glob("**/*.html"))
    assert [name for name in register.tags if f"{{% {name} " not in text] == []


# ---- the ring ------------------------------------------------------------------------------------------------


def states(piece: sections.Ring) -> list[str]:
    page = read(drawn("ring", piece))
    return [
        one.get("class").split()[-1].removeprefix("is-")
        for one in page.all("path")
        if "seg" in one.get("class")
    ]


@pytest.mark.parametrize("now", range(1, 9))
def test_what_is_before_now_is_passed(now):
    assert states(sections.Ring(now=now)) == ["passed"] * (now - 1) + ["now"] + ["ahead"] * (8 - now)


def test_a_closed_ring_has_nothing_lit():
    assert states(sections.Ring(now=7, ended="closed")) == ["passed"] * 7 + ["ahead"]


def test_a_held_ring_is_whole():
    assert states(sections.Ring(now=8, ended="held")) == ["passed"] * 8


def test_a_skipped_stage_is_hollow():
    stages = [*(sections.RingStage() for _ in range(5)), sections.RingStage(skipped=True, words="免公示")]
    assert states(sections.Ring(now=7, stages=stages))[5] == "skipped"


def test_the_ring_is_described_for_those_who_cannot_see_it():
    assert (
        read(drawn("ring", ring())).all("svg")[0].get("aria-label")
        == "八个阶段，第 1 轮，现在是第 4 阶段：整改"
    )


def test_dates_stand_at_their_stage():
    words = [one.words for one in read(drawn("ring", ring())).all("text")]
    assert words[words.index("交办") + 1] == "04-02"


def test_no_more_than_two_lines_stand_in_the_middle():
    assert "三" not in drawn("ring", replace(ring(), lines=["一", "二", "三"]))


# ---- tables ----------------------------------------------------------------------------------------------------


def small_table(**changes) -> parts.Table:
    columns = [parts.Column(key="no", label="编号"), parts.Column(key="due", label="期限")]
    rows = [parts.Row(id="1", cells=["ZG-2026-0001", None], url="/1/", name="ZG-2026-0001")]
    return replace(parts.Table(columns=columns, rows=rows, caption="问题"), **changes)


def test_the_number_is_the_heading_of_its_row_and_leads_to_it():
    heading = read(drawn("table", small_table())).all("th")[-1]
    assert heading.get("scope") == "row"
    assert heading.all("a")[0].get("href") == "/1/"


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(ValueError, match="Row 1 has 1 cells for 2 columns"):
        drawn("table", small_table(rows=[parts.Row(id="1", cells=["ZG"])]))


def test_an_empty_table_says_what_to_do():
    empty = parts.Empty(title="没有符合的问题", link=parts.Link(words="清空条件", url="/ledger/"))
    page = read(drawn("table", small_table(rows=[], empty=empty)))
    assert page.all("table") == []
    assert [one.get("href") for one in page.all("a")] == ["/ledger/"]


def test_the_sorted_column_says_so():
    columns = [
        parts.Column(key="no", label="编号", sort_url="?s=-no", sorted="ascending"),
        parts.Column(key="due", label="期限"),
    ]
    head = read(drawn("table", small_table(columns=columns))).all("th")[0]
    assert head.get("aria-sort") == "ascending"
    assert head.all("a")[0].get("href") == "?s=-no"


def test_a_box_belongs_to_the_form_of_the_batch_bar():
    batch = parts.Batch(acts=[parts.BatchAct(label="催报", url="/chase/", primary=True)])
    page = read(drawn("table", small_table(batch=batch)))
    form = page.all("form")[0]
    boxes = [one for one in page.all("input") if one.get("name") == "pick"]
    assert [(one.get("form"), one.get("value")) for one in boxes] == [(form.get("id"), "1")]
    assert boxes[0].get("aria-label") == "选择 ZG-2026-0001"


def test_an_impossible_batch_act_says_why_and_is_no_button():
    batch = parts.Batch(acts=[parts.BatchAct(label="申请延期", url="/extend/", why_not="已有待审延期")])
    page = read(drawn("table", small_table(batch=batch)))
    assert "已有待审延期" in page.words
    assert [one for one in page.all("button") if one.get("formaction")] == []


def test_a_batch_form_sends_no_token_by_address():
    batch = parts.Batch(acts=[parts.BatchAct(label="催报", url="/chase/")])
    page = read(drawn("table", small_table(batch=batch), csrf_token="secret"))
    assert page.all("form")[0].get("method") == "get"
    assert "secret" not in str(page)


def test_plain_tables_carry_their_labels_to_the_phone():
    cells = read(drawn("table", small_table())).all("td")
    assert [one.get("data-label") for one in cells] == ["期限"]


def test_keyset_pages_offer_only_neighbours_that_exist():
    page = read(drawn("pager", parts.Pager(next_url="?after=1")))
    assert [(one.get("rel"), one.get("href")) for one in page.all("a")] == [("next", "?after=1")]


# ---- what may be done ----------------------------------------------------------------------------------------------


def acts(**changes) -> sections.Act:
    return replace(sections.Act(label="签收", url="/acknowledge/", consequence="开始计时"), **changes)


def test_an_act_says_its_consequence_to_screen_readers_too():
    page = read(drawn("actions", sections.Acts(allowed=[acts()])))
    described = page.all("a")[0].get("aria-describedby")
    assert [one.words for one in page.all("span") if one.get("id") == described] == ["开始计时"]


def test_an_act_that_acts_at_once_is_a_post_with_its_token():
    page = read(
        drawn("actions", sections.Acts(allowed=[acts(how="post", confirm="签收？")]), csrf_token="token")
    )
    form = page.all("form")[0]
    assert (form.get("method"), form.get("action"), form.get("data-confirm")) == (
        "post",
        "/acknowledge/",
        "签收？",
    )
    assert [one.get("value") for one in form.all("input")] == ["token"]


def test_what_may_not_be_done_is_folded_with_its_reason():
    denied = [sections.Denied(label="销号", why="先验收、公示")]
    page = read(drawn("actions", sections.Acts(allowed=[], denied=denied)))
    assert page.all("summary")[0].words == "现在不能办的 1 项，为什么"
    assert "先验收、公示" in page.all("details")[0].words
    assert page.all("button") == []


def test_nothing_to_do_is_said():
    assert "这件事现在不等你办" in read(drawn("actions", sections.Acts(allowed=[]))).words


# ---- others ----------------------------------------------------------------------------------------------------


def test_the_source_is_quoted_word_for_word():
    text = "一、第一条。\n\n二、第二条 <b>。"
    quoted = read(drawn("source_text", sections.SourceText(text=text))).all("blockquote")[0]
    assert [one.words for one in quoted.all("p")] == ["一、第一条。", "二、第二条 <b>。"]


def test_the_present_step_of_a_route_is_marked():
    steps = [sections.RouteStep(name="拟办", status="done"), sections.RouteStep(name="审核", status="now")]
    page = read(drawn("route", sections.Route(steps=steps)))
    assert [one.get("aria-current") for one in page.all("li")] == ["", "step"]


def test_an_overdue_clock_is_red_beyond_the_due_day():
    light = parts.Light(colour="red")
    days = {"start": date(2026, 8, 3), "due": date(2026, 11, 20), "today": date(2026, 11, 23)}
    drawing = drawn("clock", sections.ClockPanel(headline="逾期 3 天", light=light, **days))
    assert 'class="over"' in drawing


def test_a_clock_without_dates_has_no_rail():
    drawing = drawn("clock", sections.ClockPanel(headline="未定期限", light=parts.Light(colour="off")))
    assert "rail-clock" not in drawing


def test_a_file_without_preview_shows_its_kind():
    files = [sections.EvidenceFile(name="记录.pdf", url="/1", kind="PDF")]
    assert "PDF" in read(drawn("evidence", sections.Evidence(files=files))).words


def test_a_view_may_be_kept_only_where_somebody_serves_it():
    views = parts.SavedViews(views=[parts.SavedView(name="逾期", url="?v=1", current=True)])
    assert "存为视图" not in drawn("saved_views", views)


def test_a_removed_condition_is_a_link_that_says_what_it_removes():
    filters = parts.Filters(
        url="/ledger/", chips=[parts.FilterChip(label="状态", value="在办", remove_url="?")]
    )
    assert read(drawn("filters", filters)).all("a")[0].get("aria-label") == "去掉条件 状态 在办"


def test_the_search_in_a_list_carries_what_must_be_kept():
    page = read(drawn("filters", parts.Filters(url="/ledger/", kept=[("view", "late")])))
    assert [
        (one.get("name"), one.get("value")) for one in page.all("input") if one.get("type") == "hidden"
    ] == [("view", "late")]
