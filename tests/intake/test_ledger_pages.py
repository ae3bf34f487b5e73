"""The pages on which a running ledger is looked at and taken over."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Batch, Problem
from tests.documents.opening import sound
from tests.intake.sheets import rows, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.organizations.cast import Cast, Player

    ClientAs = Callable[[Player], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def preview_of(client: Client, batch: Batch, content: bytes) -> str:
    values = {"batch": str(batch.pk), "file": SimpleUploadedFile("旧台账.xlsx", content)}
    answer = client.post(reverse("intake:import"), values)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_running_ledger_is_looked_at_and_taken(batch: Batch, desk: Client) -> None:
    url = preview_of(desk, batch, workbook(rows(5, bad=frozenset({1}))))
    page = desk.get(url).content.decode()
    assert "台账!D4" in page
    assert not Problem.objects.exists()
    answer = desk.post(f"{url}take/")
    assert answer["Location"] == url
    assert Problem.objects.count() == 4


def test_a_sheet_to_fill_in_is_downloaded_and_filled_in_is_a_ledger(batch: Batch, desk: Client) -> None:
    book = load_workbook(BytesIO(sound(desk.get(reverse("intake:import_template")).content)))
    page = book.worksheets[0]
    column = {cell.value: cell.column for cell in page[1]}
    lists = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    assert lists[f"{page.cell(2, column['整改状态']).coordinate}"].type == "list"
    assert book.worksheets[1].max_row == page.max_column + 1, "every column is explained"
    page.cell(2, column["序号"], "1")
    page.cell(2, column["问题描述"], "市水务局对供水管网巡检不到位。")
    page.cell(2, column["责任单位"], "市水务局")
    page.cell(2, column["整改时限"], "2026年10月31日")
    page.cell(2, column["涉及金额（万元）"], "12.5")
    filled = BytesIO()
    book.save(filled)
    desk.post(f"{preview_of(desk, batch, filled.getvalue())}take/")
    problem = Problem.objects.get()
    assert (str(problem.external_deadline), problem.amount) == ("2026-10-31", 125_000)


def test_the_marked_file_is_downloaded(batch: Batch, desk: Client) -> None:
    url = preview_of(desk, batch, workbook(rows(3, bad=frozenset({1}))))
    answer = desk.get(f"{url}marked.xlsx")
    assert load_workbook(BytesIO(answer.content)).active.max_row >= 4


def test_a_preview_is_not_for_another_batch(batch: Batch, cast: Cast, desk: Client) -> None:
    other = create_batch(
        jurisdiction=cast.city,
        code="OTHER",
        title="另一批",
        source=batch.source,
        source_authority="某机关",
        received_on=dt.date(2026, 1, 5),
        actor=cast.coordinator.actor,
    )
    url = preview_of(desk, batch, workbook(rows(1)))
    assert desk.get(url.replace(str(batch.pk), str(other.pk))).status_code == 404


def test_a_wrong_ledger_file_is_refused_in_place(batch: Batch, desk: Client) -> None:
    values = {"batch": str(batch.pk), "file": SimpleUploadedFile("假.xlsx", b"not a workbook")}
    answer = desk.post(reverse("intake:import"), values)
    assert answer.status_code == 422
    assert "假.xlsx" in answer.content.decode()
