from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.ledger.models import Problem
from bihuan.rectification import actions as do
from bihuan.rectification.models import AssignmentOrder, Objection, Plan
from bihuan.rectification.offers import offers_for
from bihuan.rectification.views.steps import STEPS
from tests.rectification.conftest import PASSED, fresh, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def found_static_files(settings):
    """Static files come from the finders here, not from a folder that deployment collects."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def address(name, problem):
    return reverse(f"rectification:{name}", args=[problem.pk])


def offered(player, problem):
    return {
        offer.verb.value.partition(".")[2] for offer in offers_for(player.actor, problem) if not offer.why_not
    }


def test_the_lead_unit_acknowledges_all_its_items_in_one_form(story, client_as):
    problems = story.assigned(3)
    page = reverse("rectification:acknowledge") + "?scope=all"
    client = client_as(story.cast.liaison)
    assert client.get(page).status_code == 200
    answer = client.post(page, {"handler": str(story.cast.handler.post.pk)})
    assert answer.status_code == 302
    assert {problem.state for problem in fresh(problems)} == {"planning"}


def test_all_means_all_that_were_shown(story, client_as, monkeypatch):
    """However many that is; what was assigned after the page was read waits for the next look."""
    monkeypatch.setattr("bihuan.rectification.views.serving.MOST_PICKED", 1)
    shown = story.assigned(3)
    page = reverse("rectification:acknowledge") + "?scope=all"
    client = client_as(story.cast.liaison)
    seen = client.get(page).context["form"].initial["seen"]
    (later,) = story.assigned()
    sent = {"seen": seen, "idempotency_key": "once"}
    assert client.post(page, sent).status_code == 302
    assert {problem.state for problem in fresh(shown)} == {"planning"}
    assert fresh([later])[0].state == "assigned"
    assert client.post(page, sent).status_code == 302, "the same form sent twice is done once"


def test_what_was_shown_to_one_unit_is_not_taken_by_another(story, client_as):
    story.assigned(2)
    page = reverse("rectification:acknowledge") + "?scope=all"
    seen = client_as(story.cast.liaison).get(page).context["form"].initial["seen"]
    assert client_as(story.cast.subordinate).post(page, {"seen": seen}).status_code in {403, 404}
    assert set(Problem.objects.values_list("state", flat=True)) == {"assigned"}


def test_acknowledging_many_takes_no_more_statements_than_a_few(story):
    def statements(problems):
        with CaptureQueriesContext(connection) as caught:
            do.acknowledge(problems, handler=story.cast.handler.post, actor=story.cast.liaison.actor)
        return len(caught)

    assert statements(fresh(story.assigned(6))) == statements(fresh(story.assigned(2)))


def test_a_plan_is_written_in_a_table_with_parts(story, client_as):
    (problem,) = story.assigned(source="hotline_12345")
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    client = client_as(story.cast.handler)
    page = address("submit_plan", problem)
    assert client.get(page).status_code == 200
    row = {
        "unit": str(story.cast.water.pk),
        "deadline": str(problem.internal_deadline),
        "deliverable": "竣工资料",
        "post": "",
        "continues": "",
    }
    rows = [
        {"depth": "1", "text": "更换管网"},
        {"depth": "2", "text": "更换北城管网"},
        {"depth": "1", "text": ""},
    ]
    data = {"goal": "漏损率降到百分之十"}
    for place, one in enumerate(rows):
        data |= {f"row{place}-{name}": value for name, value in (row | one).items()}
    assert client.post(page, data | {"more": "1"}).status_code == 422
    assert not Plan.objects.exists()
    answer = client.post(page, data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    plan = Plan.objects.get()
    assert [measure.number for measure in plan.measures.order_by("number")] == ["1", "1.1"]


def test_a_refused_plan_keeps_every_typed_word(story, client_as):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    data = {
        "goal": "漏损率降到百分之十",
        "row0-depth": "1",
        "row0-text": "更换管网十二公里",
        "row0-unit": str(story.cast.water.pk),
        "row0-post": "",
        "row0-deadline": "2027-12-31",
        "row0-deliverable": "竣工资料",
        "row0-continues": "",
    }
    answer = client_as(story.cast.handler).post(address("submit_plan", problem), data)
    assert answer.status_code == 422
    assert "更换管网十二公里" in answer.content.decode()
    assert "期限晚于问题的整改期限" in answer.content.decode()


def test_no_form_is_shown_to_an_outsider(story, client_as):
    problem = story.rectifying()
    client = client_as(story.cast.outsider)
    names = [verb.value.partition(".")[2] for verb in STEPS]
    assert {name: client.get(address(name, problem)).status_code for name in names} == dict.fromkeys(
        names, 404
    )


def test_an_insider_without_the_capacity_gets_403(story, client_as):
    problem = story.rectifying()
    client = client_as(story.cast.handler)
    names = ["accept", "end_notice", "resume", "return_closure"]
    assert {name: client.get(address(name, problem)).status_code for name in names} == dict.fromkeys(
        names, 403
    )


def test_every_form_opens_for_whoever_may_use_it(story, client_as):
    problem = story.rectifying()
    client = client_as(story.cast.handler)
    opened = [offer.url for offer in offers_for(story.cast.handler.actor, problem) if not offer.why_not]
    assert {url: client.get(url).status_code for url in opened} == dict.fromkeys(opened, 200)


def test_an_order_is_drafted_submitted_and_shown(story, client_as):
    problems = story.proposed(2)
    client = client_as(story.cast.coordinator)
    page = reverse("rectification:draft_order") + "?" + "&".join(f"pick={problem.pk}" for problem in problems)
    assert client.get(page).status_code == 200
    assert client.post(page, {"title": "交办单", "requirement": "按期整改"}).status_code == 302
    order = AssignmentOrder.objects.get()
    shown = client.get(reverse("rectification:order", args=[order.pk])).content.decode()
    assert all(problem.problem_no in shown for problem in problems)
    assert client.post(reverse("rectification:submit_order", args=[order.pk]), {}).status_code == 302
    order.refresh_from_db()
    assert order.state == "pending"
    assert client.get(reverse("rectification:orders")).status_code == 200


def test_a_row_of_a_draft_is_changed_in_its_form(story, client_as):
    problems = story.proposed(2)
    order = do.draft_order(problems, title="交办单", actor=story.cast.coordinator.actor)
    item = order.items.first()
    page = reverse("rectification:edit_item", args=[order.pk, item.pk])
    client = client_as(story.cast.coordinator)
    assert client.get(page).status_code == 200
    answer = client.post(
        page,
        {
            "lead_unit": str(story.cast.ecology.pk),
            "supporting_units": [str(story.cast.water.pk)],
            "external_deadline": "2026-06-30",
            "internal_deadline": "2026-06-01",
            "requirement": "逐一核查",
        },
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.lead_unit_id, item.supporting_units) == (
        story.cast.ecology.pk,
        [{"unit": str(story.cast.water.pk), "share": None}],
    )


def test_the_word_draft_holds_the_table(story, client_as):
    from io import BytesIO

    from docx import Document

    problems = story.proposed(2)
    order = do.draft_order(problems, title="交办单", actor=story.cast.coordinator.actor)
    answer = client_as(story.cast.coordinator).get(reverse("papers:order_word", args=[order.pk]))
    tables = Document(BytesIO(answer.content)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert all(problem.problem_no in cells for problem in problems)


def test_an_order_is_hidden_from_whoever_sees_none_of_its_problems(story, client_as):
    order = do.draft_order(story.proposed(), title="交办单", actor=story.cast.coordinator.actor)
    client = client_as(story.cast.outsider)
    assert client.get(reverse("rectification:order", args=[order.pk])).status_code == 404
    assert order.order_no not in client.get(reverse("rectification:orders")).content.decode()


def test_offers_name_what_the_lead_unit_may_do(story):
    problem = story.rectifying()
    assert {"report_progress", "hand_down", "add_evidence", "ask_extension"} <= offered(
        story.cast.handler, problem
    )
    assert "accept" not in offered(story.cast.handler, problem)


def test_the_offer_to_accept_says_why_a_worker_may_not(story):
    problem = story.accepting()
    assert {"accept", "return_acceptance"} <= offered(story.cast.acceptor, problem)
    refused = {offer.verb: offer.why_not for offer in offers_for(story.cast.handler.actor, problem)}
    assert "独立验收方" in str(refused["rectification.accept"])


def test_every_offer_of_a_whole_life_opens_its_form(story, client_as):
    clients = {}
    for problem in (
        *story.proposed(),
        *story.assigned(),
        story.rectifying(),
        story.accepting(),
        story.noticed(),
    ):
        for name in ("coordinator", "liaison", "acceptor"):
            player = getattr(story.cast, name)
            client = clients.setdefault(name, client_as(player))
            urls = [offer.url for offer in offers_for(player.actor, problem) if not offer.why_not]
            assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_an_objection_is_settled_in_its_form(story, client_as):
    problem = story.noticed()
    client = client_as(story.cast.coordinator)
    heard = {"received_on": str(story.clock.today), "text": "北城仍在漏水", "who": ""}
    assert "object" not in offered(story.cast.coordinator, problem)
    assert client.post(address("hear_objection", problem), heard).status_code == 302
    assert "object" in offered(story.cast.coordinator, problem)
    objection = Objection.objects.get()
    settled = {"objection": str(objection.pk), "upheld": "yes", "finding": "现场属实"}
    assert client.post(address("object", problem), settled).status_code == 302
    assert fresh([problem])[0].state == "rectifying"


def test_a_proof_is_cited_further_in_its_form(story, client_as):
    problem = story.rectifying()
    evidence = story.prove(problem)
    (measure,) = story.measures(problem)
    client = client_as(story.cast.handler)
    assert client.get(address("cite_evidence", problem)).status_code == 200
    sent = {"evidence": str(evidence.pk), "measures": [str(measure.pk)]}
    assert client.post(address("cite_evidence", problem), sent).status_code == 302
    assert evidence.uses.get().measure == measure


def test_a_file_is_handed_in_through_its_form(story, client_as):
    problem = story.rectifying()
    sent = {"upload": upload("竣工资料"), "kind": "document", "caption": "竣工资料", "taken_on": ""}
    assert client_as(story.cast.handler).post(address("add_evidence", problem), sent).status_code == 302
    assert problem.evidence.get().author == story.cast.handler.person.pk


def test_the_verdict_is_given_gate_by_gate(story, client_as):
    problem = story.accepting()
    client = client_as(story.cast.acceptor)
    sent = {"opinion": "到位", "on_site": "on"} | {f"gate_{name}": "passed" for name in PASSED}
    assert client.post(address("accept", problem), sent | {"gate_tasks": ""}).status_code == 422
    assert client.post(address("accept", problem), sent).status_code == 302
    assert fresh([problem])[0].state == "noticed"


def test_somebody_elses_change_is_shown_before_it_is_overwritten(story, client_as):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    client = client_as(story.cast.handler)
    page = client.get(address("report_progress", problem)).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    story.report(problem, measure=measure, percent=10, by=story.cast.principal, next_step="先完成北城片区")
    sent = {
        "measure": str(measure.pk),
        "on": str(story.clock.today),
        "percent": "40",
        "facts": "已完成四成",
        "seen": seen,
    }
    answer = client.post(address("report_progress", problem), sent)
    assert answer.status_code == 409
    assert "已完成四成" in answer.content.decode()
    assert fresh([problem])[0].progress == 10


def test_nothing_is_offered_to_an_outsider(story):
    assert offers_for(story.cast.outsider.actor, story.accepting()) == []


def test_whoever_decides_on_an_order_reads_all_of_it_and_decides_there(story, client_as):
    (problem,) = story.proposed()
    order = story.order([problem])
    step = order.approval.steps.get(state="pending")
    by_post = {player.post.pk: player for player in story.cast.players.values()}
    client = client_as(by_post[step.post_id])
    detail = reverse("approvals:detail", args=[order.approval_id])
    page = reverse("rectification:order", args=[order.pk])
    assert detail in client.get(reverse("desk:home")).content.decode()
    shown = client.get(detail).content.decode()
    assert f'hx-get="{page}"' in shown
    decide = reverse("approvals:decide", args=[order.approval_id])
    assert f'<form method="post" action="{decide}"' in shown
    matter = client.get(page).content.decode().partition('id="matter"')[2]
    for words in (problem.problem_no, problem.title, "由市水务局牵头整改。", "林晓", "交办单 Word 稿"):
        assert words in matter, words
    sent = client.post(decide, {"opinion": "请抓紧。", "idempotency_key": "d"})
    assert sent.status_code == 302
    step.refresh_from_db()
    assert step.opinion == "请抓紧。"
    assert decide not in client_as(story.cast.coordinator).get(detail).content.decode()
