"""A unit's own sheet whose columns nobody knows: the unit is asked once, and its next sheet is read by what it said."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.documents.excel import Sheet, workbook_bytes
from bihuan.drives import actions
from bihuan.drives.models import DriveLine
from bihuan.files.taking_in import prepare
from bihuan.intake.models import Candidate, SourceColumns
from bihuan.intake.source_columns import known_columns
from bihuan.journal.action import Refused
from tests.drives.calls import draft_of, issue, line_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]

TEXT = "城北供水管网巡检不到位，漏损率长期超过百分之二十。"
STRANGE = ["号", "病灶", "啥时候管好"]
FACTS = ["source_no", "text", "deadline"]


def strange(text: str = TEXT) -> bytes:
    return workbook_bytes([Sheet(name="一", header=STRANGE, rows=[["1", text, "2026-10-31"]])])


@pytest.fixture
def water(issued, cast) -> DriveLine:
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    return line_of(issued, cast.water)


@pytest.fixture
def asked(water, cast, client_as) -> tuple[object, str]:
    """The unit's browser, and the page it was led to."""
    client = client_as(cast.handler)
    sent = {"file": SimpleUploadedFile("我们的表.xlsx", strange())}
    answer = client.post(reverse("drives:sheet", args=[water.pk]), sent)
    assert answer.status_code == 302
    return client, answer["Location"]


def token_of(address: str) -> str:
    return unquote(address.split("file=")[1])


def test_the_unit_says_what_its_columns_are_and_has_reported(asked, water, cast):
    client, address = asked
    page = client.get(address).content.decode()
    assert TEXT in page
    assert "还没有报告" in page
    answer = client.post(address, {"file": token_of(address), "line-0": "1", "fact-0": FACTS})
    assert answer["Location"] == reverse("drives:line", args=[water.pk])
    line = DriveLine.objects.get(pk=water.pk)
    assert line.state == DriveLine.State.ANSWERED
    (candidate,) = Candidate.objects.filter(document=line.documents[0])
    assert TEXT in candidate.text
    assert candidate.proposals["deadline"] == "2026-10-31"
    batch = water.drive.batch
    assert known_columns(batch, cast.water) == dict(zip(STRANGE, FACTS, strict=True))
    assert known_columns(batch, cast.ecology) == known_columns(batch) == {}


def test_its_next_sheet_is_read_without_asking(asked, water, cast):
    client, address = asked
    client.post(address, {"file": token_of(address), "line-0": "1", "fact-0": FACTS})
    again = issue(draft_of(cast, code="ZC-2026-02"), cast)
    line = line_of(again, cast.water)
    actions.acknowledge_call(line, actor=cast.handler.actor)
    file = prepare(BytesIO(strange("南郊堤防裂缝长期没有处理。")), name="表.xlsx", is_source=True)
    actions.answer_with_file(line_of(again, cast.water), file=file, actor=cast.handler.actor)
    assert line_of(again, cast.water).state == DriveLine.State.ANSWERED


def test_the_page_is_for_whom_it_was_sent_to(asked, water, cast, client_as):
    client, address = asked
    assert client_as(cast.coordinator).get(address).status_code in (403, 404)
    assert client_as(cast.sector_handler).get(address).status_code == 404
    forged = address[:-3] + ("aaa" if not address.endswith("aaa") else "bbb")
    assert client.get(forged).status_code == 404
    assert client.get(reverse("drives:columns", args=[water.pk])).status_code == 404


def test_columns_that_say_no_problem_report_nothing(asked, water):
    client, address = asked
    answer = client.post(address, {"file": token_of(address), "line-0": "1", "fact-0": ["", "", ""]})
    assert answer.status_code == 422
    assert "没有指明哪一列是问题" in answer.content.decode()
    assert DriveLine.objects.get(pk=water.pk).documents == []
    assert not SourceColumns.objects.exists()


def test_a_sheet_whose_columns_are_known_and_that_holds_no_problem_is_refused_where_it_was_sent(
    water, cast, client_as
):
    empty = workbook_bytes([Sheet(name="一", header=["序号", "问题描述", "责任单位"], rows=[])])
    sent = {"file": SimpleUploadedFile("空.xlsx", empty)}
    answer = client_as(cast.handler).post(reverse("drives:sheet", args=[water.pk]), sent)
    assert answer.status_code == 422
    assert "没有读出问题" in answer.content.decode()


def test_a_program_may_name_the_columns_too_but_only_ones_there_are(water, cast):
    file = prepare(BytesIO(strange()), name="表.xlsx", is_source=True)
    with pytest.raises(Refused, match="没有“owner”这一项"):
        actions.answer_with_file(
            water, file=file, columns={"病灶": "text", "号": "owner"}, actor=cast.handler.actor
        )
    said = dict(zip(STRANGE, FACTS, strict=True))
    actions.answer_with_file(
        line_of(water.drive, cast.water), file=file, columns=said, actor=cast.handler.actor
    )
    assert line_of(water.drive, cast.water).state == DriveLine.State.ANSWERED
