"""What a call may ask for is the office's policy: its numbers are proposed, its limits hold, its version is quoted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.drives.models import Drive, DrivePlan
from bihuan.drives.terms import POLICY, days_under, reminders_under
from bihuan.journal.action import Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.timesource import today
from bihuan.policies.actions import enact
from bihuan.policies.models import Policy
from tests.drives.calls import draft_of
from tests.drives.test_planning import plan_of

OURS = {
    "days_to_answer": 7,
    "longest_to_answer": 15,
    "remind_before": 1,
    "remind_every": 2,
    "longest_reminder": 5,
}
numbers = st.integers(0, 400)


@given(st.none() | numbers, st.none() | numbers, st.none() | numbers)
def test_what_is_allowed_lies_within_the_policy_and_what_is_left_open_is_what_it_proposes(
    days, before, every
):
    try:
        found = (days_under(OURS, days), *reminders_under(OURS, before, every))
    except Refused:
        assert (
            days not in (None, *range(1, 16))
            or before not in (None, *range(6))
            or every not in (None, *range(1, 6))
        )
    else:
        assert found == tuple(
            proposed if asked is None else asked
            for asked, proposed in zip((days, before, every), (7, 1, 2), strict=True)
        )


@pytest.fixture
def ours(lists, cast) -> Policy:
    return enact(code=POLICY, jurisdiction=cast.city, body=OURS, actor=cast.coordinator.actor)


def quoted(stream) -> list[tuple[str, int]]:
    bodies = JournalEvent.objects.filter(stream=stream.pk, verb__startswith="drives.prepare").values_list(
        "body", flat=True
    )
    return [(one["code"], one["version"]) for body in bodies for one in body["policies"]]


@pytest.mark.django_db
def test_a_call_gets_what_the_version_in_force_says_and_names_it(ours, cast):
    drive = draft_of(cast)
    assert (drive.remind_before, drive.remind_every) == (1, 2)
    assert quoted(drive) == [(POLICY, ours.version)]
    assert draft_of(cast, code="ZC-2", remind_before=5).remind_before == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"remind_before": 6}, {"remind_every": 6}, {"due_on": today() + dt.timedelta(days=16)}]
)
def test_a_call_beyond_the_policy_is_refused(ours, cast, wrong):
    with pytest.raises(Refused):
        draft_of(cast, **wrong)
    assert not Drive.objects.exists()


@pytest.mark.django_db
def test_a_plan_gets_what_the_version_in_force_says_and_keeps_it(ours, cast):
    plan = plan_of(cast, days_to_answer=None)
    assert (plan.days_to_answer, plan.remind_before, plan.remind_every) == (7, 1, 2)
    assert quoted(plan) == [(POLICY, ours.version)]
    with pytest.raises(Refused, match="15"):
        plan_of(cast, code="CT-2", days_to_answer=16)
    enact(
        code=POLICY, jurisdiction=cast.city, body={**OURS, "days_to_answer": 3}, actor=cast.coordinator.actor
    )
    assert DrivePlan.objects.get().days_to_answer == 7


@pytest.mark.django_db
@pytest.mark.usefixtures("uncollected_static")
def test_the_forms_propose_what_the_policy_says_and_no_more(ours, cast, client_as):
    client = client_as(cast.coordinator)
    call = client.get(reverse("drives:new")).context["form"]
    assert call.get_initial_for_field(call.fields["due_on"], "due_on") == today() + dt.timedelta(days=7)
    assert [call.fields[name].initial for name in ("remind_before", "remind_every")] == [1, 2]
    plan = client.get(reverse("drives:plan_new"))
    assert plan.context["form"].fields["days_to_answer"].initial == 7
    assert 'max="15"' in plan.content.decode()
    refused = client.post(reverse("drives:plan_new"), {"days_to_answer": "16", "remind_every": "6"})
    assert {"days_to_answer", "remind_every"} <= set(refused.context["form"].errors)


@pytest.mark.django_db
@pytest.mark.usefixtures("uncollected_static")
def test_a_place_without_the_policy_is_told_what_to_do(cast, client_as):
    answer = client_as(cast.coordinator).get(reverse("drives:new"))
    assert answer.status_code == 422
    assert "管理 → 规则" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"days_to_answer": 16}, {"remind_every": 6}, {"remind_before": -1}])
def test_a_policy_that_contradicts_itself_is_refused(lists, cast, wrong):
    with pytest.raises(Refused):
        enact(code=POLICY, jurisdiction=cast.city, body={**OURS, **wrong}, actor=cast.coordinator.actor)
