from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import translation

from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.reactions import _reactions
from bihuan.policies import actions
from bihuan.policies.catalogue import KINDS
from bihuan.policies.checking import checked_body
from bihuan.policies.models import Policy
from bihuan.policies.outcomes import REAPPLIED, reapplied
from bihuan.policies.queries import book_of, policy_for

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
TODAY = NOON.date()
TERM = {"unit": "working_days", "count": 20, "starts_on": "acknowledged", "rolls_over": True}


@pytest.fixture(autouse=True)
def moment():
    with timesource.at(NOON):
        yield


@pytest.fixture
def seeded(cast):
    return actions.seed_policies(jurisdiction=cast.city, valid_from=dt.date(2025, 1, 1), actor=cast.system)


def enact(cast, body=None, **changes):
    facts = {
        "code": "deadline.plan",
        "jurisdiction": cast.city,
        "body": TERM if body is None else body,
        "reason": "试行",
        "actor": cast.coordinator.actor,
    } | changes
    return actions.enact(**facts)


def plan_policy(cast, place=None, on=TODAY, **case):
    return policy_for("deadline.plan", jurisdiction=place or cast.city, on=on, **case)


def test_every_kind_starts_with_a_body_of_its_own_shape(cast, seeded):
    assert {policy.code for policy in seeded} == set(KINDS)
    assert all(checked_body(policy.code, policy.body) == policy.body for policy in seeded)


def test_seeding_again_adds_nothing(cast, seeded):
    assert actions.seed_policies(jurisdiction=cast.city, actor=cast.system) == []


def test_a_unit_without_an_office_is_not_given_rules(cast):
    with pytest.raises(Refused, match="沿用上级"):
        actions.seed_policies(jurisdiction=cast.water, actor=cast.system)


def test_any_unit_below_inherits(cast, seeded):
    assert plan_policy(cast, cast.station).jurisdiction_id == cast.city.pk


def test_the_starting_rules_differ_by_scope(cast, seeded):
    counts = [
        plan_policy(cast, **case).body["count"]
        for case in ({}, {"grade": "minor"}, {"source": "environmental_inspection", "grade": "minor"})
    ]
    # Source and grade are named once each: the source weighs more.
    assert counts == [30, 15, 45]


def test_where_there_is_no_rule_the_refusal_names_it(cast):
    with pytest.raises(Refused, match="方案时限"):
        plan_policy(cast)


def test_a_new_version_holds_from_its_day_and_the_old_one_stands_as_it_was(cast, seeded):
    old = plan_policy(cast)
    new = enact(cast, valid_from=TODAY + dt.timedelta(days=10))
    assert (new.version, plan_policy(cast).pk) == (2, old.pk)
    assert plan_policy(cast, on=TODAY + dt.timedelta(days=10)).pk == new.pk
    assert JournalEvent.objects.filter(stream=old.pk).count() == 1


def test_a_county_with_an_office_overrides(cast, seeded):
    own = enact(cast, jurisdiction=cast.other_county, actor=cast.system)
    assert plan_policy(cast, cast.other_housing).pk == own.pk
    assert plan_policy(cast, cast.county_water).pk != own.pk


def test_a_new_version_does_not_reach_into_the_past(cast, seeded):
    with pytest.raises(Refused, match="过去"):
        enact(cast, valid_from=TODAY - dt.timedelta(days=1))


def test_a_validity_that_ends_before_it_begins_is_refused(cast, seeded):
    with pytest.raises(Refused, match="失效日期"):
        enact(cast, valid_until=TODAY - dt.timedelta(days=1))


def test_who_does_not_work_for_the_office_makes_no_rules(cast, seeded):
    with pytest.raises(NotAllowed):
        enact(cast, actor=cast.handler.actor)


def test_an_office_makes_no_rules_for_another_place(cast, seeded):
    with pytest.raises(NotAllowed):
        enact(cast, jurisdiction=cast.other_county)


def test_an_unknown_code_is_refused_with_those_there_are(cast):
    with pytest.raises(Refused, match=r"lights"):
        enact(cast, code="deadlines.plan")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "单位：必填"),
        (TERM | {"count": "20"}, "数量：请填写整数"),
        (TERM | {"count": 2.5}, "数量：请填写整数"),
        (TERM | {"count": -1}, "数量：不小于 0"),
        (TERM | {"unit": "weeks"}, "单位：只能是"),
        (TERM | {"colour": "red"}, "没有这一项"),
        (TERM | {"count": None}, "要填数量和起算事件"),
        (TERM | {"unit": "hours"}, "不顺延"),
        ({"unit": "fixed_date", "fixed_date": "2026-2-31"}, "有效的日期"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_place_by_place(cast, body, words):
    with pytest.raises(Refused, match=words):
        enact(cast, body=body)
    assert not Policy.objects.exists()


def test_every_problem_of_a_body_is_told_at_once(cast):
    with pytest.raises(Refused) as refused:
        enact(cast, body={"unit": "weeks", "count": "x"})
    assert {"unit", "count"} <= set(refused.value.data["problems"])


def test_refusals_speak_no_english_words_of_a_library(cast):
    bad = [{}, {"routes": 1}, {"routes": {"submit_plan": [], "submit_order": [{"name": "x" * 99}]}}]
    for body in bad:
        with pytest.raises(Refused) as refused, translation.override("zh-hans"):
            checked_body("approval_route", body)
        assert "Input should" not in str(refused.value)
        assert "ctx" not in str(refused.value)


def test_lights_in_the_wrong_order_are_refused(cast):
    lights = KINDS["lights"].starts[0].body
    with pytest.raises(Refused, match="蓝灯不晚于黄灯"):
        checked_body("lights", lights | {"blue_days": 1})


def test_a_matrix_with_a_hole_is_refused(cast):
    matrix = dict(KINDS["grade_matrix"].starts[0].body["matrix"])
    del matrix["violation/single/normal"]
    with pytest.raises(Refused, match="violation/single/normal"):
        checked_body("grade_matrix", {"matrix": matrix})


def test_a_withdrawn_version_gives_way_to_the_one_before(cast, seeded):
    new = enact(cast)
    actions.withdraw(
        new, from_day=TODAY + dt.timedelta(days=5), reason="试行期满", actor=cast.coordinator.actor
    )
    assert plan_policy(cast, on=TODAY + dt.timedelta(days=4)).pk == new.pk
    assert plan_policy(cast, on=TODAY + dt.timedelta(days=5)).version == 1


def test_a_version_withdrawn_before_its_day_never_holds(cast, seeded):
    later = TODAY + dt.timedelta(days=30)
    new = enact(cast, valid_from=later)
    actions.withdraw(new, reason="不再需要", actor=cast.coordinator.actor)
    assert plan_policy(cast, on=later).version == 1


def test_withdrawing_needs_a_reason(cast, seeded):
    with pytest.raises(Refused, match="理由"):
        actions.withdraw(seeded[0], reason="", actor=cast.coordinator.actor)


def test_reapplying_names_its_cases_and_is_heard(cast, seeded, monkeypatch):
    heard = []
    monkeypatch.setitem(
        _reactions,
        REAPPLIED,
        [("tests.listen", lambda happened: heard.extend(reapplied(happened, "deadline.plan")))],
    )
    policy, cases = plan_policy(cast), [uuid.uuid4(), uuid.uuid4()]
    actions.reapply(policy, cases=cases, reason="统一口径", approval=uuid.uuid4(), actor=cast.system)
    ((heard_policy, heard_cases),) = heard
    assert (heard_policy, set(heard_cases)) == (policy, set(cases))


def test_reapplying_needs_its_cases(cast, seeded):
    with pytest.raises(Refused, match="哪些在办事项"):
        actions.reapply(
            plan_policy(cast), cases=[], reason="统一口径", approval=uuid.uuid4(), actor=cast.system
        )


def test_nobody_reapplies_by_hand(cast, seeded):
    """An approval goes before it: deadlines asks for one and the program carries it out."""
    with pytest.raises(NotAllowed):
        actions.reapply(
            plan_policy(cast),
            cases=[uuid.uuid4()],
            reason="统一口径",
            approval=uuid.uuid4(),
            actor=cast.reviewer.actor,
        )


def test_a_book_answers_many_cases_with_one_query(cast, seeded, django_assert_num_queries):
    with django_assert_num_queries(1):
        book = book_of(["deadline.plan", "lights"], jurisdiction=cast.station, on=TODAY)
        counts = [
            book.choose("deadline.plan", grade=grade).body["count"] for grade in ("minor", "major", "severe")
        ]
    assert counts == [15, 30, 30]
