"""A restricted problem is planted with everything that could betray it, and looked for everywhere by those not named."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bihuan.ledger import actions
from bihuan.ledger.models import Problem, Sector
from tests.ledger.conftest import SECRET, TODAY, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
BATCH_TITLE = "隐名批次"
OTHERS = ("mayor", "coordinator", "reviewer", "handler", "sector_handler", "outsider", "log_auditor")


@pytest.fixture
def planted(ledger):
    """In a channel: a batch, a finding, two problems, a clue. In the open: a finding that raised one of each kind."""
    channel = ledger.channel()
    secret = ledger.batch("YM-2026", title=BATCH_TITLE, channel=channel, source_unit=ledger.cast.audit)
    (finding,) = ledger.findings(secret, f"{SECRET}之一。")
    hidden = ledger.restricted(channel, batch=secret, findings=[finding])
    open_batch = ledger.batch()
    (both,) = ledger.findings(open_batch, "供水管网漏损严重。")
    shown = ledger.register("管网漏损", batch=open_batch, findings=[both])
    beside = ledger.restricted(channel, batch=open_batch, findings=[both])
    ledger.clue(f"{SECRET}，反映某某。")
    return {
        "channel": channel, "secret": secret, "finding": finding, "hidden": hidden, "beside": beside,
        "open_batch": open_batch, "both": both, "shown": shown,
    }  # fmt: skip


def marks_of(planted):
    """Every word, number and id that must not be said."""
    restricted = [planted[name] for name in ("channel", "secret", "finding", "hidden", "beside")]
    numbers = [planted["hidden"].problem_no, planted["beside"].problem_no]
    return [SECRET, BATCH_TITLE, "YM-2026", "专线一", *numbers, *(str(one.pk) for one in restricted)]


def pages_for(planted):
    """Where somebody would look: lists, searches, totals, journal, the new pages, the interface of programs."""
    ledger, query = reverse("desk:ledger"), f"?q={SECRET}"
    return [
        reverse("desk:home"), ledger, ledger + query, f"{ledger}?batch=YM-2026", f"{ledger}?batch=DC-2026",
        reverse("desk:problem", args=[planted["shown"].pk]),
        at("findings"), f"{at('findings')}?show=open", f"{at('findings')}?batch=YM-2026",
        at("finding", planted["both"].pk), at("batch", planted["open_batch"].pk),
        at("lists"), f"{at('lists')}?list=source", f"{at('lists')}?list=nature",
        at("entry", "sector", Sector.objects.get(code="risk.ecology.water").pk),
        at("register"), reverse("intake:list"), reverse("lookback:list"), reverse("rectification:orders"),
        reverse("messages:list"), reverse("approvals:list"), reverse("organizations:units"), reverse("organizations:journal"),
        "/api/problems", f"/api/problems{query}",
    ]  # fmt: skip


@pytest.mark.parametrize("player", OTHERS)
def test_nothing_betrays_it(ledger, client_as, planted, player):
    client = client_as(getattr(ledger.cast, player))
    marks = marks_of(planted)
    for address in pages_for(planted):
        response = client.get(address)
        said = response.content.decode()
        searched = said.replace(f'value="{SECRET}"', "").replace(f"q={SECRET}", "")
        found = [mark for mark in marks if mark in searched and mark not in address]
        assert not found, (address, found)


@pytest.mark.parametrize("player", OTHERS)
def test_its_own_addresses_answer_like_ones_that_never_were(ledger, client_as, planted, player):
    client = client_as(getattr(ledger.cast, player))
    missing = "01234567-89ab-7def-8123-456789abcdef"
    for name, pk in (
        ("desk:problem", planted["hidden"].pk),
        ("ledger:finding", planted["finding"].pk),
        ("ledger:batch", planted["secret"].pk),
        ("ledger:export_answers", planted["secret"].pk),
        ("ledger:channel", planted["channel"].pk),
        ("ledger:answer_finding", planted["finding"].pk),
        ("ledger:draft_answer", planted["finding"].pk),
        ("ledger:request_ending", planted["hidden"].pk),
        ("ledger:edit_facts", planted["hidden"].pk),
        ("intake:batch", planted["secret"].pk),
    ):
        asked, never = (client.get(reverse(name, args=[one])) for one in (pk, missing))
        assert (asked.status_code, never.status_code) == (404, 404), name
        assert len(asked.content) == len(never.content), name


def test_totals_count_what_one_sees(ledger, client_as, planted):
    client = client_as(ledger.cast.coordinator)
    figures = {
        one["label"]: one["value"]
        for one in client.get(at("batch", planted["open_batch"].pk)).context["figures"]
    }
    assert (figures["问题"], figures["在办"], figures["反馈问题"]) == (1, 1, 1)
    lists = client.get(at("lists")).context["table"]["rows"]
    water = next(row for row in lists if row["cells"][2] == "risk.ecology.water")
    assert water["cells"][-1] == 1
    row = client.get(at("findings")).context["table"]["rows"][0]
    assert row["cells"][3] == "0 / 1"


def test_a_member_counts_all_of_it(ledger, client_as, planted):
    keeper, coordinator = ledger.cast.channel_keeper, ledger.cast.coordinator
    actions.admit(planted["channel"], post=coordinator.post, actor=keeper.actor)
    page = client_as(coordinator).get(at("batch", planted["open_batch"].pk))
    assert {one["label"]: one["value"] for one in page.context["figures"]}["问题"] == 2
    assert (
        planted["beside"].problem_no
        in client_as(coordinator).get(at("finding", planted["both"].pk)).content.decode()
    )


def sheet(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return "\n".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)


def test_exports_hold_what_one_sees(ledger, client_as, planted):
    client = client_as(ledger.cast.coordinator)
    for address in (reverse("desk:export"), at("export_answers", planted["open_batch"].pk)):
        said = sheet(client.get(address))
        assert planted["shown"].problem_no in said
        assert [mark for mark in marks_of(planted) if mark in said] == []


def test_an_answer_is_neither_held_up_nor_worded_by_it(ledger, client_as, planted):
    ledger.walk(planted["shown"], "closed")
    client = client_as(ledger.cast.coordinator)
    form = client.get(at("answer_finding", planted["both"].pk)).context["form"]
    assert "管网漏损" in form.initial["answer"]
    assert SECRET not in form.initial["answer"]
    sent = {"answer": "已改。", "document_no": ""}
    assert client.post(at("answer_finding", planted["both"].pk), sent).status_code == 302


def test_the_interface_of_programs_does_not_know_it(ledger, client_as, planted):
    client = client_as(ledger.cast.coordinator)
    calls = {
        "ledger.edit_facts": {"problem": str(planted["hidden"].pk), "changes": {"site": "某处"}},
        "ledger.answer_finding": {"finding": str(planted["finding"].pk), "answer": "已改", "document_no": ""},
        "ledger.admit": {"channel": str(planted["channel"].pk), "post": str(ledger.cast.coordinator.post.pk)},
        "ledger.dismiss": {
            "channel": str(planted["channel"].pk), "post": str(ledger.cast.channel_keeper.post.pk), "reason": "无",
        },
        "ledger.request_ending": {
            "problem": str(planted["shown"].pk), "verb": "ledger.merge", "reason": "同一事", "document_no": "1",
            "approver": str(ledger.cast.reviewer.post.pk), "into": str(planted["hidden"].pk),
        },
    }  # fmt: skip
    for verb, sent in calls.items():
        response = client.post(f"/api/actions/{verb}", json.dumps(sent), content_type="application/json")
        assert response.status_code == 404, (verb, response.content)
        assert [mark for mark in marks_of(planted) if mark in response.content.decode()] == []


def test_numbers_in_the_open_have_no_gap_where_it_stands(ledger, planted):
    following = ledger.register("又一件")
    assert int(following.problem_no[-4:]) == int(planted["shown"].problem_no[-4:]) + 1
    assert Problem.objects.filter(channel=None).count() == 2


def test_a_deadline_of_its_own_shows_in_no_slice(ledger, client_as, planted):
    due = TODAY + dt.timedelta(days=3)
    ledger.restricted(planted["channel"], external_deadline=due)
    page = client_as(ledger.cast.coordinator).get(f"{reverse('desk:ledger')}?due_before={due.isoformat()}")
    assert page.context["table"].rows == []
