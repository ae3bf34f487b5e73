"""A number that stands for a problem kept offline: counted, sorted, and without a word of what it is about."""

from __future__ import annotations

import pytest

from bihuan.journal.action import NotAllowed, Refused
from bihuan.ledger import actions
from bihuan.ledger.models import Problem, Readership, Source
from bihuan.ledger.sight import can_see
from tests.ledger.conftest import SORTED, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def place(ledger, offline_no="XX-2026-003", **more):
    facts = {"source": Source.objects.get(code="self_inspection"), "sector": ledger.sector(), **SORTED}
    return actions.register_placeholder(
        jurisdiction=ledger.cast.city,
        offline_no=offline_no,
        **(facts | more),
        actor=ledger.cast.coordinator.actor,
    )


def test_it_takes_the_next_number_and_holds_no_content(ledger):
    before = ledger.register()
    made = place(ledger, lead_unit=ledger.cast.water)
    assert int(made.problem_no[-4:]) == int(before.problem_no[-4:]) + 1
    assert (made.placeholder, made.readership) == (True, Readership.WORK_SECRET)
    assert made.title == "线下问题（XX-2026-003）"
    assert made.basis == made.concerned_party == made.site == ""


def test_only_those_directly_involved_know_of_it(ledger):
    made = place(ledger)
    seen = {name for name, player in ledger.cast.players.items() if can_see(player.actor, made)}
    assert "coordinator" in seen
    assert seen.isdisjoint({"handler", "county_handler", "outsider", "log_auditor"})


@pytest.mark.parametrize(
    "offline_no", ["", "关于某项目的问题", "XX 2026", "XX-2026-003：审批", "X" * 31, "机密-01"]
)
def test_the_offline_number_is_a_number(ledger, offline_no):
    with pytest.raises(Refused, match="不能写内容"):
        place(ledger, offline_no)
    assert not Problem.objects.exists()


def test_words_cannot_be_added_later_but_it_can_be_sorted_anew(ledger):
    made = place(ledger)
    actor = ledger.cast.coordinator.actor
    with pytest.raises(Refused, match="不能写进系统"):
        actions.edit_facts(made, changes={"text": "写一点"}, actor=actor)
    actions.edit_facts(made, changes={"urgency": "critical"} | {"impact": "citywide"}, actor=actor)
    found = Problem.objects.get(pk=made.pk)
    assert (found.urgency, found.text) == ("critical", made.text)


def test_only_the_office_registers_it(ledger, client_as):
    for player, statuses in (("handler", [403, 403]), ("outsider", [403, 403])):
        client = client_as(getattr(ledger.cast, player))
        address = at("register_placeholder")
        assert [client.get(address).status_code, client.post(address, sent(ledger)).status_code] == statuses
    with pytest.raises(NotAllowed):
        actions.register_placeholder(
            jurisdiction=ledger.cast.city,
            source=Source.objects.first(),
            sector=ledger.sector(),
            offline_no="A1",
            **SORTED,
            actor=ledger.cast.handler.actor,
        )


def sent(ledger):
    source = Source.objects.get(code="self_inspection")
    return {"offline_no": "XX-2026-004", "source": source.pk, "sector": ledger.sector().pk, **SORTED}


def test_through_its_page(ledger, client_as):
    client = client_as(ledger.cast.coordinator)
    assert client.get(at("register_placeholder")).status_code == 200
    assert client.post(at("register_placeholder"), sent(ledger) | {"offline_no": "内容"}).status_code == 422
    response = client.post(at("register_placeholder"), sent(ledger))
    made = Problem.objects.get(placeholder=True)
    page = client.get(response["Location"]).content.decode()
    assert made.problem_no in page
    assert "线下问题占位" in page
