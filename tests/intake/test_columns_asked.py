"""A table whose header nobody knows: a person says once what its columns are, and it is known from then on."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.files import store
from bihuan.intake import actions
from bihuan.intake.imports import columns
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.imports.asked_tables import said_of
from bihuan.intake.models import Candidate, ImportRun, SourceColumns
from bihuan.intake.source_columns import columns_said, known_columns
from bihuan.intake.unpacking import Handed
from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.actions import create_batch, create_channel
from bihuan.ledger.models import Problem, Source
from tests.intake.sheets import look, rows, workbook
from tests.web.pages import read

if TYPE_CHECKING:
    from django.test import Client

    from bihuan.ledger.models import Batch
    from tests.intake.test_views import ClientAs
    from tests.organizations.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]

STRANGE = ("号", "病灶", "谁来管", "啥时候管好")
ROWS = [
    [1, "城北供水管网巡检不到位，漏损率长期超过百分之二十。", "市水务局", "2026-10-31"],
    [2, "石堰镇水源地内仍有三家养殖场未按期搬迁。", "市水务局", "2026-11-30"],
]
FACTS = ["source_no", "text", "lead_unit", "deadline"]


def another_batch(cast: Cast, **other: Any) -> Batch:
    given = {
        "jurisdiction": cast.city,
        "code": "OTHER",
        "title": "另一批",
        "source_authority": "某机关",
        "received_on": dt.date(2026, 1, 5),
        "actor": cast.coordinator.actor,
    }
    return create_batch(**{**given, **other})


def strange(these: list[list[Any]] | None = None) -> bytes:
    return workbook(these or ROWS, header=STRANGE)


def say(run: ImportRun, cast: Cast, facts: list[str] | None = None) -> None:
    """Line 2 is the header: the first is the title of the whole sheet."""
    tables = columns.tables_of(run, {0: 2})
    columns.match(run, said_of(tables, {0: facts or FACTS}), actor=cast.coordinator.actor)
    run.refresh_from_db()


def test_a_ledger_with_a_strange_header_waits_for_somebody_to_name_its_columns(
    batch: Batch, cast: Cast
) -> None:
    run = look(batch, strange(), cast).run
    assert run.state == ImportRun.State.UNMATCHED
    (table,) = columns.tables_of(run, {})
    assert (table.line, table.headers, table.recognised) == (2, list(STRANGE), False)
    assert table.columns[1].samples == (ROWS[0][1], ROWS[1][1])
    say(run, cast)
    assert run.state == ImportRun.State.CHECKED
    import_runs.take(run, actor=cast.coordinator.actor)
    found = Problem.objects.order_by("problem_no")
    assert [(one.text, str(one.external_deadline), one.lead_unit) for one in found] == [
        (ROWS[0][1], "2026-10-31", cast.water),
        (ROWS[1][1], "2026-11-30", cast.water),
    ]


def test_the_next_table_of_the_source_is_read_by_what_was_said(batch: Batch, cast: Cast) -> None:
    say(look(batch, strange(), cast).run, cast)
    more = [[3, "南郊堤防裂缝长期没有处理，汛期有决口的危险。", "市水务局", "2026-12-31"]]
    assert look(batch, strange(more), cast, "下个月.xlsx").run.state == ImportRun.State.CHECKED
    (document,) = actions.receive_documents(
        [Handed("发来的表.xlsx", strange(more))], batch, actor=cast.coordinator.actor
    )
    (candidate,) = Candidate.objects.filter(document=document)
    assert more[0][1] in candidate.text
    assert candidate.proposals["deadline"] == "2026-12-31"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_of_another_source_nothing_is_known(batch: Batch, cast: Cast) -> None:
    say(look(batch, strange(), cast).run, cast)
    (kept,) = SourceColumns.objects.all()
    assert kept.columns == [list(pair) for pair in zip(STRANGE, FACTS, strict=True)]
    other = another_batch(cast, source=Source.objects.exclude(pk=batch.source_id).first())
    assert known_columns(other) == {}
    assert look(other, strange(), cast).run.state == ImportRun.State.UNMATCHED


def test_what_was_recognised_wrongly_is_changed_and_checked_again(batch: Batch, cast: Cast) -> None:
    header = ("序号", "存在问题", "具体表现", "责任单位")
    sheet = workbook([[1, "管网", ROWS[0][1], "市水务局"]], header=header)
    found = look(batch, sheet, cast)
    say(found.run, cast, ["source_no", "title", "text", "lead_unit"])
    (row,) = found.rows
    assert (row.title, row.text) == ("管网", ROWS[0][1])
    assert known_columns(batch)["存在问题"] == "title"


def test_a_header_that_is_not_read_is_remembered_as_such(batch: Batch, cast: Cast) -> None:
    found = look(batch, workbook(rows(1)), cast)
    tables = columns.tables_of(found.run, {})
    facts = [column.fact if column.header != "整改时限" else "" for column in tables[0].columns]
    columns.match(found.run, said_of(tables, {0: facts}), actor=cast.coordinator.actor)
    (row,) = found.rows
    assert row.deadline is None
    assert known_columns(batch)["整改时限"] == ""


def test_sentences_and_telephone_numbers_taken_for_a_header_are_not_remembered(
    batch: Batch, cast: Cast
) -> None:
    run = look(batch, workbook([ROWS[1]], header=("一", *ROWS[0][1:3], "13800000000")), cast).run
    say(run, cast)
    assert run.state == ImportRun.State.CHECKED
    assert set(known_columns(batch)) == {"一", "市水务局"}


def test_of_a_restricted_channel_nothing_is_remembered_outside_it(batch: Batch, cast: Cast) -> None:
    channel = create_channel(
        jurisdiction=cast.city,
        code="Z1",
        name="专线一",
        number_pattern="ZX-{year}-{serial:03}",
        keeper=cast.coordinator.post,
        actor=cast.channel_keeper.actor,
    )
    hidden = another_batch(cast, source=batch.source, channel=channel)
    run = look(hidden, strange(), cast).run
    say(run, cast)
    assert run.state == ImportRun.State.CHECKED
    assert not SourceColumns.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (["source_no", "", "lead_unit", "deadline"], "没有指明哪一列是问题"),
        (["", "text", "", ""], "没有指明哪一列是问题"),
        (["title", "text", "text", ""], "两列都填到了"),
        (["source_no", "text", "owner", ""], "没有“owner”这一项"),
        (["source_no", "text"], "列数对不上"),
    ],
)
def test_columns_that_cannot_be_read_so_are_refused(
    batch: Batch, cast: Cast, facts: list[str], words: str
) -> None:
    run = look(batch, strange(), cast).run
    with pytest.raises(Refused, match=words):
        say(run, cast, facts)
    assert run.state == ImportRun.State.UNMATCHED
    assert not SourceColumns.objects.exists()


def test_of_two_columns_of_one_name_only_the_first_can_be_read() -> None:
    assert columns_said(["甲", "乙", "乙"], ["title", "text", ""]) == {"甲": "title", "乙": "text"}
    with pytest.raises(Refused, match="只能读第一列"):
        columns_said(["甲", "乙", "乙"], ["title", "", "text"])


def test_one_name_of_two_tables_means_one_thing(batch: Batch, cast: Cast) -> None:
    content = two_sheets()
    run = look(batch, content, cast).run
    tables = columns.tables_of(run, {})
    with pytest.raises(Refused, match="两张表里填到了不同的地方"):
        said_of(tables, {0: ["text", "title"], 1: ["title", "text"]})
    assert said_of(tables, {0: ["text", "title"], 1: ["", ""]}) == {"病灶": "text", "叫啥": "title"}


def two_sheets() -> bytes:
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        for name in ("甲", "乙"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["病灶", "叫啥"])
            page.write_row(1, 0, [f"{name}处管网漏损，长期没有修复。", f"{name}处管网"])
    return written.getvalue()


def test_what_looks_like_a_clue_is_refused_before_and_after_the_columns_are_known(
    batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "write", lambda *given: pytest.fail("a clue was stored"))
    with pytest.raises(Refused, match="线索") as refused:
        look(batch, strange([*ROWS, [3, "某镇党委书记王某收受企业礼金。", "市水务局", ""]]), cast)
    assert refused.value.data["places"] == ["台账!5"]


def test_a_file_without_any_table_is_refused(batch: Batch, cast: Cast) -> None:
    with pytest.raises(Refused, match="没有找到台账的表头"):
        look(batch, "只有一段话，没有表格。".encode(), cast, "情况.txt")


def test_outsiders_name_no_columns(batch: Batch, cast: Cast) -> None:
    run = look(batch, strange(), cast).run
    said = dict(zip(STRANGE, FACTS, strict=True))
    with pytest.raises(NotVisible):
        columns.match(run, said, actor=cast.handler.actor)
    with pytest.raises(NotVisible):
        actions.match_columns(batch=batch, columns=said, actor=cast.handler.actor)


def test_what_has_begun_to_enter_is_not_read_otherwise(batch: Batch, cast: Cast) -> None:
    run = look(batch, strange(), cast).run
    say(run, cast)
    import_runs.take(run, actor=cast.coordinator.actor)
    run.refresh_from_db()
    with pytest.raises(Refused, match="不能再改列"):
        say(run, cast)


def test_the_page_asks_shows_what_is_below_and_goes_on_to_the_preview(
    batch: Batch, desk: Client, client_as: ClientAs, cast: Cast
) -> None:
    sent = {"batch": str(batch.pk), "file": SimpleUploadedFile("旧.xlsx", strange())}
    url = str(desk.post(reverse("intake:import"), sent)["Location"])
    asked = str(desk.get(url)["Location"])
    page = read(desk.get(asked).content)
    assert "没有认出这份文件的表头" in page.words
    assert ROWS[0][1] in page.words
    other = desk.get(f"{asked}?line-0=3")
    assert "市水务局：是什么" in other.content.decode()
    answer = desk.post(asked, {"line-0": "2", "fact-0": ["", "", "", ""]})
    assert answer.status_code == 422
    assert "没有指明哪一列是问题" in answer.content.decode()
    assert desk.post(asked, {"line-0": "2", "fact-0": FACTS})["Location"] == url
    preview = read(desk.get(url).content)
    assert "病灶" in preview.words
    assert client_as(cast.handler).get(asked).status_code == 404


def test_a_sheet_that_is_not_read_is_named_beside_one_that_is(batch: Batch, desk: Client) -> None:
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        first, second = book.add_worksheet("一季度"), book.add_worksheet("二季度")
        first.write_row(0, 0, ["序号", "存在问题", "责任单位"])
        first.write_row(1, 0, [1, ROWS[0][1], "市水务局"])
        second.write_row(0, 0, STRANGE)
        second.write_row(1, 0, ROWS[1])
    sent = {"batch": str(batch.pk), "file": SimpleUploadedFile("旧.xlsx", written.getvalue())}
    url = str(desk.post(reverse("intake:import"), sent)["Location"])
    assert "没有认出表头，没有读" in read(desk.get(url).content).words
