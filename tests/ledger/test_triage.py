"""Registering, adding to the facts, proposing: what changes, what is refused, who may, and a call that comes twice."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.errors import Stale
from bihuan.journal.models import StreamHead
from bihuan.ledger import actions
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.ledger.sight import can_see, visible
from bihuan.organizations import actions as bodies
from bihuan.organizations.models import Body
from tests.ledger.conftest import SORTED, TODAY, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def propose(ledger, problems, by=None, **more):
    facts = {"handling": "由市水务局牵头整改。", "lead_unit": ledger.cast.water}
    actions.propose(problems, **(facts | more), actor=(by or ledger.cast.coordinator).actor)


# ---- registering


def test_a_problem_is_registered_with_number_grade_deadline_and_those_who_see_it(ledger):
    problem = ledger.register(batch=(batch := ledger.batch()))
    assert problem.problem_no == "ZG-2026-0001"
    assert (problem.state, problem.external_deadline) == ("registered", batch.deadline)
    roles = set(Involvement.objects.filter(problem=problem).values_list("unit__code", "role"))
    assert roles == {("CITY", InvolvementRole.OFFICE), ("ECOLOGY", InvolvementRole.SECTOR_AUTHORITY)}


def test_the_earliest_date_counts(ledger):
    early = TODAY + dt.timedelta(days=30)
    batch = ledger.batch()
    assert ledger.register(batch=batch, external_deadline=early).external_deadline == early


@pytest.mark.parametrize(
    ("title", "more", "words"),
    [
        (" ", {}, "标题和描述"),
        ("漏损", {"nature": "nothing"}, "等级矩阵"),
        ("机密★10年", {}, "机密"),
    ],
)
def test_what_is_not_registered(ledger, title, more, words):
    with pytest.raises(Refused, match=words):
        ledger.register(title, **more)
    assert not Problem.objects.exists()


def test_only_the_office_of_the_place_registers(ledger, county_reviewer):
    for player in ("handler", "mayor", "log_auditor"):
        with pytest.raises(NotAllowed):
            ledger.register(by=getattr(ledger.cast, player).actor)
    with pytest.raises(NotAllowed):
        ledger.register(by=county_reviewer.actor)


# ---- facts


def test_facts_change_and_the_grade_follows(ledger):
    problem = ledger.register()
    before = problem.grade
    changes = {"impact": "province_or_wider", "urgency": "critical", "site": "石堰沟"}
    actions.edit_facts(problem, changes=changes, actor=ledger.cast.coordinator.actor)
    found = Problem.objects.get(pk=problem.pk)
    assert (found.site, found.grade) == ("石堰沟", "severe")
    assert before != found.grade


@pytest.mark.parametrize("name", ["state", "external_deadline", "lead_unit_id", "problem_no", "channel_id"])
def test_what_has_a_verb_of_its_own_is_no_fact(ledger, name):
    with pytest.raises(Refused, match="不能在这里改"):
        actions.edit_facts(ledger.register(), changes={name: "x"}, actor=ledger.cast.coordinator.actor)


def test_two_people_edit_and_the_second_is_told_what_changed(ledger):
    problem = ledger.register()
    seen = {problem.pk: StreamHead.objects.get(pk=problem.pk).seq}
    actions.edit_facts(problem, changes={"site": "甲地"}, actor=ledger.cast.coordinator.actor)
    with pytest.raises(Stale) as stale:
        actions.edit_facts.call(seen=seen)(
            Problem.objects.get(pk=problem.pk), changes={"site": "乙地"}, actor=ledger.cast.reviewer.actor
        )
    assert [(one.field, one.after) for one in stale.value.changes] == [("site", "甲地")]
    assert Problem.objects.get(pk=problem.pk).site == "甲地"


# ---- proposing


def test_a_proposal_names_who_leads_who_helps_and_by_when(ledger):
    problem, due = ledger.register(), TODAY + dt.timedelta(days=60)
    propose(ledger, [problem], supporting_units=[ledger.cast.county_water], external_deadline=due)
    found = Problem.objects.get(pk=problem.pk)
    assert (found.state, found.lead_unit, found.external_deadline) == ("proposed", ledger.cast.water, due)
    assert found.sector_authority == ledger.cast.ecology
    held = Involvement.objects.filter(problem=problem, until=None, role=InvolvementRole.SUPPORTING)
    assert [row.unit for row in held] == [ledger.cast.county_water]


def test_units_of_an_earlier_proposal_give_way(ledger):
    problem = ledger.register()
    propose(ledger, [problem], supporting_units=[ledger.cast.county_water])
    propose(ledger, [Problem.objects.get(pk=problem.pk)], supporting_units=[ledger.cast.data])
    held = Involvement.objects.filter(problem=problem, until=None, role=InvolvementRole.SUPPORTING)
    assert [row.unit for row in held] == [ledger.cast.data]


def test_proposals_that_are_refused(ledger):
    problem = ledger.register()
    for more, words in (
        ({"handling": " "}, "拟办意见"),
        ({"external_deadline": TODAY}, "已经过去"),
        ({"supporting_units": [ledger.cast.water]}, "不能同时配合"),
    ):
        with pytest.raises(Refused, match=words):
            propose(ledger, [problem], **more)
    ended = ledger.walk(problem, "closed")
    with pytest.raises(Refused):
        propose(ledger, [ended])


def test_one_wrong_problem_and_none_is_proposed(ledger):
    good, ended = ledger.register("甲"), ledger.walk(ledger.register("乙"), "closed")
    with pytest.raises(Refused):
        propose(ledger, [good, ended])
    assert Problem.objects.get(pk=good.pk).state == "registered"


def test_the_reviewer_returns_it_and_the_preparer_may_not(ledger):
    problem = ledger.register()
    propose(ledger, [problem])
    with pytest.raises(NotAllowed):
        actions.return_proposal([problem], reason="再研究", actor=ledger.cast.coordinator.actor)
    with pytest.raises(Refused, match="退回理由"):
        actions.return_proposal([problem], reason="", actor=ledger.cast.reviewer.actor)
    actions.return_proposal([problem], reason="再研究", actor=ledger.cast.reviewer.actor)
    assert Problem.objects.get(pk=problem.pk).state == "registered"


def test_who_may_not_know_and_who_may_not_do(ledger):
    problem = ledger.register()
    with pytest.raises(NotVisible):
        propose(ledger, [problem], by=ledger.cast.outsider)
    with pytest.raises(NotAllowed):
        propose(ledger, [problem], by=ledger.cast.sector_handler)


def test_a_call_that_comes_twice_does_nothing_twice(ledger):
    from bihuan.ledger.models import Source
    from bihuan.ledger.registering import NewProblem

    source = Source.objects.get(code="self_inspection")
    new = NewProblem(title="甲", text="甲。", sector=ledger.sector(), source=source, **SORTED)
    call = actions.register.call(key="once")
    facts = {"jurisdiction": ledger.cast.city, "new": new, "actor": ledger.cast.coordinator.actor}
    assert call(**facts).pk == actions.register.call(key="once")(**facts).pk
    assert Problem.objects.count() == 1


# ---- pages


@pytest.mark.parametrize("form", ["propose_one", "return_proposal", "edit_facts", "request_ending"])
def test_for_outsiders_the_forms_do_not_exist(ledger, client_as, form):
    client = client_as(ledger.cast.outsider)
    address = at(form, ledger.register().pk)
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]


def test_forms_that_are_sent(ledger, client_as):
    client, problem = client_as(ledger.cast.coordinator), ledger.register()
    sent = {"handling": "牵头整改。", "lead_unit": ledger.cast.water.pk}
    assert client.post(at("propose_one", problem.pk), sent).status_code == 302
    assert client.post(at("return_proposal", problem.pk), {"reason": "再议"}).status_code == 403
    page = client.get(at("edit_facts", problem.pk))
    sent = {name: value or "" for name, value in page.context["form"].initial.items() if name != "seen"}
    assert client.post(at("edit_facts", problem.pk), sent | {"site": "石堰沟"}).status_code == 302
    assert Problem.objects.get(pk=problem.pk).site == "石堰沟"


def test_a_retired_sector_stays_on_what_has_it(ledger, client_as):
    problem = ledger.register()
    actions.move_sector(ledger.sector("risk.ecology"), parent=None, actor=ledger.cast.reviewer.actor)
    client = client_as(ledger.cast.coordinator)
    form = client.get(at("edit_facts", problem.pk)).context["form"]
    sent = {name: value or "" for name, value in form.initial.items() if name != "seen"}
    assert client.post(at("edit_facts", problem.pk), sent).status_code == 302
    assert Problem.objects.get(pk=problem.pk).sector_id == problem.sector_id
    assert ledger.sector() not in client.get(at("register")).context["form"].fields["sector"].queryset


@pytest.mark.parametrize("player", ["coordinator", "reviewer"])
def test_the_office_finds_the_buttons_to_register_others_do_not(ledger, client_as, player):
    page = client_as(getattr(ledger.cast, player)).get("/ledger/").content.decode()
    assert (at("register") in page, at("register_placeholder") in page) == (True, True)
    assert at("register") not in client_as(ledger.cast.handler).get("/ledger/").content.decode()


# ---- a task force


def force(ledger, *, kind=Body.Kind.TASK_FORCE, jurisdiction=None, member=None):
    body = bodies.create_body(
        name="供水专班",
        kind=kind,
        jurisdiction=jurisdiction or ledger.cast.city,
        since=TODAY,
        actor=ledger.cast.system,
    )
    if member:
        bodies.add_member(body, post=member.post, actor=ledger.cast.system)
    return body


def test_members_of_a_named_task_force_see_the_problem(ledger):
    member = ledger.cast.outsider
    problem, body = ledger.register(), force(ledger, member=member)
    assert not can_see(member.actor, problem)
    propose(ledger, [problem], task_force=body)
    assert can_see(member.actor, problem)
    assert list(visible(member.actor, Problem.objects.all())) == [problem]


@pytest.mark.parametrize("kind", [Body.Kind.LEADING_GROUP, Body.Kind.RECTIFICATION_OFFICE])
def test_only_a_task_force_is_named_as_one(ledger, kind):
    with pytest.raises(Refused, match="专班"):
        propose(ledger, [ledger.register()], task_force=force(ledger, kind=kind))


def test_a_task_force_of_a_county_is_not_shown_the_citys_problems(ledger):
    with pytest.raises(Refused, match="管不到"):
        propose(ledger, [ledger.register()], task_force=force(ledger, jurisdiction=ledger.cast.county))
    assert Problem.objects.get().state == "registered"


def test_another_task_force_takes_the_place_of_the_first(ledger):
    problem = ledger.register()
    propose(ledger, [problem], task_force=force(ledger))
    actions.return_proposal([problem], reason="专班选错了。", actor=ledger.cast.reviewer.actor)
    second = force(ledger)
    propose(ledger, [problem], task_force=second)
    named = Involvement.objects.filter(problem=problem, role=InvolvementRole.TASK_FORCE, until=None)
    assert [row.body for row in named] == [second]
