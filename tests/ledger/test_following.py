"""Whoever becomes steward sees from then on, whoever ceases to be sees no longer, however the change came about."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from bihuan.journal import timesource
from bihuan.journal.models import JournalEvent
from bihuan.journal.timesource import today
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.ledger import jobs, reactions
from bihuan.ledger.models import Involvement, Problem, Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.ledger.sight import can_see, visible
from bihuan.organizations import actions as organizations
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Stewardship, Unit
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force
from bihuan.policies.actions import seed_policies

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def day():
    with timesource.at(DAY):
        yield


@pytest.fixture
def city(cast):
    ledger.seed_taxonomy(valid_from=dt.date(2025, 1, 1), actor=cast.system)
    for place in (cast.city, cast.other_county):
        seed_policies(jurisdiction=place, valid_from=dt.date(2025, 1, 1), actor=cast.system)
    return cast


def register(cast, *, sector="risk.ecology.water", source="city_party_inspection", place=None):
    return ledger.register(
        jurisdiction=place or cast.city,
        new=NewProblem(
            title="供水管网漏损",
            text="供水管网漏损率高于规定指标。",
            sector=Sector.objects.get(code=sector),
            source=Source.objects.get(code=source),
            nature="duty",
            impact="local",
            urgency="urgent",
            rectification_kind="by_date",
        ),
        actor=cast.system,
    )


def steward(cast, unit, code, *, kind="sector", territory=None, **more):
    organizations.steward(
        Unit.objects.get(pk=unit.pk),
        kind=kind,
        code=code,
        territory=territory or cast.city,
        **more,
        actor=cast.system,
    )


def end(cast, unit, code, *, kind="sector"):
    organizations.end_stewardship(
        Unit.objects.get(pk=unit.pk), kind=kind, code=code, territory=cast.city, actor=cast.system
    )


def sees(player, problem):
    return can_see(player.actor, problem)


def test_a_steward_named_later_sees_what_runs_already(city):
    problem = register(city, sector="risk.safety")
    assert not sees(city.sector_handler, problem)
    steward(city, city.ecology, "risk")
    assert sees(city.sector_handler, problem)


def test_the_former_steward_sees_it_no_longer(city):
    problem = register(city)
    assert sees(city.sector_handler, problem)
    end(city, city.ecology, "risk.ecology")
    assert not sees(city.sector_handler, problem)
    row = Involvement.objects.get(problem=problem, unit=city.ecology)
    assert (row.since, row.until) == (today(), today())


def test_the_problem_itself_tells_of_it(city):
    problem = register(city)
    end(city, city.ecology, "risk.ecology")
    event = JournalEvent.objects.filter(stream=problem.pk).order_by("-seq").first()
    assert event.verb == "ledger.follow_stewards"
    assert event.body["caused_by"][0] == str(city.ecology.pk)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_another_sector_and_another_place_are_left_alone(city):
    others = [register(city, sector="risk.safety"), register(city, place=city.other_county)]
    steward(city, city.data, "risk.ecology", territory=city.county)
    assert not [one for one in others if Involvement.objects.filter(problem=one, unit=city.data).exists()]


def test_a_place_below_the_territory_is_reached(city):
    problem = register(city, place=city.other_county)
    steward(city, city.data, "city_party_inspection", kind="source")
    assert sees(city.system_administrator, problem) is False
    assert Involvement.objects.filter(problem=problem, unit=city.data, role="source_authority").exists()


def test_a_stewardship_that_begins_later_gives_sight_from_that_day(city):
    problem = register(city, sector="risk.safety")
    steward(city, city.ecology, "risk.safety", since=dt.date(2026, 4, 1))
    later = register(city, sector="risk.safety")
    assert not sees(city.sector_handler, problem)
    with timesource.at(DAY + dt.timedelta(days=31)):
        assert sees(city.sector_handler, problem)
        assert sees(city.sector_handler, later)


def propose(cast, problem, **more):
    ledger.propose(
        [problem], handling="由市水务局牵头。", lead_unit=cast.water, **more, actor=cast.coordinator.actor
    )


def test_the_sector_authority_of_a_running_problem_is_succeeded(city):
    problem = register(city)
    propose(city, problem)
    problem.refresh_from_db()
    assert problem.sector_authority == city.ecology
    steward(city, city.audit, "risk.ecology.water")
    end(city, city.ecology, "risk.ecology")
    problem.refresh_from_db()
    assert problem.sector_authority == city.audit


def test_an_authority_named_by_hand_stays_when_another_unit_ceases_to_be_steward(city):
    problem = register(city)
    propose(city, problem, sector_authority=city.inspection)
    end(city, city.ecology, "risk.ecology")
    problem.refresh_from_db()
    assert problem.sector_authority == city.inspection
    assert sees(city.acceptor, problem)
    assert not sees(city.sector_handler, problem)


def test_who_sent_the_batch_stays_without_a_stewardship(city):
    batch = ledger.create_batch(
        jurisdiction=city.city,
        code="A-1",
        title="审计反馈",
        source=Source.objects.get(code="audit"),
        source_authority="市审计局",
        source_unit=city.audit,
        received_on=today(),
        actor=city.coordinator.actor,
    )
    problem = register(city, source="audit")
    in_batch = ledger.register(
        jurisdiction=city.city,
        batch=batch,
        new=NewProblem(
            title="专项资金滞留",
            text="专项资金滞留三个月。",
            sector=Sector.objects.get(code="risk.ecology.water"),
            nature="duty",
            impact="local",
            urgency="urgent",
            rectification_kind="by_date",
        ),
        actor=city.coordinator.actor,
    )
    end(city, city.audit, "audit", kind="source")
    assert not sees(city.source_authority, problem)
    assert sees(city.source_authority, in_batch)


def test_a_problem_put_into_another_sector_changes_its_stewards(city):
    steward(city, city.audit, "risk.safety")
    problem = register(city)
    ledger.edit_facts(
        problem,
        changes={"sector_id": Sector.objects.get(code="risk.safety").pk},
        actor=city.coordinator.actor,
    )
    assert not sees(city.sector_handler, problem)
    assert sees(city.inspector, problem)


def test_a_merged_unit_hands_its_stewardship_on(city):
    problem = register(city)
    organizations.merge_units([city.ecology], into=city.inspection, actor=city.system)
    assert sees(city.acceptor, problem)
    assert not Involvement.objects.filter(problem=problem, unit=city.ecology, until=None).exists()


def test_a_place_moved_out_of_a_territory_leaves_its_stewards(city):
    steward(city, city.audit, "risk", territory=city.county)
    organizations.move_unit(city.other_county, parent=city.county, actor=city.system)
    problem = register(city, place=Unit.objects.get(pk=city.other_county.pk))
    assert sees(city.inspector, problem)
    organizations.move_unit(Unit.objects.get(pk=city.other_county.pk), parent=city.city, actor=city.system)
    assert not sees(city.inspector, Problem.objects.get(pk=problem.pk))


def test_more_than_a_block_goes_on_in_a_job(city, monkeypatch):
    problems = [register(city, sector="risk.safety") for _ in range(5)]
    monkeypatch.setattr(reactions, "BLOCK", 2)
    monkeypatch.setattr(jobs, "BLOCK", 2)
    queued = []
    monkeypatch.setattr(jobs.follow_rest, "defer", lambda **arguments: queued.append(arguments))
    steward(city, city.ecology, "risk.safety")
    assert [sees(city.sector_handler, one) for one in problems].count(True) == 2
    (arguments,) = queued
    jobs.follow_rest.func(**arguments)
    assert all(sees(city.sector_handler, one) for one in problems)
    events = JournalEvent.objects.filter(verb="ledger.follow_stewards").count()
    jobs.follow_rest.func(**arguments)
    assert JournalEvent.objects.filter(verb="ledger.follow_stewards").count() == events == 5
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_change_costs_the_same_few_queries_for_any_number(city, django_assert_max_num_queries):
    for _ in range(12):
        register(city, sector="risk.safety")
    with django_assert_max_num_queries(60):
        steward(city, city.ecology, "risk.safety")


# ---- whatever happens, sight agrees with the stewardships ----

SECTORS = ("risk.ecology.water", "risk.ecology", "risk.safety", "risk")
SOURCES = ("audit", "city_party_inspection")


def policy_says(actor, problem):
    """The rule of the design, said once more without the involvement table."""
    sight = sight_of(actor)
    problem = Problem.objects.select_related("sector", "source", "jurisdiction").get(pk=problem.pk)
    for one in Stewardship.objects.filter(in_force(today())).select_related("unit", "territory"):
        code = problem.sector.code if one.kind == "sector" else problem.source.code
        is_about = code == one.code or (one.kind == "sector" and code.startswith(f"{one.code}."))
        in_reach = is_under(problem.jurisdiction.path, one.territory.path)
        if is_about and in_reach and any(is_under(one.unit.path, top) for top in sight.subtrees):
            return True
    return any(is_under(problem.jurisdiction.path, top) for top in sight.subtrees)


@pytest.mark.parametrize("seed", range(2))
def test_sight_agrees_with_stewardship_after_every_change(city, seed):
    dice = random.Random(seed)
    problems = []
    lookers = [
        city.sector_handler,
        city.inspector,
        city.handler,
        city.county_handler,
        city.acceptor,
        city.mayor,
    ]
    with timesource.at(DAY):
        for turn in range(14):
            timesource._moved.set(DAY + dt.timedelta(days=turn))
            change(dice, city, problems)
            seen = {
                looker.person.name: set(
                    visible(looker.actor, Problem.objects.all()).values_list("pk", flat=True)
                )
                for looker in lookers
            }
            for looker in lookers:
                told = {one.pk for one in problems if policy_says(looker.actor, one)}
                assert seen[looker.person.name] == told, (turn, looker.person.name)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def change(dice, cast, problems):
    """One thing that happens."""
    kind = dice.choice(["sector", "source"])
    code = dice.choice(SECTORS if kind == "sector" else SOURCES)
    unit = dice.choice([cast.ecology, cast.audit, cast.water, cast.county_water])
    held = Stewardship.objects.filter(unit=unit, until=None)
    deed = dice.choice(["register", "register", "steward", "end", "regroup"])
    if deed == "register" or not problems:
        place = dice.choice([cast.city, cast.other_county])
        problems.append(
            register(cast, sector=dice.choice(SECTORS[:3]), source=dice.choice(SOURCES), place=place)
        )
    elif deed == "steward" and not held.filter(kind=kind, code=code).exists():
        since = today() + dt.timedelta(days=dice.choice([0, 0, 2]))
        steward(cast, unit, code, kind=kind, since=since)
    elif deed == "end" and held.exists():
        one = held.select_related("territory").first()
        end(cast, unit, one.code, kind=one.kind)
    elif deed == "regroup":
        problem = dice.choice(problems)
        sector = Sector.objects.get(code=dice.choice(SECTORS[:3]))
        ledger.edit_facts(
            Problem.objects.get(pk=problem.pk), changes={"sector_id": sector.pk}, actor=cast.system
        )
