"""A call to the units of the small city, from its draft to its conclusion."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest

from bihuan.documents.excel import Sheet, workbook_bytes
from bihuan.drives import actions
from bihuan.drives.answering import blank_sheet, sheet_of
from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.queries import drives_seen
from bihuan.files.taking_in import prepare
from bihuan.intake import actions as intake
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.intake.reading import read
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.open_action import is_open
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Involvement, Problem
from bihuan.rectification.queries import to_accept
from tests.documents.test_pdf import drawn
from tests.documents.test_picture_pages import scan, text
from tests.documents.test_scans import needs_recognition
from tests.drives.calls import ROW, answered, blanks_of, confirmed, line_of

pytestmark = pytest.mark.django_db

NIL = "经逐项自查，本单位在本次自查领域内没有发现问题。"


def test_who_prepared_the_call_does_not_issue_it(drive, cast):
    with pytest.raises(Refused, match="拟定的人"):
        actions.issue_drive(drive, actor=cast.coordinator.actor)


def test_a_draft_exists_for_no_unit(drive, cast):
    with pytest.raises(NotVisible):
        actions.acknowledge_call(line_of(drive, cast.water), actor=cast.handler.actor)


def test_a_unit_sees_its_own_line_and_no_other(issued, cast):
    [(drive, lines)] = drives_seen(cast.handler.actor)
    assert (drive, [line.unit for line in lines]) == (issued, [cast.water])
    [(drive, lines)] = drives_seen(cast.coordinator.actor)
    assert (drive, len(lines)) == (issued, 2)
    assert drives_seen(cast.outsider.actor) == []
    with pytest.raises(NotVisible):
        actions.acknowledge_call(line_of(issued, cast.ecology), actor=cast.handler.actor)


@pytest.mark.usefixtures("uncollected_static")
def test_a_program_reads_which_line_to_answer(issued, cast, client_as):
    [told] = client_as(cast.handler).get("/api/drives").json()
    [line] = told["lines"]
    assert (told["title"], told["state"], line["unit_name"]) == ("安全生产自查", "issued", cast.water.name)
    assert (line["state"], line["late"], line["blank"]) == (
        "asked",
        False,
        [{"sector": "risk.safety", "source": ""}],
    )
    assert client_as(cast.outsider).get("/api/drives").json() == []


def test_a_line_read_before_the_conclusion_is_answered_no_more(issued, cast):
    early = line_of(issued, cast.water)
    for unit in (cast.water, cast.ecology):
        actions.excuse_line(line_of(issued, unit), reason="已由上级检查。", actor=cast.coordinator.actor)
    actions.conclude_drive(Drive.objects.get(pk=issued.pk), actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="已办结"):
        actions.explain_blank(early, sector="risk.safety", reason="无", actor=cast.handler.actor)


def test_a_unit_hands_in_its_own_sheet(issued, cast):
    content = sheet_of(line_of(issued, cast.water), [ROW])
    file = prepare(BytesIO(content), name="自查台账.xlsx", is_source=True)
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.handler.actor)
    line = line_of(issued, cast.water)
    document = IntakeDocument.objects.get(pk=line.documents[0])
    assert (line.state, document.name, document.batch) == ("answered", "自查台账.xlsx", issued.batch)
    assert ROW["text"] in Candidate.objects.get(document=document).text


def test_a_unit_does_not_do_what_the_office_does(issued, cast):
    with pytest.raises(NotAllowed):
        actions.excuse_line(line_of(issued, cast.water), reason="太忙", actor=cast.handler.actor)
    with pytest.raises(NotAllowed):
        actions.acknowledge_call(line_of(issued, cast.water), actor=cast.coordinator.actor)


def test_what_a_unit_reports_waits_for_the_office(issued, cast):
    line = answered(issued, cast)
    assert line.state == DriveLine.State.ANSWERED
    assert not Problem.objects.exists()
    assert ROW["text"] in Candidate.objects.get(document__in=line.documents).text


def test_what_the_office_confirms_counts_as_self_reported(issued, cast):
    problem = Problem.objects.get(pk=confirmed(answered(issued, cast), cast).pk)
    assert problem.self_reported
    assert problem.source.code == "self_inspection"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_what_a_unit_says_it_has_fixed_already_enters_as_fixed(issued, cast):
    line = answered(issued, cast)
    assert Candidate.objects.get(document__in=line.documents).choices == {
        "sector": "risk.safety",
        "fixed_on_entry": True,
    }
    problem = Problem.objects.get(pk=confirmed(line, cast).pk)
    assert (problem.fixed_on_entry, problem.state, problem.lead_unit) == (True, "accepting", cast.water)
    called = Involvement.objects.filter(problem=problem, until=None)
    assert {(row.role, row.unit) for row in called} >= {("lead", cast.water), ("acceptor", cast.inspection)}
    assert list(to_accept(cast.acceptor.actor)) == [problem]


@pytest.mark.parametrize(("said", "fixed"), [("已整改", True), ("正在整改", False), ("", False)])
def test_a_sheet_that_names_no_unit_speaks_of_its_sender(issued, cast, said, fixed):
    sheet = Sheet(
        name="自查",
        header=["序号", "问题描述", "所属领域", "整改状态"],
        rows=[["1", ROW["text"], "安全生产", said]],
    )
    file = prepare(BytesIO(workbook_bytes([sheet])), name="自查.xlsx", is_source=True)
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.handler.actor)
    values = Candidate.objects.get(document__in=line_of(issued, cast.water).documents).values
    assert (values["lead_unit"], values["sector"]) == (str(cast.water.pk), "risk.safety")
    assert (values.get("fixed_on_entry") is True) is fixed


def test_an_answer_is_read_before_the_transaction(issued, cast, monkeypatch):
    seen = []

    def reading(*args, **kwargs):
        seen.append(is_open())
        return read(*args, **kwargs)

    monkeypatch.setattr("bihuan.drives.answering.read", reading)
    answered(issued, cast)
    further = ROW | {"text": "锅炉房消防通道堆放杂物，应急灯不亮。"}
    file = prepare(
        BytesIO(sheet_of(line_of(issued, cast.water), [further])), name="续报.xlsx", is_source=True
    )
    actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.handler.actor)
    assert seen == [False, False]
    with pytest.raises(NotAllowed):
        actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.coordinator.actor)
    assert len(seen) == 2


def test_another_units_file_is_not_named(issued, cast):
    file = prepare(BytesIO(sheet_of(line_of(issued, cast.water), [ROW])), name="我的.xlsx", is_source=True)
    for unit, player in ((cast.water, cast.handler), (cast.ecology, cast.sector_handler)):
        actions.acknowledge_call(line_of(issued, unit), actor=player.actor)
    actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.handler.actor)
    with pytest.raises(Refused, match="我的"):
        actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.handler.actor)
    theirs = replace(file, name="别的.xlsx")
    with pytest.raises(Refused) as refused:
        actions.answer_with_file(line_of(issued, cast.ecology), file=theirs, actor=cast.sector_handler.actor)
    assert "我的" not in str(refused.value)


def test_a_row_outside_the_call_is_refused(issued, cast):
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    with pytest.raises(Refused, match="第 1 行"):
        actions.answer_with_rows(
            line_of(issued, cast.water), rows=[{**ROW, "sector": "finance"}], actor=cast.handler.actor
        )


def test_a_nil_return_takes_two_people_and_a_head(issued, cast):
    water = lambda: line_of(issued, cast.water)  # noqa: E731
    actions.acknowledge_call(water(), actor=cast.handler.actor)
    actions.prepare_nil_return(water(), statement=NIL, actor=cast.deputy.actor)
    with pytest.raises(NotAllowed):
        actions.sign_nil_return(water(), actor=cast.handler.actor)
    with pytest.raises(Refused, match="不能自己签署"):
        actions.sign_nil_return(water(), actor=cast.deputy.actor)
    actions.sign_nil_return(water(), actor=cast.principal.actor)
    assert (water().state, water().statement) == (DriveLine.State.NIL, NIL)
    assert water().nil_signed_by == cast.principal.person.pk
    assert blanks_of(water(), cast.coordinator.actor) == []
    with pytest.raises(Refused):
        actions.answer_with_rows(water(), rows=[ROW], actor=cast.handler.actor)


def test_a_drive_is_concluded_when_nothing_is_left_open(issued, cast):
    office = cast.coordinator.actor
    with pytest.raises(Refused, match="没有报告"):
        actions.conclude_drive(issued, actor=office)
    line = answered(issued, cast)
    actions.excuse_line(line_of(issued, cast.ecology), reason="机构改革期间", actor=office)
    with pytest.raises(Refused, match="没有审核"):
        actions.conclude_drive(issued, actor=office)
    document = IntakeDocument.objects.get(pk=line.documents[0])
    intake.drop_candidate(document, candidate=1, reason="重复", actor=office)
    with pytest.raises(Refused, match="空白"):
        actions.conclude_drive(issued, actor=office)
    actions.explain_blank(line, sector="risk.safety", reason="所报问题已在台账", actor=office)
    actions.conclude_drive(issued, actor=office)
    assert Drive.objects.get(pk=issued.pk).state == Drive.State.CONCLUDED
    with pytest.raises(Refused):
        actions.explain_blank(line_of(issued, cast.water), sector="risk.safety", reason="晚了", actor=office)


@pytest.mark.parametrize("filled", [False, True])
def test_a_sheet_in_which_no_problem_is_found_is_no_answer(issued, cast, filled):
    """It would pass for a report of no problems, which takes two people."""
    strange = workbook_bytes([Sheet(name="一", header=["甲", "乙"], rows=[["东风路", "3"]])])
    content = strange if filled else blank_sheet(line_of(issued, cast.water))
    file = prepare(BytesIO(content), name="情况.xlsx", is_source=True)
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    with pytest.raises(Refused, match="没有读出问题"):
        actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.handler.actor)
    line = line_of(issued, cast.water)
    assert (line.state, line.documents) == (DriveLine.State.ACKNOWLEDGED, [])


@needs_recognition
def test_a_file_of_which_pages_are_pictures_is_refused_and_keeps_nothing(issued, cast):
    """Part of a report must not pass for the whole of it."""
    file = prepare(BytesIO(drawn(text, scan)), name="自查报告.pdf", is_source=True)
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    with pytest.raises(Refused, match="第 2 页是图片"):
        actions.answer_with_file(line_of(issued, cast.water), file=file, actor=cast.handler.actor)
    assert line_of(issued, cast.water).documents == []
