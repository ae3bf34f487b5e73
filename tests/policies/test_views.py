from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.journal import timesource
from bihuan.organizations import choices
from bihuan.policies import actions
from bihuan.policies.catalogue import KINDS
from bihuan.policies.checking import checked_body
from bihuan.policies.forms import PolicyForm
from bihuan.policies.models import Policy
from bihuan.policies.wording import changes_between, summary_of

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def moment():
    with timesource.at(NOON):
        yield


@pytest.fixture
def seeded(cast):
    made = actions.seed_policies(jurisdiction=cast.city, valid_from=dt.date(2025, 1, 1), actor=cast.system)
    return {policy.code: policy for policy in reversed(made)}


def at(name, *args):
    return reverse(f"policies:{name}", args=args)


def filled(code, body=None, **changes):
    """What a browser would send back if nothing were touched."""
    kind = KINDS[code]
    form = PolicyForm(kind=kind, body=body or kind.starts[0].body, scope=False)
    initial = {
        name: field.initial() if callable(field.initial) else field.initial
        for name, field in form.fields.items()
    }
    data = {name: value for name, value in initial.items() if value is not None and value is not False}
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in data.items()
    } | changes


@pytest.mark.parametrize("code", list(KINDS))
def test_a_form_sent_back_untouched_changes_nothing(code):
    for start in KINDS[code].starts:
        form = PolicyForm(filled(code, start.body), kind=KINDS[code], body=start.body, scope=False)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["body"] == checked_body(code, start.body)


@pytest.mark.parametrize("code", list(KINDS))
def test_every_rule_has_words_for_a_list(code):
    assert all(summary_of(code, start.body) for start in KINDS[code].starts)


@pytest.mark.parametrize("code", list(KINDS))
def test_every_kind_has_a_page_a_form_and_a_place_in_the_list(cast, client_as, seeded, code):
    client = client_as(cast.coordinator)
    pages = [at("detail", seeded[code].pk), at("revise", seeded[code].pk), at("create", code), at("list")]
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert all(str(KINDS[code].label) in answer.content.decode() for answer in answers)


def test_a_new_version_is_made_from_the_old_one(cast, client_as, seeded):
    old = seeded["deadline.plan"]
    sent = filled("deadline.plan", old.body, count=20, reason="提速")
    response = client_as(cast.coordinator).post(at("revise", old.pk), sent)
    new = Policy.objects.get(code="deadline.plan", version=2)
    assert response["Location"] == at("detail", new.pk)
    assert (new.body["count"], new.grade, new.source) == (20, old.grade, old.source)


def test_a_rule_for_a_scope_of_its_own(cast, client_as, seeded, monkeypatch):
    monkeypatch.setitem(choices._listings, "source", lambda: [("audit", "审计")])
    sent = filled("deadline.plan", count=10, source="audit", grade="severe")
    client_as(cast.coordinator).post(at("create", "deadline.plan"), sent)
    assert Policy.objects.get(source="audit", grade="severe").body["count"] == 10


def test_an_objection_stands_beside_its_field(cast, client_as, seeded):
    old = seeded["approval_route"]
    sent = filled("approval_route", old.body, routes__submit_plan="审核：门卫")
    response = client_as(cast.coordinator).post(at("revise", old.pk), sent)
    assert (response.status_code, Policy.objects.filter(code="approval_route", version=2).count()) == (422, 0)
    assert "routes__submit_plan" in response.context["form"].errors
    assert "审核：门卫" in response.content.decode()


def test_steps_are_written_as_people_say_them(cast, client_as, seeded):
    old = seeded["approval_route"]
    sent = filled("approval_route", old.body, routes__submit_plan="审核：整改办审核岗\n签批: 领导小组组长\n")
    client_as(cast.coordinator).post(at("revise", old.pk), sent)
    assert Policy.objects.get(code="approval_route", version=2).body["routes"]["submit_plan"] == [
        {"name": "审核", "decider": "reviewer"},
        {"name": "签批", "decider": "leading_group"},
    ]


def test_a_cell_of_the_matrix_is_changed_and_the_change_is_told(cast, client_as, seeded):
    old = seeded["grade_matrix"]
    client = client_as(cast.coordinator)
    sent = filled("grade_matrix", old.body, matrix__violation__single__normal="severe")
    client.post(at("revise", old.pk), sent)
    new = Policy.objects.get(code="grade_matrix", version=2)
    assert changes_between("grade_matrix", old.body, new.body) == [
        ("违纪违法违规 · 个案 · 一般", "一般", "重大")
    ]
    assert "违纪违法违规 · 个案 · 一般" in client.get(at("compare", new.pk, old.pk)).content.decode()


def test_versions_of_two_rules_are_not_compared(cast, client_as, seeded):
    pair = (seeded["lights"].pk, seeded["notice"].pk)
    assert client_as(cast.coordinator).get(at("compare", *pair)).status_code == 404


def test_a_version_is_withdrawn_from_its_page(cast, client_as, seeded):
    policy = seeded["notice"]
    sent = {"from_day": TODAY.isoformat(), "reason": "合并到新规则"}
    assert client_as(cast.reviewer).post(at("withdraw", policy.pk), sent).status_code == 302
    policy.refresh_from_db()
    assert policy.valid_until == TODAY - dt.timedelta(days=1)


def test_whoever_works_here_may_read_and_not_make(cast, client_as, seeded):
    client = client_as(cast.handler)
    policy = seeded["lights"]
    assert client.get(at("detail", policy.pk)).status_code == 200
    page = client.get(at("list")).content.decode()
    assert at("choose") not in page
    answers = [client.get(at("revise", policy.pk)), client.post(at("revise", policy.pk), filled("lights"))]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_another_county_inherits_the_citys_rules_and_keeps_its_own_to_itself(cast, client_as, seeded):
    own = actions.enact(
        code="notice",
        jurisdiction=cast.other_county,
        body={"working_days": 7, "place": "县政府网站"},
        actor=cast.system,
    )
    assert client_as(cast.outsider).get(at("detail", own.pk)).status_code == 200
    assert client_as(cast.handler).get(at("detail", own.pk)).status_code == 404


def test_an_empty_place_is_given_its_start_from_the_page(cast, client_as):
    client = client_as(cast.coordinator)
    assert at("seed") in client.get(at("list")).content.decode()
    assert client.post(at("seed")).status_code == 302
    assert set(Policy.objects.values_list("code", flat=True)) == set(KINDS)
    assert at("seed") not in client.get(at("list")).content.decode()


def test_a_version_to_come_does_not_hide_the_one_in_force(cast, client_as, seeded):
    later = TODAY + dt.timedelta(days=30)
    actions.enact(
        code="notice",
        jurisdiction=cast.city,
        body={"working_days": 7, "place": "市政府网站"},
        valid_from=later,
        actor=cast.coordinator.actor,
    )
    page = client_as(cast.coordinator).get(f"{at('list')}?code=notice").content.decode()
    assert at("detail", seeded["notice"].pk) in page


def test_rules_are_found_by_a_word_of_theirs(cast, client_as, seeded):
    page = client_as(cast.coordinator).get(at("list"), {"q": "挂牌"}).content.decode()
    listed = Policy.objects.get(code="extension", supervision_level="listed")
    assert at("detail", listed.pk) in page
    assert at("detail", seeded["lights"].pk) not in page


def test_an_unknown_kind_is_not_found(cast, client_as):
    assert client_as(cast.coordinator).get(at("create", "nothing")).status_code == 404


def test_the_anonymous_are_led_to_sign_in(client):
    assert client.get(at("list")).status_code == 302


def test_the_list_costs_the_same_however_many_rules(cast, client_as, seeded):
    client = client_as(cast.coordinator)
    with CaptureQueriesContext(connection) as few:
        client.get(at("list"))
    for source in ("audit", "hotline", "media", "petition"):
        actions.enact(
            code="notice",
            jurisdiction=cast.city,
            source=source,
            body={"working_days": 7, "place": "市政府网站"},
            actor=cast.coordinator.actor,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(at("list"))
    assert len(many) == len(few)
