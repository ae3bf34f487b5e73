"""A version tried on what has been: the one in force makes of it what the sweeps recorded, another one something else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.calendars.rules import add_working_days
from bihuan.deadlines import jobs
from bihuan.deadlines.actions import sweep_all
from bihuan.deadlines.ladder.rules import UPPER, Ladder, Rung
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.deadlines.models import Clock
from bihuan.deadlines.readings import facts_of
from bihuan.deadlines.rules import Thresholds
from bihuan.deadlines.terms import Terms
from bihuan.deadlines.trial import running
from bihuan.deadlines.trial.asking import Trial
from bihuan.deadlines.trial.histories import TOLD, pasts_of, rungs_recorded
from bihuan.deadlines.trial.replaying import lights_shown, lights_under, rungs_under
from bihuan.deadlines.trial.running import begin
from bihuan.journal import timesource
from bihuan.journal.models import JournalEvent
from bihuan.policies import actions as policies
from bihuan.policies.catalogue import KINDS
from tests.deadlines.histories import STEPS, take
from tests.rectification.conftest import fresh
from tests.static_files import plain_static

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem
    from tests.rectification.conftest import Story

pytestmark = pytest.mark.django_db
__all__ = ["plain_static"]
NIGHT = dt.time(16, 10, tzinfo=dt.UTC)


def sweep() -> None:
    sweep_all()
    climb_all()


def live_on(story: Story, days: int) -> None:
    """The night's sweep (ten past midnight here) in each of so many days."""
    for _day in range(days):
        with timesource.at(dt.datetime.combine(story.clock.today, NIGHT)):
            sweep()
        story.clock.go_on(1)


def pasts(problem: Problem):
    return dict(pasts_of([problem.pk]))[problem.pk]


def enact(story, code, **changes):
    body = {**KINDS[code].starts[0].body, **changes}
    return policies.enact(code=code, jurisdiction=story.cast.city, body=body, actor=story.cast.reviewer.actor)


def try_on(story, policy, days=365):
    today = story.clock.today
    return begin(policy, story.cast.coordinator.actor, today - dt.timedelta(days=days), today)


def tried(problem: Problem, ladder: Ladder, until: dt.date):
    return rungs_under(pasts(problem), ladder, Terms(until).calendar(problem), until)


def ladder_of(problem: Problem) -> Ladder:
    return Ladder.from_record(clock_of(problem).ladder_policy.body)


def clock_of(problem: Problem) -> Clock:
    rows = Clock.objects.filter(problem=problem, kind="rectification")
    return rows.select_related("lights_policy", "ladder_policy").get()


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=STEPS)
def test_the_version_in_force_makes_of_the_past_what_the_sweeps_made_of_it(story, history):
    problem = story.rectifying()
    for step, number in history:
        take(story, fresh([problem])[0], step, number)
        sweep()
        live_on(story, 3 * number)
    problem, today = fresh([problem])[0], story.clock.today - dt.timedelta(days=1)
    thresholds = Thresholds.from_record(clock_of(problem).lights_policy.body)
    for past in pasts(problem):
        assert lights_under(past, thresholds, today) == lights_shown(past, today)
    recorded = rungs_recorded([problem.pk], today)[problem.pk]
    found = tried(problem, ladder_of(problem), today)
    assert sorted(found, key=str) == sorted(recorded, key=str)


def test_a_past_is_told_by_every_column_the_rule_reads(story):
    """A column the rule comes to read later is missed in no past: this names it."""
    read: set[str] = set()

    class Watched:
        def __init__(self, row):
            self.row = row

        def __getattr__(self, name):
            read.add(name)
            return getattr(self.row, name)

    row = clock_of(story.rectifying())
    row.state, row.suspended_on = "suspended", story.clock.today
    facts_of(Watched(row))
    assert {"work_from", "suspended_on", "office_word_on"} <= read
    assert read & {field.name for field in Clock._meta.fields} <= TOLD | {"problem"}


def test_earlier_yellow_and_a_quicker_letter_are_told_beside_what_was(story):
    problem = story.rectifying()
    story.report(problem, measure=story.measures(problem)[0], percent=99)
    live_on(story, (problem.external_deadline - story.clock.today).days + 9)
    events = JournalEvent.objects.count()
    row = try_on(story, enact(story, "lights", blue_days=40, yellow_days=30))
    assert JournalEvent.objects.count() == events + 1, "only the new version itself was written"
    assert (row.state, row.done) == ("done", 1)
    [line] = [one for one in row.lines if one["kind"] == "rectification"]
    due = problem.external_deadline
    yellow = {side: [mark for mark in line[side] if mark[2] == "yellow"] for side in ("was", "would")}
    last = (due - dt.timedelta(days=4)).isoformat()
    assert yellow["was"] == [[(due - dt.timedelta(days=10)).isoformat(), last, "yellow"]]
    assert yellow["would"] == [[(due - dt.timedelta(days=30)).isoformat(), last, "yellow"]]
    days = Terms(due).calendar(problem)
    letter = KINDS["ladder"].starts[0].body["supervision_letter"] | {"after_days": 2}
    [line] = try_on(story, enact(story, "ladder", supervision_letter=letter)).lines
    told = {
        side: [mark[0] for mark in line[side] if mark[2] == "supervision_letter"] for side in ("was", "would")
    }
    assert told == {
        "was": [add_working_days(due, 5, days).isoformat()],
        "would": [add_working_days(due, 2, days).isoformat()],
    }


def test_a_case_the_version_would_not_decide_is_not_looked_at(story):
    story.rectifying()
    live_on(story, 3)
    for scope, looked_at in (({"grade": "severe"}, 0), ({}, 3)):
        policy = policies.enact(
            code="lights",
            jurisdiction=story.cast.city,
            body={**KINDS["lights"].starts[0].body, "blue_days": 60},
            **scope,
            actor=story.cast.reviewer.actor,
        )
        row = try_on(story, policy)
        assert sum(one["count"] for one in row.sums) == looked_at


def test_a_rung_never_proposed_in_fact_counts_as_settled_at_once(story):
    """Else a trial of quicker rungs would stop at the first, for nobody settled what was never proposed."""
    problem = story.rectifying()
    live_on(story, (problem.external_deadline - story.clock.today).days + 40)
    quick = {
        name: KINDS["ladder"].starts[0].body[name]
        | {"after_days": after, "gap_days": 1, "needs_conduct": False}
        for name, after in (("supervision_letter", 1), ("circular", 3))
    }
    row = try_on(story, enact(story, "ladder", **quick))
    [line] = row.lines
    told = [mark[2] for mark in line["would"] if mark[2] != Rung.REMINDER]
    # The letter was proposed in fact, and nobody has settled it to this day: so it holds the next one up here too.
    assert told == ["supervision_letter"]
    found = rungs_under(
        [replace(past, settled_after={}) for past in pasts(problem)],
        Ladder.from_record(row.policy.body),
        Terms(story.clock.today).calendar(problem),
        story.clock.today,
    )
    assert tuple(one.rung for one in found if one.rung is not Rung.REMINDER)[:2] == UPPER[:2]


def test_a_large_trial_is_left_to_a_job_that_goes_on_where_it_stood(story, monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 1)
    monkeypatch.setattr(running, "BUNDLE", 1)
    story.assigned(3)
    policy = enact(story, "lights", blue_days=365, yellow_days=364, orange_days=363)
    row = try_on(story, policy)
    assert (row.state, row.done, row.total) == ("waiting", 0, 3)
    [job] = ProcrastinateJob.objects.filter(task_name="deadlines.try_version")
    whole, killed = running._bundle, []

    def killed_after_the_first(*args):
        if killed:
            raise KeyboardInterrupt
        killed.append(whole(*args))
        return killed[0]

    monkeypatch.setattr(running, "_bundle", killed_after_the_first)
    with pytest.raises(KeyboardInterrupt):
        jobs.try_version(**job.args)
    row.refresh_from_db()
    assert (row.state, row.done) == ("running", 1)
    half_way = running.progress_of(row.pk)
    assert half_way is not None
    assert (half_way.done, half_way.total) == (1, 3)
    assert half_way.get_deferred_fields() == {"cases", "sums", "lines"}, (
        "asked every few seconds, it reads no list"
    )
    monkeypatch.setattr(running, "_bundle", whole)
    assert jobs.try_version(**job.args) == jobs.try_version(**job.args) == 3
    row.refresh_from_db()
    assert (row.state, row.done) == ("done", 3)
    assert sum(one["count"] for one in row.sums) == Clock.objects.count()


@pytest.mark.parametrize("code", ["lights", "ladder"])
def test_a_bundle_asks_the_database_as_often_for_one_case_as_for_six(story, code):
    problems = [problem.pk for problem in story.assigned(6)]
    today = story.clock.today
    policy = enact(story, code)

    def asked(cases) -> int:
        trial = Trial(policy, today, today, today)
        with CaptureQueriesContext(connection) as captured:
            assert len(list(trial.lines(cases))) >= len(cases)
        return len(captured)

    assert asked(problems[:1]) == asked(problems)


def test_the_page_asks_tells_and_leads_to_the_cases(story, client_as, plain_static):
    problem = story.rectifying()
    story.report(problem, measure=story.measures(problem)[0], percent=99)
    live_on(story, 80)
    policy = enact(story, "lights", blue_days=90, yellow_days=80)
    client = client_as(story.cast.coordinator)
    ask = reverse("deadlines:ask_trial", args=[policy.pk])
    assert ask in client.get(reverse("policies:detail", args=[policy.pk])).content.decode()
    assert client.get(ask).status_code == 200
    wrong = client.post(ask, {"since": "2026-05-01", "until": "2026-04-01"})
    assert wrong.status_code == 422
    answer = client.post(ask, {"since": "2026-01-01", "until": "2026-12-31"})
    shown = client.get(answer["Location"]).content.decode()
    assert problem.problem_no in shown
    assert "实际 " in shown
    unit = f"{answer['Location']}?unit={story.cast.water.pk}&amp;grade={problem.grade}#cases"
    assert unit in shown
    other = client.get(f"{answer['Location']}?unit={story.cast.ecology.pk}").content.decode()
    assert problem.problem_no not in other
    assert client.post(ask, {"since": "2026-01-01", "until": "2026-12-31"}).status_code == 302
    assert client.get(answer["Location"]).status_code == 404, "a new one takes the place of the old"


def test_who_may_not(story, client_as, plain_static):
    story.rectifying()
    policy = enact(story, "ladder")
    row = try_on(story, policy)
    ask, page = (
        reverse(f"deadlines:{name}", args=[pk]) for name, pk in (("ask_trial", policy.pk), ("trial", row.pk))
    )
    assert client_as(story.cast.coordinator).get(page).status_code == 200
    assert client_as(story.cast.coordinator).post(page).status_code == 405
    assert client_as(story.cast.reviewer).get(page).status_code == 404, "a colleague asks for their own"
    assert client_as(story.cast.handler).get(ask).status_code == 403
    assert client_as(story.cast.handler).get(page).status_code == 404
    wrong = enact(story, "deadline.acknowledge")
    assert (
        client_as(story.cast.coordinator).get(reverse("deadlines:ask_trial", args=[wrong.pk])).status_code
        == 404
    )
