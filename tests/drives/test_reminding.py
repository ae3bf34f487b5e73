"""Who is reminded of a call on which day, and that nobody is reminded twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.drives import actions, jobs
from bihuan.drives.actions import remind_due
from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.reminding import next_reminder
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.messages.models import Message
from tests.drives.calls import answered, draft_of, line_of

A_DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2025, 1, 1), dt.date(2035, 12, 31))


@given(days, days, st.integers(0, 30), st.integers(1, 30))
def test_the_next_reminder_is_ahead_and_none_is_left_out(due, after, before, every):
    coming = next_reminder(due, after, before=before, every=every)
    assert coming > after
    planned = {due - dt.timedelta(days=before)} | {
        due + A_DAY + dt.timedelta(days=every * n) for n in range((max(after, due) - due).days // every + 2)
    }
    assert coming == min(day for day in planned if day > after)


@pytest.mark.django_db
class TestReminding:
    """A call due in ten days, to two units."""

    def on(self, drive: Drive, days_after_due: int):
        day = drive.due_on + dt.timedelta(days=days_after_due)
        return timesource.at(dt.datetime.combine(day, dt.time(1), tzinfo=dt.UTC))

    def told(self, kind: str) -> dict[str, int]:
        return {str(one.to_person): one.count for one in Message.objects.filter(kind=kind)}

    def test_a_call_reaches_those_who_receive_for_a_unit(self, issued, cast):
        people = {str(one.person.pk) for one in (cast.handler, cast.liaison, cast.sector_handler)}
        assert set(self.told("drives.called")) == people
        links = set(Message.objects.values_list("link", flat=True))
        assert links == {reverse("drives:line", args=[line.pk]) for line in DriveLine.objects.all()}

    def test_before_the_day_once_and_after_it_every_third_day_with_the_heads(self, issued, cast):
        with self.on(issued, -4):
            assert remind_due(timesource.today()) == 0
        with self.on(issued, -3):
            assert [jobs.remind() for _ in range(3)] == [2, 0, 0]
        assert self.told("drives.due") == {
            str(one.person.pk): 1 for one in (cast.handler, cast.liaison, cast.sector_handler)
        }
        with self.on(issued, 0):
            assert remind_due(timesource.today()) == 0
        for day, many in ((1, 2), (2, 0), (4, 2)):
            with self.on(issued, day):
                assert remind_due(timesource.today()) == many
        assert self.told("drives.late") == {
            str(one.person.pk): 2
            for one in (cast.handler, cast.liaison, cast.principal, cast.deputy, cast.sector_handler)
        }

    def test_who_has_answered_is_left_alone(self, issued, cast):
        answered(issued, cast)
        assert line_of(issued, cast.water).next_reminder is None
        with self.on(issued, 1):
            assert remind_due(timesource.today()) == 1
            actions.excuse_line(line_of(issued, cast.ecology), reason="重组中", actor=cast.coordinator.actor)
        with self.on(issued, 30):
            assert remind_due(timesource.today()) == 0

    def test_a_head_is_told_of_a_nil_return_to_sign_unless_he_wrote_it(self, issued, cast):
        actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
        actions.prepare_nil_return(line_of(issued, cast.water), statement="无。", actor=cast.deputy.actor)
        assert set(self.told("drives.to_sign")) == {str(cast.principal.person.pk)}

    def test_looking_at_the_page_is_reading_the_message(self, issued, cast, client_as, uncollected_static):
        page = reverse("drives:line", args=[line_of(issued, cast.water).pk])
        assert client_as(cast.handler).get(page).status_code == 200
        unread = Message.objects.filter(read_at=None).values_list("to_person", flat=True)
        assert set(unread) == {cast.liaison.person.pk, cast.sector_handler.person.pk}

    def test_the_office_presses_when_it_wants_to(self, issued, cast, client_as, uncollected_static):
        address = reverse("drives:remind", args=[issued.pk])
        assert client_as(cast.handler).post(address).status_code == 404
        client = client_as(cast.coordinator)
        assert client.delete(address).status_code == 405
        assert address in client.get(reverse("drives:drive", args=[issued.pk])).content.decode()
        assert client.post(address).status_code == 302
        assert len(self.told("drives.due")) == 3
        for unit in (cast.water, cast.ecology):
            actions.excuse_line(line_of(issued, unit), reason="重组中", actor=cast.coordinator.actor)
        assert client.post(address).status_code == 422
        assert address not in client.get(reverse("drives:drive", args=[issued.pk])).content.decode()

    def test_a_draft_reminds_nobody(self, drive, cast):
        assert remind_due(drive.due_on) == 0
        with pytest.raises(Refused, match="待下发"):
            actions.remind_units(drive, actor=cast.coordinator.actor)
        with pytest.raises((NotVisible, NotAllowed)):
            actions.remind_units(drive, actor=cast.handler.actor)

    @pytest.mark.parametrize("wrong", [{"remind_before": 31}, {"remind_every": 0}, {"remind_before": -1}])
    def test_reminders_are_neither_months_ahead_nor_all_day(self, lists, cast, wrong):
        with pytest.raises(Refused, match="提醒的天数"):
            draft_of(cast, **wrong)
