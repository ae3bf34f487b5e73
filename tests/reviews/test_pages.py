"""The pages of a review: whose they are, what each may do there, what stays refused."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.rectification.models import ProgressReport
from bihuan.reviews.models import MonthlyReview, ReviewSheet
from bihuan.reviews.returned_sheet import AT, KEY
from bihuan.reviews.rules import Cell
from tests.documents.opening import sound
from tests.rectification.conftest import fresh
from tests.reviews.calls import draft_of, issue, lines, row_of, sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
FACTS = "已更换管网六公里。"


def at(name: str, row=None, query: str = "") -> str:
    return reverse(f"reviews:{name}", args=[row.pk] if row is not None else []) + query


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def sheet(issued, story):
    return sheet_of(issued, story.cast.water)


def test_each_sees_its_own_sheet_and_the_office_all(issued, sheet, story, client_as):
    cast = story.cast
    for player, status in (
        (cast.handler, 200),
        (cast.liaison, 200),
        (cast.coordinator, 200),
        (cast.sector_handler, 404),
        (cast.outsider, 404),
        (cast.system_administrator, 404),
    ):
        assert client_as(player).get(at("sheet", sheet)).status_code == status
    for player, status in ((cast.reviewer, 200), (cast.handler, 404), (cast.outsider, 404)):
        for name in ("review", "workbook", "circular"):
            assert client_as(player).get(at(name, issued)).status_code == status


def test_a_draft_is_nothing_to_a_unit_and_has_no_circular(review, story, client_as):
    assert client_as(story.cast.handler).get(at("review", review)).status_code == 404
    assert client_as(story.cast.coordinator).get(at("circular", review)).status_code == 404
    assert "拟定的人不能自己下发" in words(client_as(story.cast.coordinator).get(at("review", review)))
    office = client_as(story.cast.reviewer)
    assert office.post(at("issue", review)).status_code == 302
    assert MonthlyReview.objects.get(pk=review.pk).state == "issued"


@pytest.mark.parametrize("name", ["review", "sheet", "list", "requests", "workbook", "download"])
def test_reading_pages_refuse_to_be_written_to(issued, sheet, story, client_as, name):
    row = {"sheet": sheet, "download": sheet, "list": None, "requests": None}.get(name, issued)
    if name == "sheet":
        assert client_as(story.cast.handler).delete(at(name, row)).status_code == 405
        return
    assert client_as(story.cast.coordinator).post(at(name, row)).status_code == 405


def test_the_office_makes_a_call_by_the_form(story, client_as):
    office = client_as(story.cast.coordinator)
    assert "在办问题月调度" in words(office.get(at("new")))
    sent = {"title": "十一月调度", "due_on": "2026-03-09", "grades": ["major"], "repeats": "on"}
    assert office.post(at("new"), sent).status_code == 302
    made = MonthlyReview.objects.get()
    assert (made.grades, made.repeats, made.state) == (["major"], True, "draft")
    assert client_as(story.cast.handler).get(at("new")).status_code == 404


def form_of(sheet, story, **cells):
    """The form as a browser sends it: every line with its key, and the cells that are open on it."""
    sent = {"key": []}
    for number, line in enumerate(lines(sheet, story.cast.handler)):
        sent["key"].append(line.key)
        for cell in line.open_cells:
            sent[f"{cell.value}_{number}"] = line.now[cell]
        if line.problem.pk == cells.get("problem"):
            sent |= {f"{name}_{number}": text for name, text in cells.items() if name != "problem"}
    return sent


def test_a_unit_answers_in_the_browser(sheet, plain, problem, story, client_as):
    page = words(client_as(story.cast.liaison).get(at("sheet", sheet)))
    assert plain.problem_no in page
    assert "报送调度表" in page
    sent = form_of(sheet, story, problem=plain.pk, percent="30", facts=FACTS, word="on_time")
    assert client_as(story.cast.liaison).post(at("sheet", sheet), sent).status_code == 302
    assert fresh([plain])[0].progress == 30
    assert (row_of(sheet, plain).state, row_of(sheet, problem).state) == ("changed", "unchanged")
    assert "已更新" in words(client_as(story.cast.coordinator).get(at("review", sheet.review)))


def test_what_is_wrong_stands_beside_its_line_with_every_word_kept(sheet, plain, story, client_as):
    sent = form_of(sheet, story, problem=plain.pk, percent="101", facts=FACTS)
    answer = client_as(story.cast.liaison).post(at("sheet", sheet), sent)
    assert answer.status_code == 422
    assert "进度应是 0 至 100 的整数" in words(answer)
    assert FACTS in words(answer)


def test_an_older_page_over_newer_facts_shows_the_three_versions(sheet, plain, story, client_as):
    story.clock.go_on()
    sent = form_of(sheet, story, problem=plain.pk, percent="20", facts=FACTS)
    story.report(plain, 50, facts="又完成两处。")
    liaison = client_as(story.cast.liaison)
    answer = liaison.post(at("sheet", sheet), sent)
    assert answer.status_code == 422
    page = words(answer)
    assert "台账现在" in page
    assert "又完成两处。" in page
    assert FACTS in page
    assert fresh([plain])[0].progress == 50


def test_a_unit_answers_in_excel(sheet, plain, problem, story, client_as):
    liaison = client_as(story.cast.liaison)
    got = liaison.get(at("download", sheet))
    book = openpyxl.load_workbook(BytesIO(sound(b"".join(got.streaming_content))))
    page = book.active
    assert page.protection.sheet
    assert page.column_dimensions["A"].hidden
    head = next(row for row in page.iter_rows() if row[0].value == KEY)
    mine = next(row for row in page.iter_rows(min_row=head[0].row + 1) if row[1].value == plain.problem_no)
    assert [mine[AT[cell] + 1].protection.locked for cell in Cell] == [False] * 5
    assert mine[0].protection.locked
    mine[AT[Cell.PERCENT] + 1].value = 35
    mine[AT[Cell.FACTS] + 1].value = FACTS
    mine[AT[Cell.WORD] + 1].value = "有风险"
    assert upload(liaison, sheet, book).status_code == 302
    assert fresh([plain])[0].progress == 35
    assert ProgressReport.objects.get(problem=plain).facts == FACTS
    assert row_of(sheet, problem).state == "unchanged"


def upload(client, sheet, book):
    content = BytesIO()
    book.save(content)
    sent = {"file": SimpleUploadedFile("调度表.xlsx", content.getvalue())}
    return client.post(at("upload", sheet), sent)


def taken(client, sheet):
    """The sheet as it is taken along, and its first line."""
    got = client.get(at("download", sheet))
    book = openpyxl.load_workbook(BytesIO(sound(b"".join(got.streaming_content))))
    page = book.active
    head = next(row for row in page.iter_rows() if row[0].value == KEY)
    return book, {row[1].value: row for row in page.iter_rows(min_row=head[0].row + 1)}


def test_an_older_download_over_newer_facts_comes_back_marked(sheet, plain, problem, story, client_as):
    story.clock.go_on()
    liaison = client_as(story.cast.liaison)
    book, rows = taken(liaison, sheet)
    rows[plain.problem_no][AT[Cell.PERCENT] + 1].value = 10
    rows[plain.problem_no][AT[Cell.FACTS] + 1].value = "旧表上填的。"
    story.report(plain, 50, facts="又完成两处。")
    answer = upload(liaison, sheet, book)
    page = words(answer)
    assert answer.status_code == 422
    assert "又完成两处。" in page
    assert fresh([plain])[0].progress == 50
    links = [part.split('"')[0] for part in page.split('href="')]
    link = next(one for one in links if "marked.xlsx" in one)
    got = liaison.get(link.replace("&amp;", "&"))
    marked = openpyxl.load_workbook(BytesIO(sound(b"".join(got.streaming_content)))).active
    said = [str(cell.value) for row in marked.iter_rows() for cell in row if cell.value]
    assert any("又完成两处。" in text for text in said)
    assert "旧表上填的。" in said
    # It belongs to whoever sent it.
    assert client_as(story.cast.handler).get(link.replace("&amp;", "&")).status_code == 404


@pytest.mark.parametrize("how", ["altered", "added", "other"])
def test_rows_with_strange_keys_are_named_and_nothing_is_taken(sheet, plain, story, client_as, how):
    liaison = client_as(story.cast.liaison)
    book, rows = taken(liaison, sheet)
    mine = rows[plain.problem_no]
    mine[AT[Cell.PERCENT] + 1].value, mine[AT[Cell.FACTS] + 1].value = 10, FACTS
    if how == "altered":
        mine[0].value = str(mine[0].value)[:-3] + "abc"
    elif how == "added":
        book.active.append([None, "ZG-2026-9999", "自己加的", *[""] * 4, "50", "我加的一行"])
    else:
        story.clock.go_on(25)
        sheet = sheet_of(issue(draft_of(story), story), story.cast.water)
    answer = upload(liaison, sheet, book)
    assert answer.status_code == 422
    assert "整张表都没有写入" in words(answer)
    assert not ProgressReport.objects.filter(problem=plain).exists()


def test_a_file_that_is_no_sheet_of_ours_is_refused(sheet, story, client_as):
    liaison = client_as(story.cast.liaison)
    book = openpyxl.Workbook()
    book.active.append(["序号", "问题"])
    assert "这不是下载的调度表" in words(upload(liaison, sheet, book))
    empty = liaison.post(at("upload", sheet), {"file": SimpleUploadedFile("空.xlsx", b"")})
    assert "0 字节" in words(empty)
    fake = liaison.post(
        at("upload", sheet), {"file": SimpleUploadedFile("表.xlsx", b"MZ\x90\x00not a sheet")}
    )
    assert fake.status_code == 422
    assert client_as(story.cast.outsider).get(at("upload", sheet)).status_code == 404
    assert client_as(story.cast.coordinator).get(at("upload", sheet)).status_code == 403


def test_what_comes_of_it_is_taken_along(issued, sheet, plain, story, client_as):
    client_as(story.cast.liaison).post(at("sheet", sheet), form_of(sheet, story))
    office = client_as(story.cast.coordinator)
    book = openpyxl.load_workbook(
        BytesIO(sound(b"".join(office.get(at("workbook", issued)).streaming_content)))
    )
    assert book.sheetnames == ["亮灯表", "报送情况", "提请协调事项"]


def test_what_a_page_costs_does_not_grow_with_its_lines(sheet, plain, story, client_as):
    client = client_as(story.cast.liaison)
    client.get(at("sheet", sheet))
    with CaptureQueriesContext(connection) as few:
        client.get(at("sheet", sheet))
    for _number in range(3):
        story.rectifying(grade="minor", title=f"另一处问题{_number}")
    story.clock.go_on(25)
    later = sheet_of(issue(draft_of(story), story), story.cast.water)
    client.get(at("sheet", later))
    with CaptureQueriesContext(connection) as many:
        client.get(at("sheet", later))
    assert ReviewSheet.objects.count() == 2
    assert len(many) <= len(few) + 1
