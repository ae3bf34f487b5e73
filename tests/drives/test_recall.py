"""A call that was sent out is called back: by another than who prepared it, told to its units, and nothing of it lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.drives import actions, jobs, planning
from bihuan.drives.coverage import coverage_of
from bihuan.drives.matrix import heads_of, rows_of
from bihuan.drives.models import Drive, DriveLine, DrivePlan
from bihuan.drives.queries import to_answer, to_move
from bihuan.intake.models import IntakeDocument
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Problem
from bihuan.messages.models import Message
from tests.drives.calls import ROW, answered, blanks_of, confirmed, draft_of, issue, line_of
from tests.drives.test_pages import at, words
from tests.drives.test_planning import FIRST, on, plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
WHY = "领域选错了。"


def recall(drive: Drive, cast) -> Drive:
    actions.withdraw_drive(drive, reason=WHY, actor=cast.reviewer.actor)
    return Drive.objects.select_related("batch__jurisdiction").get(pk=drive.pk)


def told() -> set:
    return set(Message.objects.filter(kind="drives.recalled").values_list("to_person", flat=True))


def test_who_prepared_it_does_not_call_it_back_and_who_is_not_of_the_office_cannot(issued, cast):
    for player, refusal in (
        (cast.coordinator, Refused),
        (cast.handler, NotAllowed),
        (cast.outsider, NotVisible),
    ):
        with pytest.raises((refusal, NotVisible)):
            actions.withdraw_drive(issued, reason=WHY, actor=player.actor)
    with pytest.raises(Refused, match="理由"):
        actions.withdraw_drive(issued, reason=" ", actor=cast.reviewer.actor)
    assert Drive.objects.get().state == "issued"
    drive = recall(issued, cast)
    assert (drive.state, drive.reason, drive.withdrawn_by) == ("recalled", WHY, cast.reviewer.person.pk)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_what_is_over_is_not_called_back(issued, cast):
    drive = recall(issued, cast)
    for verb in (actions.issue_drive, actions.conclude_drive, actions.remind_units):
        with pytest.raises(Refused, match="下发后撤回"):
            verb(drive, actor=cast.reviewer.actor)
    with pytest.raises(Refused, match="下发后撤回"):
        recall(drive, cast)
    concluded = issue(draft_of(cast, code="ZC-2", units=[cast.water]), cast)
    actions.excuse_line(line_of(concluded, cast.water), reason="重组中", actor=cast.coordinator.actor)
    actions.conclude_drive(concluded, actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="已办结"):
        recall(concluded, cast)


def test_its_units_are_told_and_owe_nothing_any_more(issued, cast):
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    assert to_answer(cast.handler.actor)
    drive = recall(issued, cast)
    assert told() == {one.person.pk for one in (cast.handler, cast.liaison, cast.sector_handler)}
    assert set(DriveLine.objects.values_list("next_reminder", flat=True)) == {None}
    assert to_answer(cast.handler.actor) == []
    with timesource.at(dt.datetime.combine(drive.due_on + dt.timedelta(days=9), dt.time(1), tzinfo=dt.UTC)):
        assert jobs.remind() == 0
        assert to_move(cast.coordinator.actor) == []
    with pytest.raises(Refused, match="下发后撤回"):
        actions.answer_with_rows(line_of(drive, cast.water), rows=[ROW], actor=cast.handler.actor)


def test_a_unit_that_was_let_off_is_not_told(issued, cast):
    actions.excuse_line(line_of(issued, cast.water), reason="重组中", actor=cast.coordinator.actor)
    recall(issued, cast)
    assert told() == {cast.sector_handler.person.pk}


def test_what_a_unit_sent_is_kept_readable_and_may_still_enter_the_ledger(issued, cast, client_as):
    line = answered(issued, cast)
    drive = recall(issued, cast)
    page = words(client_as(cast.handler).get(at("line", line)))
    assert ("下发后撤回" in page, WHY in page, ROW["title"] in page, "待审核" in page) == (True,) * 4
    assert at("rows", line) not in page
    late = client_as(cast.handler).post(at("nil", line), {"statement": "无。"})
    assert (late.status_code, "自查“下发后撤回”，不能这样办" in words(late)) == (422, True)
    assert IntakeDocument.objects.filter(batch=drive.batch).exists()
    problem = Problem.objects.get(pk=confirmed(line, cast).pk)
    assert (problem.self_reported, problem.lead_unit) == (True, cast.water)


def test_the_office_sees_it_among_what_is_over_with_its_coverage_as_it_was(issued, cast, client_as):
    line = answered(issued, cast)
    with CaptureQueriesContext(connection) as before:
        client_as(cast.coordinator).get(at("drive", issued))
    address, client = at("withdraw", issued), client_as(cast.reviewer)
    assert "已报来的留着" in words(client.get(address))
    assert client_as(cast.outsider).post(address, {"reason": WHY}).status_code == 404
    assert client.delete(address).status_code == 405
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": WHY}).status_code == 302
    assert client.post(address, {"reason": WHY}).status_code == 422
    with (
        timesource.at(dt.datetime.combine(issued.due_on + dt.timedelta(days=9), dt.time(1), tzinfo=dt.UTC)),
        CaptureQueriesContext(connection) as after,
    ):
        page = words(client_as(cast.coordinator).get(at("drive", issued)))
    assert len(after) <= len(before)
    assert (WHY in page, cast.reviewer.person.name in page, "已报 1" in page, "未报" in page) == (True,) * 4
    assert "逾期 9 天" not in page
    assert "空白</td>" not in page
    assert reverse("intake:batch", args=[issued.batch_id]) in page
    for gone in (address, at("conclude", issued), at("remind", issued), at("explain", line)):
        assert gone not in page
    shown = words(client.get(reverse("drives:list") + "?show=concluded"))
    assert ("安全生产自查" in shown, "安全生产自查" in words(client.get(reverse("drives:list")))) == (
        True,
        False,
    )
    theirs = client_as(cast.handler)
    assert "安全生产自查" in words(theirs.get(reverse("drives:list") + "?show=concluded"))
    assert theirs.get("/api/drives").json() == []
    assert theirs.get("/api/drives?concluded=true").json()[0]["state"] == "recalled"


def test_what_was_called_back_leaves_nothing_blank(lists, cast):
    drive = issue(draft_of(cast, sectors=["risk.safety", "risk.fire"]), cast)
    line = answered(drive, cast)
    assert blanks_of(line, cast.coordinator.actor) == [("risk.fire", "")]
    recall(drive, cast)
    line = line_of(drive, cast.water)
    assert blanks_of(line, cast.coordinator.actor) == []
    [covered] = coverage_of(line.drive, [line], cast.coordinator.actor)
    [row] = rows_of(line.drive, [covered], heads_of(line.drive), explains=False)
    assert [cell.kind for cell in row.cells] == ["said", "asked"]


def test_a_period_that_was_called_back_is_not_called_again_and_the_plan_goes_on(lists, cast):
    plan = plan_of(cast)
    planning.start_plan(plan, actor=cast.reviewer.actor)
    with on(FIRST):
        assert jobs.call() == 1
        drive = Drive.objects.get()
        with pytest.raises(Refused, match="拟定的人"):
            actions.withdraw_drive(drive, reason=WHY, actor=cast.coordinator.actor)
        recall(drive, cast)
        assert jobs.call() == 0
    assert DrivePlan.objects.get().state == "running"
    with on(dt.date(2027, 2, 28)):
        assert jobs.call() == 1
    assert list(Drive.objects.order_by("period_on").values_list("state", flat=True)) == ["recalled", "issued"]
