"""The counters say what the rows say, whatever is done, in whatever order, and in restricted channels unseen."""

from __future__ import annotations

import datetime as dt
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bihuan.journal.action import Refused
from bihuan.journal.verify.report import Fault
from bihuan.journal.verify.whole import verify_derived
from bihuan.ledger import actions
from bihuan.ledger.counters import Standing, differences, exact_count, fold, settled
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.listing import STATE_GROUPS, Filters, number_in, slice_of
from bihuan.ledger.models import Counter, CounterDelta, Problem, Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.ledger.sight import visible
from tests.organizations.cast import THE_SYSTEM, build_cast, seed_lists

PLAYERS = (
    "mayor", "decider", "coordinator", "reviewer", "channel_keeper", "handler", "subordinate", "acceptor",
    "county_handler", "outsider", "log_auditor",
)  # fmt: skip
STEPS = ("register", "secret", "restrict", "propose", "elsewhere", "return", "fold")


@pytest.fixture
def town(cast, lists):
    return cast


def new(title="漏损严重", **more) -> NewProblem:
    return NewProblem(
        title=title, text=f"{title}，群众反映强烈。", sector=Sector.objects.get(code="risk.ecology.water"),
        source=Source.objects.get(code="hotline_12345"), nature="duty", impact="local", urgency="urgent",
        rectification_kind="by_date", external_deadline=dt.date(2027, 6, 30), **more,
    )  # fmt: skip


def register(cast, **more) -> Problem:
    # Into a channel only its members register; here the program does it, which is no member and needs none.
    actor = THE_SYSTEM if more.get("channel") else cast.coordinator.actor
    return actions.register(jurisdiction=cast.city, new=new(**more), actor=actor)


def channel_of(cast):
    return actions.create_channel(
        jurisdiction=cast.city, code="zx1", name="专线一", number_pattern="ZX-{year}-{serial:03}",
        keeper=cast.channel_keeper.post, actor=cast.channel_keeper.actor,
    )  # fmt: skip


def ordinary() -> int:
    """What everybody's counters add up to."""
    return sum(
        row.count for model in (Counter, CounterDelta) for row in model.objects.filter(channel__isnull=True)
    )


class Walk:
    """Steps of a ledger, each by the person whose step it is; what is refused is refused."""

    def __init__(self, cast):
        self.cast, self.channel = cast, channel_of(cast)

    def take(self, step: str) -> None:
        getattr(self, f"do_{step}")()

    def do_register(self):
        register(self.cast)

    def do_secret(self):
        register(self.cast, readership="work_secret", lead_unit=self.cast.water)

    def do_restrict(self):
        register(self.cast, channel=self.channel)

    def do_elsewhere(self):
        self._propose(self.cast.county_water)

    def do_propose(self):
        self._propose(self.cast.water)

    def _propose(self, unit):
        waiting = list(Problem.objects.filter(state="registered", channel=None)[:2])
        if waiting:
            actions.propose(waiting, handling="牵头", lead_unit=unit, actor=self.cast.coordinator.actor)

    def do_return(self):
        for problem in list(Problem.objects.filter(state="proposed")[:1]):
            actions.return_proposal([problem], reason="再议", actor=self.cast.reviewer.actor)

    def do_fold(self):
        fold()


@pytest.mark.django_db
@settings(
    max_examples=5, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=9))
def test_after_any_steps_counters_are_counts(town, steps):
    before = transaction.savepoint()
    try:
        walk = Walk(town)
        for step in steps:
            walk.take(step)
            assert differences() == []
        for name in PLAYERS:
            for states in (None, OPEN, frozenset({"registered"})):
                holds_for(getattr(town, name).actor, states)
    finally:
        transaction.savepoint_rollback(before)


def holds_for(actor, states) -> None:
    """What the counters say, if they say anything, is what the actor sees."""
    rows = Problem.objects.all() if states is None else Problem.objects.filter(state__in=states)
    assert exact_count(actor, states) in (None, visible(actor, rows).count()), (actor.post_name, states)


@pytest.mark.django_db
def test_a_whole_slice_has_a_number_without_counting(town):
    register(town)
    actions.propose([register(town)], handling="牵头", lead_unit=town.water, actor=town.coordinator.actor)
    for name in ("coordinator", "reviewer", "mayor"):
        actor = getattr(town, name).actor
        assert (exact_count(actor), exact_count(actor, lead_path=town.water.path)) == (2, 1)
        for state in ("open", "closed", "proposed", ""):
            filters = Filters(state=state)
            assert number_in(actor, filters) == (slice_of(actor, filters).count(), True)


@pytest.mark.django_db
def test_whoever_sees_by_involvement_alone_is_counted_for(town):
    register(town)
    actions.propose([register(town)], handling="牵头", lead_unit=town.water, actor=town.coordinator.actor)
    assert exact_count(town.handler.actor) is None
    assert number_in(town.handler.actor, Filters()) == (slice_of(town.handler.actor, Filters()).count(), True)


def test_a_number_is_certain_only_where_nothing_lies_outside():
    here = Standing("closed", "internal", restricted=False, everywhere=3, inside=3)
    beyond = Standing("closed", "internal", restricted=False, everywhere=5, inside=3)
    ours = Standing("closed", "internal", restricted=True, everywhere=4, inside=0)
    assert (settled([here, ours]), settled([here, beyond]), settled([])) == (7, None, 0)
    assert STATE_GROUPS["open"] == OPEN


@pytest.mark.django_db
def test_what_runs_in_a_channel_never_enters_the_counters_of_others(town):
    register(town)
    before, channel = ordinary(), channel_of(town)
    hidden = register(town, channel=channel)
    fold()
    register(town, channel=channel)
    assert ordinary() == before
    assert (exact_count(town.coordinator.actor), exact_count(town.mayor.actor)) == (1, 1)
    keeper = town.channel_keeper.actor
    assert number_in(keeper, Filters())[0] == visible(keeper, Problem.objects.all()).count() >= 2
    assert hidden.channel_id == channel.pk


@pytest.mark.django_db
def test_folding_changes_no_number_and_folding_again_nothing(town):
    for _ in range(3):
        register(town)
    before = exact_count(town.coordinator.actor)
    assert fold() == 1
    assert (CounterDelta.objects.count(), fold(), exact_count(town.coordinator.actor)) == (0, 0, before)


@pytest.mark.django_db
def test_a_change_of_no_counter_leaves_no_delta(town):
    problem = register(town)
    fold()
    actions.edit_facts(problem, changes={"section": "河湖科"}, actor=town.coordinator.actor)
    assert CounterDelta.objects.count() == 0


@pytest.mark.django_db
def test_verify_names_a_counter_that_was_altered_and_recount_mends_it(town):
    register(town)
    fold()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_counter SET count = count + 7")
    (found,) = [one for one in verify_derived().found if "counter" in one.where]
    assert (found.fault, found.detail) == (Fault.DERIVED_DIFFERS, "+7")
    said = StringIO()
    call_command("recount", stdout=said)
    assert "重算了 1 个计数器" in said.getvalue()
    assert (differences(), verify_derived().found) == ([], [])


def test_folding_beside_many_who_write_loses_nothing(committed):
    """Four hands register and propose while two others fold as fast as they can."""
    cast = build_cast()
    seed_lists(cast)
    done, refused = threading.Event(), []

    def write(number: int) -> None:
        try:
            for _ in range(6):
                problem = register(cast)
                actions.propose(
                    [problem], handling="牵头", lead_unit=cast.water if number % 2 else cast.ecology,
                    actor=cast.coordinator.actor,
                )  # fmt: skip
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    def fold_on() -> None:
        try:
            while not done.is_set():
                fold()
                assert sum_seen() >= 0
        finally:
            connections.close_all()

    def sum_seen() -> int:
        return exact_count(cast.coordinator.actor) or 0

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    folders = [threading.Thread(target=fold_on) for _ in range(2)]
    for thread in (*writers, *folders):
        thread.start()
    for thread in writers:
        thread.join(timeout=120)
    done.set()
    for thread in folders:
        thread.join(timeout=60)
    assert (refused, differences(), exact_count(cast.coordinator.actor)) == ([], [], 24)
    fold()
    assert (CounterDelta.objects.count(), differences()) == (0, [])
