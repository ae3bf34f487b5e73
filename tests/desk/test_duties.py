"""履责记录: derived from what was done, each line one event; what is missing; who may read whose; its pages and export."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bihuan.desk.duties.gaps import Missing, gaps_of
from bihuan.desk.duties.lines import Kind, lines_of
from bihuan.desk.duties.periods import period_of
from bihuan.desk.duties.policy import may_read
from bihuan.journal.models import JournalEvent
from bihuan.organizations import actions as organizations
from bihuan.policies.actions import enact
from bihuan.rectification import actions as do
from tests.documents.opening import sound
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def visit(story, problem, post, **more):
    facts = {"on": story.clock.today, "place": "老城区供水站", "found": "管网仍在渗漏。"}
    return do.record_visit(problem, post=post, **(facts | more), actor=story.cast.coordinator.actor)


def instruct(story, problem, **more):
    facts = {"on": story.clock.today, "words": "抓紧整改。", "document_no": "云府批〔2026〕5号"}
    return do.record_instruction(
        problem, post=story.cast.mayor.post, **(facts | more), actor=story.cast.coordinator.actor
    )


def record(story, looker, leader, key="year"):
    return lines_of(looker.actor, leader.person, period_of(key, story.clock.today))


def test_every_line_is_an_event_of_the_journal(story, clock):
    problem = story.rectifying()
    visit(story, problem, story.cast.principal.post)
    lines = record(story, story.cast.coordinator, story.cast.principal)
    assert {line.kind for line in lines} == {Kind.MEETING, Kind.VISIT}
    for line in lines:
        event = JournalEvent.objects.get(stream=line.stream, seq=line.seq)
        assert bytes(event.hash).hex() == line.digest
        assert line.problem == problem
    meeting = next(line for line in lines if line.kind is Kind.MEETING)
    assert "水务党组〔2026〕6号" in meeting.words


def test_approvals_closures_and_instructions_stand_in_the_record_of_who_gave_them(story):
    problem = story.under_review()
    instruct(story, problem)
    story.close(problem)
    decided = record(story, story.cast.coordinator, story.cast.decider)
    assert {line.kind for line in decided} >= {Kind.APPROVAL, Kind.CLOSURE}
    assert sum(line.kind is Kind.CLOSURE for line in decided) == 1
    (told,) = [
        line for line in record(story, story.cast.coordinator, story.cast.mayor) if line.kind == "instruction"
    ]
    assert told.by == "林晓（整改办）"
    assert "云府批〔2026〕5号" in told.words


def test_a_period_holds_the_days_of_the_acts_and_not_of_their_entry(story, clock):
    problem = story.rectifying()
    day = clock.today
    clock.go_on(40)
    visit(story, problem, story.cast.principal.post, on=day + dt.timedelta(days=1))
    assert not [
        line
        for line in record(story, story.cast.coordinator, story.cast.principal, "month")
        if line.kind == "visit"
    ]
    (line,) = [
        line for line in record(story, story.cast.coordinator, story.cast.principal) if line.kind == "visit"
    ]
    assert line.on == day + dt.timedelta(days=1)
    assert "39 天后补录" in line.by


def test_a_looker_reads_of_problems_they_see_and_of_no_other(story):
    problem = story.rectifying()
    secret = story.register(readership="work_secret")
    story.propose(secret, lead_unit=story.cast.ecology)
    visit(story, problem, story.cast.mayor.post)
    do.record_visit(
        secret,
        post=story.cast.mayor.post,
        on=story.clock.today,
        place="某处",
        found="某事。",
        actor=story.cast.coordinator.actor,
    )
    assert len(record(story, story.cast.coordinator, story.cast.mayor)) == 2
    seen = [line.problem for line in record(story, story.cast.liaison, story.cast.mayor)]
    assert seen == [problem]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("principal", 200),
        ("liaison", 200),
        ("mayor", 200),
        ("coordinator", 200),
        ("reviewer", 200),
        ("handler", 404),
        ("deputy", 404),
        ("station_principal", 404),
        ("sector_handler", 404),
        ("outsider", 404),
        ("system_administrator", 404),
    ],
)
def test_who_reads_a_principals_record(story, client_as, who, status):
    player = getattr(story.cast, who)
    assert may_read(player.actor, story.cast.principal.person) == (status == 200)
    for name in ("duty_record", "export_duty_record"):
        address = reverse(f"desk:{name}", args=[story.cast.principal.person.pk])
        answer = client_as(player).get(address)
        assert answer.status_code == status
        assert answer.getvalue()
    assert client_as(story.cast.principal).post(address).status_code == 405


def test_without_a_meeting_or_a_visit_it_is_said_what_is_missing_and_by_which_rule(story, clock, client_as):
    problem = story.assigned()[0]
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    (gap,) = gaps_of(story.cast.coordinator.actor, story.cast.principal.person.pk)
    assert (gap.what, gap.problem) == (Missing.PLAN_MEETING, problem)
    story.plan(fresh([problem])[0])
    assert gaps_of(story.cast.coordinator.actor, story.cast.principal.person.pk) == []
    enact(
        code="leading",
        jurisdiction=story.cast.city,
        body={"sponsor_visit_days": 10, "principal_visit_days": 20},
        source="city_party_inspection",
        reason="巡察反馈问题从严。",
        actor=story.cast.coordinator.actor,
    )
    clock.go_on(20)
    assert gaps_of(story.cast.coordinator.actor, story.cast.principal.person.pk) == []
    clock.go_on(1)
    (gap,) = gaps_of(story.cast.coordinator.actor, story.cast.principal.person.pk)
    assert (gap.what, gap.every) == (Missing.PRINCIPAL_VISIT, 20)
    page = client_as(story.cast.principal).get(reverse("desk:home")).content.decode()
    assert "第一责任人已 21 天没有现场督导，应每 20 天至少一次" in page
    assert reverse("rectification:record_visit", args=[problem.pk]) in page
    visit(story, fresh([problem])[0], story.cast.principal.post)
    assert gaps_of(story.cast.coordinator.actor, story.cast.principal.person.pk) == []


def test_a_sponsor_is_asked_for_their_own_visit_and_nobody_elses_counts(story, clock):
    problem = story.assigned(1)[0]
    do.put_on_focus(
        [problem], sponsor=story.cast.decider.post, reason="群众反映强烈", actor=story.cast.coordinator.actor
    )
    clock.go_on(91)
    visit(story, fresh([problem])[0], story.cast.mayor.post)
    (gap,) = gaps_of(story.cast.coordinator.actor, story.cast.decider.person.pk)
    assert gap.what is Missing.SPONSOR_VISIT
    visit(story, fresh([problem])[0], story.cast.decider.post)
    assert gaps_of(story.cast.coordinator.actor, story.cast.decider.person.pk) == []


def test_a_duty_that_fell_to_the_unit_above_is_missing_there(story, clock):
    problem = story.assigned()[0]
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    assert gaps_of(story.cast.coordinator.actor, story.cast.mayor.person.pk) == []
    organizations.end_tenure(story.cast.principal.post, actor=THE_SYSTEM)
    clock.go_on(1)
    (gap,) = gaps_of(story.cast.coordinator.actor, story.cast.mayor.person.pk)
    assert gap.what is Missing.PLAN_MEETING


def test_the_page_counts_narrows_and_exports_it(story, client_as):
    problem = story.rectifying()
    visit(story, problem, story.cast.principal.post)
    client = client_as(story.cast.principal)
    address = reverse("desk:duty_record", args=[story.cast.principal.person.pk])
    page = client.get(address).content.decode()
    assert "高建国的履责记录" in page
    assert "老城区供水站" in page
    assert "水务党组" in page
    assert "水务党组" not in client.get(address + "?kind=visit").content.decode()
    assert "老城区供水站" not in client.get(address + "?period=last_year").content.decode()
    sent = client.get(reverse("desk:export_duty_record", args=[story.cast.principal.person.pk]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sound(b"".join(sent.streaming_content))))
    rows = book.get_sheet_by_name("履责记录").to_python()
    assert rows[0][0].startswith("履责记录　高建国　今年"), "a sheet that was printed says whose it is"
    assert len(rows) == 4
    assert {row[1] for row in rows[2:]} == {"会议研究", "现场督导"}
    assert book.sheet_names == ["履责记录", "应有未有"]


def test_the_list_of_leaders_is_for_those_who_may_read_one(story, client_as):
    visit(story, story.rectifying(), story.cast.principal.post)
    address = reverse("desk:duty_records")
    page = client_as(story.cast.coordinator).get(address).content.decode()
    assert "高建国" in page
    assert "陈启明" in page
    assert "许诺" not in page
    assert "陈启明" not in client_as(story.cast.principal).get(address).content.decode()
    assert client_as(story.cast.handler).get(address).status_code == 404
    assert client_as(story.cast.coordinator).get(address + "?q=水务").status_code == 200


def test_more_acts_cost_no_more_statements(story, client_as):
    client = client_as(story.cast.coordinator)
    address = reverse("desk:duty_record", args=[story.cast.principal.person.pk])

    def cost() -> int:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    problems = story.assigned(3)
    for problem in problems:
        visit(story, problem, story.cast.principal.post)
    few = cost()
    for problem in [*problems, *problems]:
        visit(story, fresh([problem])[0], story.cast.principal.post)
    assert cost() == few <= 36


def test_what_is_not_to_be_known_is_not_counted_on_a_leaders_line(story):
    from bihuan.desk.duties.leaders import leaders

    secret = story.register(readership="work_secret")
    story.propose(secret, lead_unit=story.cast.ecology, sponsor=story.cast.principal.post)
    visit(story, fresh([secret])[0], story.cast.principal.post)
    period = period_of("year", story.clock.today)

    def visits(looker):
        return [
            one.visits for one in leaders(looker.actor, period) if one.person == story.cast.principal.person
        ]

    assert visits(story.cast.liaison) == [0]
    assert visits(story.cast.coordinator) == visits(story.cast.principal) == [1]


def test_a_persons_page_leads_to_their_record_for_those_who_may_read_it(story, client_as):
    page = reverse("organizations:person", args=[story.cast.principal.person.pk])
    record_page = reverse("desk:duty_record", args=[story.cast.principal.person.pk])
    assert record_page in client_as(story.cast.coordinator).get(page).content.decode()
    assert record_page not in client_as(story.cast.handler).get(page).content.decode()
    nobody = reverse("organizations:person", args=[story.cast.handler.person.pk])
    assert "履责记录</" not in client_as(story.cast.handler).get(nobody).content.decode()


def test_the_case_file_holds_what_leaders_did(story):
    from bihuan.desk.case_file import case_file_of
    from bihuan.journal.timesource import now

    problem = story.rectifying()
    visit(story, problem, story.cast.principal.post, companions="联系电话 13812345678")
    instruct(story, problem)
    file = case_file_of(story.cast.coordinator.actor, fresh([problem])[0], now())
    titles = [item.title for item in file.items]
    assert "现场督导" in titles
    assert "领导批示" in titles
    assert file.covered == 1


def test_what_was_withdrawn_is_read_and_not_counted_and_is_missing_again(story, clock, client_as):
    problem = story.assigned(1)[0]
    do.put_on_focus(
        [problem], sponsor=story.cast.decider.post, reason="群众反映强烈", actor=story.cast.coordinator.actor
    )
    clock.go_on(91)
    wrong = visit(story, fresh([problem])[0], story.cast.decider.post)
    assert gaps_of(story.cast.coordinator.actor, story.cast.decider.person.pk) == []
    do.withdraw_leaders_act(
        fresh([problem])[0], act=wrong.pk, reason="那天没有去", actor=story.cast.coordinator.actor
    )
    (gap,) = gaps_of(story.cast.coordinator.actor, story.cast.decider.person.pk)
    assert gap.what is Missing.SPONSOR_VISIT
    (line,) = [
        one for one in record(story, story.cast.coordinator, story.cast.decider) if one.kind is Kind.VISIT
    ]
    assert line.withdrawn.endswith("撤回：那天没有去")
    from bihuan.desk.duties.leaders import leaders
    from bihuan.desk.duties.pages import figures

    assert next(one for one in figures([line], [], "year") if one.label == "现场督导").value == 0
    counted = leaders(story.cast.coordinator.actor, period_of("year", clock.today))
    (his,) = [one for one in counted if one.person == story.cast.decider.person]
    assert (his.visits, his.last_visit) == (0, None)
    address = reverse("desk:duty_record", args=[story.cast.decider.person.pk])
    assert "撤回：那天没有去" in client_as(story.cast.coordinator).get(address).content.decode()
    sent = client_as(story.cast.coordinator).get(
        reverse("desk:export_duty_record", args=[story.cast.decider.person.pk])
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(sent.streaming_content)))
    assert "撤回：那天没有去" in str(book.get_sheet_by_name("履责记录").to_python())


def test_what_a_stand_in_decided_stands_in_both_records_and_says_whose_hand_it_was(story, clock):
    from bihuan.approvals import actions as approvals
    from bihuan.organizations.acting import actor_for

    organizations.appoint_stand_in(
        story.cast.decider.post,
        person=story.cast.reviewer.person,
        since=clock.today,
        last_day=clock.today + dt.timedelta(days=60),
        reason="出差",
        actor=THE_SYSTEM,
    )
    hand = actor_for(story.cast.reviewer.person, story.cast.decider.post)
    order = story.order(story.proposed())
    step = order.approval.steps.get(state="pending")
    while step.post_id != story.cast.decider.post.pk:
        by = next(one for one in story.cast.players.values() if one.post.pk == step.post_id)
        approvals.decide(order.approval, actor=by.actor)
        step = order.approval.steps.get(state="pending")
    approvals.decide(order.approval, opinion="照办", actor=hand)
    problem = story.under_review()
    do.return_closure(problem, what_is_missing="缺会议纪要", actor=hand)

    def said(player):
        found = record(story, story.cast.coordinator, player)
        return {line.by for line in found if "照办" in line.words or line.kind is Kind.CLOSURE}

    assert said(story.cast.decider) == {"由周正代"}
    assert said(story.cast.reviewer) == {"代何清源办理"}
