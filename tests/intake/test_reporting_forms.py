"""Forms a superior sent: matched once, filled for any slice as far as the reader sees it, read when they come back."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.files.taking_in import prepare
from bihuan.intake.imports import confirming_rows
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ReportingForm, StagedRow
from bihuan.intake.reporting import reporting_forms
from bihuan.intake.reporting.form_columns import FormColumn, written
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.actions import create_batch, create_channel
from bihuan.ledger.models import Batch, Finding, Problem, Source
from tests.documents.test_forms import blank_form, word_form
from tests.intake.sheets import rows, take, workbook

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.intake.test_views import ClientAs
    from tests.organizations.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def keep(cast: Cast, content: bytes | None = None, name: str = "月报.xlsx") -> ReportingForm:
    incoming = prepare(BytesIO(content or blank_form()), name=name)
    return reporting_forms.keep_form(
        jurisdiction=cast.city, name="省整改办月报", file=incoming, actor=cast.coordinator.actor
    )


def page_of(answer: HttpResponse) -> Any:
    assert answer.status_code == 200, answer
    return load_workbook(BytesIO(answer.content))["上报表"]


def fill(client: Any, form: ReportingForm, **query: Any) -> Any:
    return page_of(client.get(reverse("intake:form_fill", args=[form.pk]), query))


def facts_of(form: ReportingForm) -> list[tuple[str, str]]:
    return [
        (column.fact, column.style) for column in reporting_forms.columns_of(reporting_forms.latest(form))
    ]


def test_columns_are_proposed_with_how_they_are_written(cast: Cast) -> None:
    assert facts_of(keep(cast)) == [
        ("serial", ""), ("text", ""), ("lead_unit", ""), ("closed", ""), ("deadline", ""), ("amount", "wan"),
    ]  # fmt: skip


def test_a_form_is_filled_for_a_slice(batch: Batch, cast: Cast, client_as: ClientAs) -> None:
    take(batch, workbook(rows(5)), cast)
    form = keep(cast)
    page = fill(client_as(cast.coordinator), form, filter=f"batch={batch.code}")
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=5, max_row=9)]
    assert [line[0] for line in lines] == [1, 2, 3, 4, 5]
    assert lines[0][1].startswith("第1号供水管网")
    assert [line[3] for line in lines] == ["否", "是", "否", "否", "否"]
    assert (str(lines[0][4].date()), lines[0][5]) == ("2026-10-31", 12.5)
    assert page.cell(10, 1).value == "合计"
    only = fill(client_as(cast.coordinator), form, filter="state=closed")
    assert [only.cell(line, 1).value for line in (5, 6)] == [1, "合计"]


def test_ticked_problems_alone_are_filled_in(batch: Batch, cast: Cast, client_as: ClientAs) -> None:
    take(batch, workbook(rows(5)), cast)
    chosen = Problem.objects.order_by("problem_no")[3]
    page = fill(client_as(cast.coordinator), keep(cast), pick=str(chosen.pk))
    assert page.cell(5, 2).value == chosen.text
    assert page.cell(6, 1).value == "合计"


def test_a_person_says_what_a_column_asks_for_and_it_is_remembered(
    batch: Batch, cast: Cast, client_as: ClientAs
) -> None:
    take(batch, workbook(rows(2)), cast)
    form, desk = keep(cast), client_as(cast.coordinator)
    chosen = {
        "fact": ["problem_no", "text", "lead_unit", "", "deadline", "amount"],
        "style": ["", "", "", "", "month_cn", "yuan"],
    }
    assert desk.post(reverse("intake:form_match", args=[form.pk]), chosen).status_code == 302
    form.refresh_from_db()
    assert form.version == 2
    page = fill(desk, form, filter=f"batch={batch.code}")
    assert [page.cell(5, at).value for at in (1, 4, 5, 6)] == [
        Problem.objects.order_by("problem_no")[0].problem_no, None, "2026年10月", 125_000,
    ]  # fmt: skip
    # The superior sends the table again: what was said of equal headers holds.
    assert facts_of(keep(cast))[3:5] == [("", ""), ("deadline", "month_cn")]
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_column_can_ask_for_no_personal_data(cast: Cast) -> None:
    form = keep(cast)
    given = [{"fact": fact, "style": ""} for fact in ("phone", "text", "", "", "", "")]
    with pytest.raises(Refused, match="没有“phone”这一项"):
        reporting_forms.match_form(form, columns=given, actor=cast.coordinator.actor)


def test_what_the_reader_may_not_see_is_in_no_form(batch: Batch, cast: Cast, client_as: ClientAs) -> None:
    channel = create_channel(
        jurisdiction=cast.city,
        code="Z1",
        name="专线一",
        number_pattern="ZX-{year}-{serial:03}",
        keeper=cast.coordinator.post,
        actor=cast.channel_keeper.actor,
    )
    hidden = create_batch(
        jurisdiction=cast.city,
        code="SECRET-1",
        title="只给少数人看的批次",
        source=Source.objects.get(code="audit"),
        source_authority="某机关",
        received_on=batch.received_on,
        channel=channel,
        actor=cast.coordinator.actor,
    )
    take(hidden, workbook(rows(2)), cast)
    form = keep(cast)
    member = fill(client_as(cast.coordinator), form, filter="state=open")
    other = fill(client_as(cast.reviewer), form, filter="state=open")
    assert member.cell(5, 2).value
    assert other.cell(5, 2).value is None
    page = client_as(cast.reviewer).get(reverse("intake:form", args=[form.pk])).content.decode()
    assert "只给少数人看的批次" not in page


def test_a_form_is_its_own_offices(cast: Cast, client_as: ClientAs) -> None:
    form = keep(cast)
    for stranger in (cast.handler, cast.outsider):
        client = client_as(stranger)
        for name in ("form", "form_fill"):
            assert client.get(reverse(f"intake:{name}", args=[form.pk])).status_code == 404
        assert client.get(reverse("intake:forms")).status_code == 404
        assert client.post(reverse("intake:form_match", args=[form.pk])).status_code == 404
    with pytest.raises(NotVisible):
        reporting_forms.withdraw_form(form, actor=cast.handler.actor)
    with pytest.raises(NotAllowed):
        reporting_forms.keep_form(
            jurisdiction=cast.city,
            name="x",
            file=prepare(BytesIO(blank_form()), name="x.xlsx"),
            actor=cast.handler.actor,
        )


def test_a_table_without_a_header_is_refused_and_leaves_nothing(cast: Cast, client_as: ClientAs) -> None:
    file = SimpleUploadedFile("空.xlsx", workbook([["甲", "乙"]], header=("一", "二")))
    answer = client_as(cast.coordinator).post(reverse("intake:forms"), {"name": "空表", "file": file})
    assert answer.status_code == 422
    assert "没有找到表头" in answer.content.decode()
    assert not ReportingForm.objects.exists()


def test_a_word_form_is_kept_matched_and_filled(batch: Batch, cast: Cast, client_as: ClientAs) -> None:
    take(batch, workbook(rows(3)), cast)
    form = keep(cast, word_form(), "清单.docx")
    assert [fact for fact, _style in facts_of(form)] == ["serial", "text", "lead_unit", "deadline"]
    answer = client_as(cast.coordinator).get(
        reverse("intake:form_fill", args=[form.pk]), {"filter": f"batch={batch.code}"}
    )
    assert answer["Content-Type"].endswith("wordprocessingml.document")


def returned(batch: Batch, cast: Cast, client: Any, form: ReportingForm, verdict: str) -> StagedRow:
    """Fill the form, write the superior's verdict into its first row, and hand it in."""
    page = fill(client, form, filter=f"batch={batch.code}")
    page.cell(5, 4, verdict)
    target = BytesIO()
    page.parent.save(target)
    run = import_runs.begin("退回.xlsx", target.getvalue(), batch, actor=cast.coordinator.actor, form=form)
    assert run.failure == {}, run.failure
    return StagedRow.objects.filter(run=run).order_by("n")[0]


def test_what_a_superior_wrote_is_read_back_and_confirmed(
    batch: Batch, cast: Cast, client_as: ClientAs
) -> None:
    take(batch, workbook(rows(3)), cast)
    form, desk = keep(cast), client_as(cast.coordinator)
    columns = [
        {"fact": fact, "style": ""}
        for fact in ("problem_no", "text", "lead_unit", "determination", "deadline", "amount")
    ]
    reporting_forms.match_form(form, columns=columns, actor=cast.coordinator.actor)
    verdict = batch.source.determinations[0]
    row = returned(batch, cast, desk, form, verdict)
    assert (row.group, row.cells) == (
        "changed",
        [{"column": "determination", "kind": "change", "base": "", "ours": "", "theirs": verdict}],
    )
    confirming_rows.apply(row.run, "changed", [row.n], cast.coordinator.actor)
    first = Finding.objects.order_by("ordinal")[0]
    assert (first.determination, first.determination_document) == (verdict, "退回.xlsx")
    with pytest.raises(Refused, match="不导入新的问题"):
        import_runs.take(row.run, actor=cast.coordinator.actor)


def test_an_unchanged_return_changes_nothing(batch: Batch, cast: Cast, client_as: ClientAs) -> None:
    take(batch, workbook(rows(3)), cast)
    form = keep(cast)
    row = returned(batch, cast, client_as(cast.coordinator), form, "否")
    groups = set(StagedRow.objects.filter(run=row.run).values_list("group", flat=True))
    assert groups == {"unchanged"}, [one.cells for one in StagedRow.objects.filter(run=row.run)]


@pytest.mark.parametrize(
    ("value", "style", "said"),
    [(True, "", "是"), (False, "tick", ""), (True, "done", "已完成")],
)
def test_yes_and_no_in_the_words_of_the_form(value: bool, style: str, said: str) -> None:
    assert written(value, FormColumn(0, "是否销号", "closed", style)) == said
