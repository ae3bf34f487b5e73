"""A machine whose clock is wrong does not write by it, and does not press anybody by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal import clockwatch, timesource
from bihuan.journal.action import Actor, action, anyone_signed_in, current
from bihuan.journal.clockwatch import AHEAD, BACK, Doubt, doubt_of, look, seen_last
from bihuan.journal.errors import Refused
from bihuan.journal.expungement import Expungement
from bihuan.journal.models import JournalEvent

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


@action("journal.test_at_what_time", may=anyone_signed_in)
def write(*, actor: Actor) -> Expungement:
    return Expungement.objects.create(
        reason="试", document_no="〔2026〕1号", proposed_by=actor.person, proposed_at=current().now
    )


class Machine:
    """A machine whose clock the test sets; not a demonstration, so that the clock is judged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(timesource, "clock_may_move", lambda: False)
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        monkeypatch.setattr(clockwatch._Latest, "moment", None)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@given(st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
def test_only_a_step_back_and_a_long_step_ahead_are_odd(step: timedelta) -> None:
    expected = Doubt.BACK if step < -BACK else Doubt.AHEAD if step > AHEAD else None
    assert doubt_of(NOON, NOON + step) is expected


def test_the_first_run_takes_its_clock_for_right(machine: Machine) -> None:
    assert look() is None
    assert seen_last() == NOON


def test_the_row_moves_on_and_never_back(machine: Machine) -> None:
    look()
    machine.now += timedelta(minutes=10)
    look()
    machine.now -= timedelta(minutes=4)
    assert look() is None
    assert seen_last() == NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("step", "doubt"), [(timedelta(days=-700), Doubt.BACK), (timedelta(days=21), Doubt.AHEAD)]
)
def test_what_is_odd_stays_so_until_somebody_confirms_it(machine: Machine, step, doubt, capsys) -> None:
    look()
    machine.now += step
    assert look() is doubt
    assert seen_last() == NOON
    with pytest.raises(CommandError, match="bihuan clock --confirm"):
        call_command("clock")
    call_command("clock", "--confirm")
    assert "没有疑问" in capsys.readouterr().out
    assert look() is None


def test_the_check_before_anything_is_served_says_so(machine: Machine) -> None:
    look()
    call_command("check", databases=["default"])
    machine.now -= timedelta(days=3)
    with pytest.raises(SystemCheckError, match="早于程序上次运行的 2026-11-26 12:00"):
        call_command("check", databases=["default"])


def test_an_action_is_refused_on_a_clock_set_back_and_nothing_is_written(
    machine: Machine, alice: Actor
) -> None:
    write(actor=alice)
    machine.now -= timedelta(hours=1)
    before = JournalEvent.objects.count()
    with pytest.raises(Refused, match="拨回"):
        write(actor=alice)
    assert JournalEvent.objects.count() == before
    machine.now = NOON + timedelta(seconds=1)
    write(actor=alice)


def test_what_the_network_takes_back_is_not_refused(machine: Machine, alice: Actor) -> None:
    write(actor=alice)
    machine.now -= timedelta(minutes=4)
    write(actor=alice)


def test_nothing_is_swept_by_a_clock_far_ahead(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    from bihuan.deadlines import jobs

    swept: list[str] = []
    monkeypatch.setattr(jobs, "sweep_all", lambda: swept.append("lights") or 0)
    monkeypatch.setattr(jobs, "climb_all", lambda: swept.append("ladder"))
    look()
    machine.now += timedelta(days=365)
    assert jobs.sweep() == 0
    assert swept == []
    clockwatch.confirm(machine.now)
    jobs.sweep()
    assert swept == ["lights", "ladder"]
