from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.approvals import actions
from bihuan.approvals.matters import register_matter, register_subject_page
from bihuan.approvals.models import ApprovalState, StepState
from bihuan.journal import timesource
from bihuan.journal.action import anyone_signed_in
from bihuan.messages.queries import unread_count

pytestmark = pytest.mark.django_db
MATTER = "tests.matter"
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def moment():
    register_matter(MATTER, label="试办事项", may_ask=anyone_signed_in)
    register_subject_page("batch", lambda subject: f"/batches/{subject}/")
    with timesource.at(NOON):
        yield


@pytest.fixture
def approval(cast):
    return actions.request_approval(
        matter=MATTER,
        subject_kind="batch",
        subject=uuid.uuid4(),
        title="第一批问题交办",
        route=[("审核", cast.reviewer.post), ("签批", cast.decider.post)],
        actor=cast.coordinator.actor,
    )


def at(approval, name="detail"):
    return reverse(f"approvals:{name}", args=[approval.pk])


def test_the_route_says_where_it_stands(cast, client_as, approval):
    page = client_as(cast.reviewer).get(at(approval)).content.decode()
    assert "第一批问题交办" in page
    assert "整改办审核" in page
    assert f"/batches/{approval.subject}/" in page


def test_an_outsider_finds_nothing(cast, client_as, approval):
    client = client_as(cast.outsider)
    assert [client.get(at(approval, name)).status_code for name in ("detail", "decide", "record_paper")] == [
        404
    ] * 3


def test_the_asker_sees_why_there_is_no_button_to_agree(cast, client_as, approval):
    page = client_as(cast.coordinator).get(at(approval)).content.decode()
    assert at(approval, "decide") not in page
    assert at(approval, "withdraw") in page


def test_the_next_one_is_told_and_looking_is_reading(cast, client_as, approval):
    assert unread_count(cast.reviewer.person.pk) == 1
    client_as(cast.reviewer).get(at(approval))
    assert unread_count(cast.reviewer.person.pk) == 0


def test_agreeing_moves_on_and_says_so(cast, client_as, approval):
    response = client_as(cast.reviewer).post(at(approval, "decide"), {"opinion": "拟同意"}, follow=True)
    assert response.redirect_chain == [(at(approval), 302)]
    assert [step.state for step in approval.steps.all()] == [StepState.DONE, StepState.PENDING]
    assert unread_count(cast.decider.person.pk) == 1


def test_a_second_click_decides_nothing_twice(cast, client_as, approval):
    client, sent = client_as(cast.reviewer), {"opinion": "拟同意", "idempotency_key": "one-click"}
    answers = [client.post(at(approval, "decide"), sent).status_code for _ in range(2)]
    assert (answers, approval.steps.filter(state=StepState.DONE).count()) == ([302, 302], 1)


def test_a_return_without_reason_keeps_the_form(cast, client_as, approval):
    assert client_as(cast.reviewer).post(at(approval, "return"), {"reason": ""}).status_code == 422


def test_another_post_is_refused_in_place(cast, client_as, approval):
    response = client_as(cast.decider).post(at(approval, "decide"), {"opinion": "同意"})
    assert response.status_code == 403
    approval.refresh_from_db()
    assert approval.state == ApprovalState.PENDING


def paper(**changes):
    return {
        "outcome": "approve",
        "decided_by_name": "周正",
        "decided_on": NOON.date().isoformat(),
        "opinion": "同意。",
        "upload": SimpleUploadedFile("签批件.txt", "同意。周正".encode()),
    } | changes


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_paper_decision_is_recorded_and_confirmed_by_two(cast, client_as, approval, folder):
    assert client_as(cast.coordinator).post(at(approval, "record_paper"), paper()).status_code == 302
    step = approval.steps.first()
    assert (step.state, step.signed_copy.subject) == (StepState.TO_CONFIRM, approval.pk)
    pages = [
        client_as(one).get(at(approval)).content.decode() for one in (cast.coordinator, cast.channel_keeper)
    ]
    assert [at(approval, "confirm_paper") in page for page in pages] == [False, True]
    assert client_as(cast.coordinator).post(at(approval, "confirm_paper")).status_code == 403
    assert client_as(cast.channel_keeper).post(at(approval, "confirm_paper")).status_code == 302


def test_the_signed_copy_is_seen_by_who_sees_the_approval(cast, client_as, approval, folder):
    client_as(cast.coordinator).post(at(approval, "record_paper"), paper())
    copy = reverse("files:download", args=[approval.steps.first().signed_copy_id])
    seen = [client_as(player).get(copy) for player in (cast.decider, cast.outsider)]
    seen[0].close()
    assert [response.status_code for response in seen] == [200, 404]


def test_a_program_as_signed_copy_is_refused_and_nothing_stored(cast, client_as, approval, folder):
    bad = paper(upload=SimpleUploadedFile("签批件.pdf", b"MZ\x90\x00\xff\xff\x00\x01"))
    response = client_as(cast.coordinator).post(at(approval, "record_paper"), bad)
    assert (response.status_code, [path for path in folder.rglob("*") if path.is_file()]) == (422, [])


def test_piles_show_what_waits_for_whom(cast, client_as, approval):
    pages = [
        client_as(player).get(reverse("approvals:list")).content.decode()
        for player in (cast.reviewer, cast.coordinator, cast.handler)
    ]
    assert [at(approval) in page for page in pages] == [True, True, False]


def test_the_anonymous_are_led_to_sign_in(client, approval):
    assert client.get(at(approval)).status_code == 302


def test_what_waits_on_a_post_is_handed_over(cast, approval):
    from bihuan.organizations.registry import open_items_of

    assert [(item.kind, item.id) for item in open_items_of(cast.reviewer.post)] == [("approval", approval.pk)]


def test_the_list_costs_the_same_however_long(cast, client_as, approval):
    client = client_as(cast.reviewer)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("approvals:list"))
    for number in range(5):
        actions.request_approval(
            matter=MATTER,
            subject_kind="batch",
            subject=uuid.uuid4(),
            title=f"第{number}批",
            route=[("审核", cast.reviewer.post)],
            actor=cast.coordinator.actor,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("approvals:list"))
    assert len(many) == len(few)
