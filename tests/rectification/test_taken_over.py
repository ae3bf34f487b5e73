"""Rows of a running ledger enter in any state, and from each of them somebody can go on."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.deadlines.models import Clock
from bihuan.intake.actions import import_rows
from bihuan.intake.imports.running import ImportRow
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.ledger.lifecycle import ENDED_EARLY, allowed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem, Source
from bihuan.lookback.models import Lookback
from bihuan.rectification import actions as do
from bihuan.rectification.circumstances import circumstances
from bihuan.rectification.models import PublicNotice
from bihuan.rectification.offers import offers_for
from bihuan.rectification.queries import to_accept
from bihuan.rectification.verbs import Verb
from tests.intake.sheets import laid_out
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 15)


@pytest.fixture
def batch(story):
    return ledger.create_batch(
        jurisdiction=story.cast.city,
        code="OLD",
        title="原有台账",
        source=Source.objects.get(code="city_party_inspection"),
        source_authority="市委巡察办",
        received_on=DAY,
        deadline=dt.date(2026, 9, 30),
        actor=story.cast.coordinator.actor,
    )


def row(story, state, line=2, **more):
    facts = {
        "place": f"台账!{line}", "line": line, "title": "供水管网漏损", "text": "供水管网漏损率高于规定指标。",
        "source_no": "", "section": "", "state": state, "source": "city_party_inspection",
        "sector": "risk.ecology.water", "nature": "duty", "impact": "local", "urgency": "urgent", "grade": "major",
        "kind": "by_date", "lead_unit": str(story.cast.water.pk), "supporting_units": (), "registered_on": DAY,
        "assigned_on": DAY, "deadline": dt.date(2026, 9, 30),
        "closed_on": DAY if state == State.CLOSED else None,
    }  # fmt: skip
    return ImportRow(**(facts | more))


def taken_over(story, batch, state, **more):
    block = laid_out(batch, [row(story, state, **more)], story.cast)
    import_rows(batch, block=block, file_name="旧台账.xlsx", actor=story.cast.coordinator.actor)
    return Problem.objects.get(batch=batch)


@pytest.mark.parametrize("state", list(State))
def test_from_every_state_somebody_can_go_on(story, batch, state):
    problem = taken_over(story, batch, state)
    assert problem.state == state
    story.clock.go_on(30)
    problem = fresh([problem])[0]
    assert allowed(State(state), circumstances(problem))
    waiting = Lookback.objects.filter(problem=problem)
    assert waiting.exists() == (state in ENDED_EARLY | {State.CLOSED, State.STANDING_DUTY})
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_what_waits_for_acceptance_is_seen_by_an_acceptor(story, batch):
    problem = taken_over(story, batch, State.ACCEPTING)
    assert [one.pk for one in to_accept(story.cast.acceptor.actor)] == [problem.pk]
    story.accept(problem)
    assert fresh([problem])[0].state == "noticed"


def test_a_notice_taken_over_runs_its_period_from_today(story, batch):
    problem = taken_over(story, batch, State.NOTICED)
    notice = PublicNotice.objects.get(problem=problem)
    assert notice.since == story.clock.today
    story.clock.go_on((notice.until - story.clock.today).days + 1)
    do.end_notice(problem, actor=story.cast.coordinator.actor)
    assert fresh([problem])[0].state == "closure_review"


def test_no_plan_is_invented_and_none_is_asked_for(story, batch):
    problem = taken_over(story, batch, State.RECTIFYING)
    assert problem.plan_owed is False
    story.report(problem)
    story.prove(problem)
    story.apply(problem)
    assert fresh([problem])[0].state == "accepting"


def test_it_may_still_be_handed_down(story, batch):
    problem = taken_over(story, batch, State.RECTIFYING)
    offered = {offer.verb: offer.why_not for offer in offers_for(story.cast.handler.actor, problem)}
    assert offered[Verb.HAND_DOWN] == ""


def test_its_clocks_run(story, batch):
    problem = taken_over(story, batch, State.NOTICED)
    kinds = set(Clock.objects.filter(problem=problem, state="running").values_list("kind", flat=True))
    assert kinds == {"rectification", "notice"}
