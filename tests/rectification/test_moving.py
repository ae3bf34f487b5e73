"""职责承接: what a merged or closed unit left goes to its successor, nothing loosened, and nobody judges himself after."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.deadlines.models import Clock
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.ledger.models import Involvement
from bihuan.messages.models import Message
from bihuan.organizations import actions as organizations
from bihuan.organizations.authority import unit_of
from bihuan.organizations.jobs import keep_alarms
from bihuan.organizations.models import Role, Vacancy
from bihuan.organizations.queries import standing_successor
from bihuan.rectification import actions as do
from bihuan.rectification.independence import dependences_of
from bihuan.rectification.independence_facts import judge_of, work_of
from bihuan.rectification.models import DutyMove, Measure, OrderItem
from bihuan.rectification.moving_rules import HELPS, MOVED, taken_over
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def merge(story, unit, into):
    """The principal leaves office, everybody else goes along with their posts."""
    for player in story.cast.players.values():
        if player.post.unit_id == unit.pk and player.post.kind == "principal":
            organizations.end_tenure(player.post, actor=THE_SYSTEM)
    story.clock.go_on(1)
    organizations.merge_units([unit], into=into, reason="机构改革", actor=THE_SYSTEM)
    unit.refresh_from_db()
    story.clock.go_on(1)


def move(story, *problems, unit=None, by=None):
    do.move_duties(
        fresh(list(problems)), unit=unit or story.cast.water, actor=(by or story.cast.coordinator).actor
    )


def clocks(problem):
    rows = Clock.objects.filter(problem=problem).exclude(state="stopped").order_by("kind")
    return [(row.kind, row.due, row.started_on, row.light, row.first_due) for row in rows]


def test_lead_tasks_and_clocks_go_along_and_no_day_moves(story):
    problem = story.rectifying()
    merge(story, story.cast.water, story.cast.ecology)
    before, deadline = clocks(problem), fresh([problem])[0].external_deadline
    move(story, problem)
    (after,) = fresh([problem])
    assert (after.lead_unit, after.external_deadline) == (story.cast.ecology, deadline)
    assert clocks(problem) == before
    assert set(
        Clock.objects.filter(problem=problem, kind="rectification").values_list("unit", flat=True)
    ) == {story.cast.ecology.pk}
    assert Measure.objects.get().unit == story.cast.ecology
    standing = Involvement.objects.filter(problem=problem, role="lead", until=None)
    assert [row.unit for row in standing] == [story.cast.ecology]
    row = DutyMove.objects.get()
    assert (row.unit_name, row.successor, row.roles, row.tasks) == (
        "市水务局",
        story.cast.ecology,
        ["lead"],
        1,
    )
    events = JournalEvent.objects.filter(verb="rectification.move_duties", stream=problem.pk)
    assert events.count() == 1
    told = Message.objects.filter(kind="rectification.duties_moved").values_list("to_person", flat=True)
    assert story.cast.sector_handler.person.pk in told
    story.report(after, measure=Measure.objects.get(), by=story.cast.sector_handler)


def test_the_term_to_acknowledge_does_not_begin_anew(story):
    problem = story.assigned()[0]
    merge(story, story.cast.water, story.cast.ecology)
    before = clocks(problem)
    move(story, problem)
    assert clocks(problem) == before
    do.acknowledge(fresh([problem]), actor=story.cast.sector_handler.actor)
    assert [one for one in clocks(problem) if one[0] == "rectification"] == [
        one for one in before if one[0] == "rectification"
    ]


def test_the_page_says_what_it_was_and_the_alarm_leads_to_the_sheet(story, client_as):
    problem = story.rectifying()
    for player in ("principal", "deputy", "handler", "liaison"):
        organizations.end_tenure(getattr(story.cast, player).post, actor=THE_SYSTEM)
    organizations.end_tenure(story.cast.station_principal.post, actor=THE_SYSTEM)
    story.clock.go_on(1)
    organizations.merge_units([story.cast.water], into=story.cast.ecology, actor=THE_SYSTEM)
    keep_alarms()
    assert not Vacancy.objects.filter(until=None, unit=story.cast.ecology).exists()
    sheet = reverse("rectification:move_duties", args=[story.cast.water.pk])
    client = client_as(story.cast.coordinator)
    assert sheet in client.get(reverse("desk:home")).content.decode()
    page = client.get(sheet).content.decode()
    assert problem.problem_no in page
    assert "由市生态环境局承接" in page
    assert client.post(sheet, {"pick": []}).status_code == 422
    assert client.post(sheet, {"pick": [str(problem.pk)]}).url == reverse("desk:home")
    said = client.get(reverse("desk:problem", args=[problem.pk])).content.decode()
    assert "原市水务局" in said
    assert client.get(sheet).status_code == 404
    assert keep_alarms() == 1
    assert not Vacancy.objects.filter(until=None, unit=story.cast.water).exists()


def test_who_may_not(story, client_as):
    problem = story.rectifying()
    merge(story, story.cast.water, story.cast.ecology)
    with pytest.raises(NotAllowed):
        move(story, problem, by=story.cast.sector_handler)
    with pytest.raises(NotVisible):
        move(story, problem, by=story.cast.outsider)
    sheet = reverse("rectification:move_duties", args=[story.cast.water.pk])
    for player in ("sector_handler", "outsider", "system_administrator"):
        assert client_as(getattr(story.cast, player)).get(sheet).status_code == 404
    assert client_as(story.cast.coordinator).get(sheet).status_code == 200
    assert client_as(story.cast.coordinator).put(sheet).status_code == 405


def test_an_open_unit_one_without_successor_and_one_without_a_part_are_refused(story):
    problem = story.rectifying()
    with pytest.raises(Refused, match="没有撤销"):
        move(story, problem)
    other = organizations.create_unit(
        name="市节水办", code="JS", kind="institution", level=3, parent=story.cast.city, actor=THE_SYSTEM
    )
    organizations.close_unit(other, actor=THE_SYSTEM)
    with pytest.raises(Refused, match="没有写明由谁承接"):
        move(story, problem, unit=other)
    gone = organizations.create_unit(
        name="市排水办", code="PS", kind="institution", level=3, parent=story.cast.city, actor=THE_SYSTEM
    )
    organizations.close_unit(gone, successor=story.cast.ecology, actor=THE_SYSTEM)
    with pytest.raises(Refused, match="没有由“市排水办”承担的事"):
        move(story, problem, unit=gone)
    assert not DutyMove.objects.exists()


def test_a_successor_that_was_closed_too_passes_it_on(story):
    story.rectifying()
    first = organizations.create_unit(
        name="市水利局", code="SL", kind="department", level=3, parent=story.cast.city, actor=THE_SYSTEM
    )
    merge(story, story.cast.water, first)
    assert standing_successor(story.cast.water) == first
    merge(story, first, story.cast.ecology)
    story.cast.water.refresh_from_db()
    assert standing_successor(story.cast.water) == story.cast.ecology
    assert standing_successor(story.cast.ecology) is None


def test_a_row_of_an_order_not_yet_issued_goes_along_and_an_issued_one_says_what_it_said(story):
    issued = story.assigned()[0]
    (waiting,) = story.proposed()
    story.order([waiting])
    merge(story, story.cast.water, story.cast.ecology)
    move(story, issued, fresh([waiting])[0])
    rows = {item.problem_id: item.lead_unit for item in OrderItem.objects.all()}
    assert rows == {issued.pk: story.cast.water, waiting.pk: story.cast.ecology}
    assert fresh([waiting])[0].lead_unit == story.cast.ecology


def test_who_helped_and_now_leads_does_not_help_himself(story):
    problem = story.register()
    story.propose(problem, supporting_units=[story.cast.ecology])
    story.issue(fresh([problem]))
    merge(story, story.cast.water, story.cast.ecology)
    move(story, problem)
    rows = Involvement.objects.filter(problem=problem, unit=story.cast.ecology, until=None)
    assert "supporting" not in set(rows.values_list("role", flat=True))
    assert rows.filter(role="lead").count() == 1


def test_a_closed_unit_that_only_helped_raises_the_alarm_too(story, client_as):
    problem = story.register()
    story.propose(problem, supporting_units=[story.cast.data])
    story.issue(fresh([problem]))
    merge(story, story.cast.data, story.cast.ecology)
    keep_alarms()
    assert Vacancy.objects.filter(until=None, unit=story.cast.data).exists()
    sheet = reverse("rectification:move_duties", args=[story.cast.data.pk])
    assert sheet in client_as(story.cast.coordinator).get(reverse("desk:home")).content.decode()
    move(story, problem, unit=story.cast.data)
    keep_alarms()
    assert not Vacancy.objects.filter(until=None, unit=story.cast.data).exists()


def test_a_closed_unit_with_nothing_left_raises_none(story):
    (problem,) = story.proposed()
    merge(story, story.cast.data, story.cast.ecology)
    keep_alarms()
    assert not Vacancy.objects.filter(unit=story.cast.data).exists()
    assert fresh([problem])[0].lead_unit == story.cast.water


def ties(player, problem):
    """What keeps a person from judging."""
    return list(dependences_of(judge_of(player.actor, unit_of(player.actor)), work_of(problem)))


def test_an_acceptor_whose_unit_takes_the_work_over_no_longer_judges_it(story):
    problem = story.accepting()
    acceptor = story.cast.acceptor
    assert ties(acceptor, fresh([problem])[0]) == []
    organizations.grant_role(story.cast.inspector.post, role=Role.ACCEPTOR, actor=THE_SYSTEM)
    merge(story, story.cast.water, story.cast.inspection)
    move(story, problem)
    (after,) = fresh([problem])
    assert after.state == "accepting"
    assert ties(acceptor, after)
    with pytest.raises((Refused, NotAllowed)):
        story.accept(after)
    called = Involvement.objects.filter(problem=problem, role="acceptor", until=None)
    assert [row.unit for row in called] == [story.cast.audit]
    story.accept(fresh([problem])[0], by=story.cast.inspector)


def test_where_nobody_independent_is_left_the_move_says_so_and_changes_nothing(story):
    problem = story.accepting()
    merge(story, story.cast.water, story.cast.inspection)
    with pytest.raises(Refused, match="没有独立的验收单位"):
        move(story, problem)
    assert fresh([problem])[0].lead_unit == story.cast.water


shares = st.none() | st.integers(0, 100)
roles = st.dictionaries(st.sampled_from(MOVED), shares)


@given(old=roles, own=roles.filter(lambda own: "lead" not in own or not set(own) & set(HELPS)))
def test_whatever_stood_the_successor_answers_for_all_of_it_and_helps_nobody_but_others(old, own):
    taken = taken_over(old, own)
    stands = (set(own) - taken.ended) | set(taken.added)
    leads = "lead" in stands
    assert leads == ("lead" in old or "lead" in own)
    for role in old:
        assert role in stands or (leads and role in HELPS)
    if "lead" in old:
        assert not stands.intersection(HELPS)
    assert all(share is None or 0 <= share <= 100 for share in taken.added.values())
