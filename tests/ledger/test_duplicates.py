"""Which problems a text may repeat, and what is decided about a pair."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import Actor, NotAllowed, NotVisible, Refused, action, system_only
from bihuan.journal.guards import partitions
from bihuan.journal.models import JournalEvent
from bihuan.journal.reactions import Happened
from bihuan.journal.verify.partition import verify_partition
from bihuan.journal.verify.whole import verify_derived
from bihuan.ledger import actions, duplicates
from bihuan.ledger.comparing import comparisons_of, recurrences_of, sought_for, still_holds
from bihuan.ledger.duplicates import Sought, alike
from bihuan.ledger.models import Comparison, FindingLink, Problem
from bihuan.ledger.reactions import take_back_merger
from bihuan.ledger.repeats import Why
from bihuan.text.sameness import signature_of
from tests.ledger.conftest import at
from tests.organizations.cast import THE_SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]

PLANT = "青龙山搅拌站夜间生产噪声大，运输车辆抛洒滴漏，周边居民长期无法休息。"
AGAIN = "搅拌站噪声扰民问题又出现：青龙山那家搅拌站半夜还在生产，居民无法休息，渣土车抛洒。"
OTHER = "供水应急预案未及时修订，应急演练流于形式，从未开展实战演练。"


def like(ledger, problem, actor=None):
    return [
        one.problem.pk for one in alike(sought_for(problem), actor=actor or ledger.cast.coordinator.actor)
    ]


def fresh(problem):
    return Problem.objects.get(pk=problem.pk)


def test_the_same_matter_in_other_words_is_found_with_the_reasons(ledger):
    facts = {"amount": Decimal("120000.00"), "more": {"site": "青龙山", "concerned_party": "鑫磊建材公司"}}
    earlier = ledger.register("青龙山搅拌站扰民", text=PLANT, **facts)
    ledger.register("应急预案", text=OTHER)
    later = ledger.register("青龙山搅拌站夜间噪声", text=AGAIN, **facts)
    (found,) = alike(sought_for(later), actor=ledger.cast.coordinator.actor)
    assert (found.problem, found.why) == (earlier, None)
    assert "搅拌站" in "".join(found.words)
    assert (found.same_place, found.same_party, found.same_amount) == (True, True, True)


def test_closed_problems_are_found_too(ledger):
    closed = ledger.walk(ledger.register("甲", text=PLANT), "closed")
    (found,) = alike(sought_for(ledger.register("甲", text=PLANT)), actor=ledger.cast.coordinator.actor)
    assert (found.problem.pk, found.why, found.percent) == (closed.pk, Why.SAME_WORDS, 100)


def test_what_runs_in_a_channel_and_what_one_does_not_see_is_not_named(ledger):
    hidden = ledger.restricted()
    twin = ledger.register(hidden.title)
    assert like(ledger, twin) == []
    assert like(ledger, twin, ledger.cast.channel_keeper.actor) == []
    other = ledger.register(hidden.title)
    assert like(ledger, other) == [twin.pk]
    assert like(ledger, other, ledger.cast.outsider.actor) == []


def test_a_source_number_finds_its_problem_in_quite_other_words(ledger):
    batch = ledger.batch()
    (finding,) = ledger.number_findings(batch, "DC-2026-017")
    problem = ledger.register("管网老化", batch=batch, findings=[finding])
    sought = Sought(
        title="应急预案",
        text=OTHER,
        place=ledger.cast.city.pk,
        source=batch.source_id,
        source_nos=frozenset({"DC-2026-017"}),
    )
    (found,) = alike(sought, actor=ledger.cast.coordinator.actor)
    assert (found.problem, found.why, found.source_nos) == (problem, Why.SOURCE_NO, ("DC-2026-017",))


def test_a_source_number_comes_before_any_number_of_near_copies(ledger, monkeypatch):
    monkeypatch.setattr(duplicates, "FETCHED", 2)
    batch = ledger.batch()
    (finding,) = ledger.number_findings(batch, "DC-2026-017")
    problem = ledger.register("应急预案", text=OTHER, batch=batch, findings=[finding])
    for times in range(5):
        ledger.register("青龙山搅拌站", text=f"{PLANT}第{times}次。")
    sought = Sought(
        title="青龙山搅拌站",
        text=PLANT,
        place=ledger.cast.city.pk,
        source=batch.source_id,
        source_nos=frozenset({"DC-2026-017"}),
    )
    found = alike(sought, actor=ledger.cast.coordinator.actor)
    assert [one.problem for one in found][:1] == [problem]


def test_who_shares_the_title_comes_before_who_shares_a_phrase(ledger, monkeypatch):
    """Place and matter stand in the title; more tokens of a phrase of every letter say less."""
    monkeypatch.setattr(duplicates, "FETCHED", 2)
    phrase = "长期无人牵头，群众多次反映。"
    problem = ledger.register("鹤鸣苑水质浑浊", text="鹤鸣苑的水箱多年没有清洗过。")
    for number in range(2 * duplicates.FETCHED):
        ledger.register(f"第{number}号事项", text=phrase)
    sought = Sought(title="反映鹤鸣苑水质浑浊", text=f"自来水发黄。{phrase}", place=ledger.cast.city.pk)
    assert duplicates.fetched(sought, duplicates.known())[0] == problem.pk


def test_a_lookup_asks_the_index_token_by_token(ledger):
    """Reading the place's index for each token took 90 ms of 93 at 100,000 rows; every row of 4,000, 340 ms of 342."""
    ledger.register("青龙山搅拌站扰民", text=PLANT)
    sought = Sought(title="青龙山搅拌站", text=AGAIN, place=ledger.cast.city.pk)
    statement, parameters = duplicates.statement_for(sought, duplicates.known())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(r"Index Cond: \(search @@ \(?k\.token", plan)
    assert re.search(r"Index Cond: \(signature @> ARRAY\[k(_1)?\.key", plan)
    assert "jurisdiction_id_" not in plan
    assert "problem_jurisdiction" not in plan


@pytest.mark.parametrize("turned", [False, True])
def test_a_pair_kept_apart_is_not_shown_again_whoever_looks(ledger, turned):
    one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
    pair = [other, one] if turned else [one, other]
    kept = actions.keep_apart(pair, reason="两个站", actor=ledger.cast.coordinator.actor)
    for actor in (ledger.cast.coordinator.actor, ledger.cast.reviewer.actor):
        assert (like(ledger, one, actor), like(ledger, other, actor)) == ([], [])
    assert comparisons_of(one) == comparisons_of(other) == [kept]
    # Both say so in their own streams; nothing but a reason lies beside the chain.
    events = JournalEvent.objects.filter(verb="ledger.keep_apart")
    assert {event.stream for event in events} == {one.pk, other.pk, kept.pk}


def test_words_changed_much_are_asked_about_again_and_a_comma_is_not(ledger):
    one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
    actor = ledger.cast.coordinator.actor
    actions.keep_apart([one, other], actor=actor)
    actions.edit_facts(fresh(one), changes={"text": PLANT.replace("。", "！") + "已核。"}, actor=actor)
    assert like(ledger, fresh(one)) == []
    for problem in (one, other):
        actions.edit_facts(fresh(problem), changes={"text": AGAIN}, actor=actor)
    assert like(ledger, fresh(one)) == [other.pk]
    # Decided again, it is the same pair and one row.
    actions.keep_apart([fresh(one), fresh(other)], actor=actor)
    assert Comparison.objects.count() == 1
    assert like(ledger, fresh(one)) == []


def test_a_decision_is_taken_back_and_the_pair_is_shown_again(ledger):
    one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
    kept = actions.keep_apart([one, other], actor=ledger.cast.coordinator.actor)
    actions.take_back_comparison(kept, actor=ledger.cast.reviewer.actor)
    assert like(ledger, one) == [other.pk]
    with pytest.raises(Refused, match="已经撤回"):
        actions.take_back_comparison(Comparison.objects.get(pk=kept.pk), actor=ledger.cast.coordinator.actor)


def test_recurrence_is_counted_along_the_chain(ledger):
    actor = ledger.cast.coordinator.actor
    first, second, third = (ledger.register(title, text=PLANT) for title in "甲乙丙")
    with pytest.raises(Refused, match="还没有办结"):
        actions.link_recurrence([second, first], actor=actor)
    ledger.walk(first, "closed")
    actions.link_recurrence([fresh(second), fresh(first)], actor=actor)
    ledger.walk(second, "closed")
    actions.link_recurrence([fresh(second), fresh(third)], actor=actor)
    assert recurrences_of(actor, third) == [first, second, third]
    assert recurrences_of(ledger.cast.outsider.actor, third) == []
    assert like(ledger, second) == []


def test_what_is_merged_does_not_recur_and_is_no_question(ledger):
    actor = ledger.cast.coordinator.actor
    one, into, later = (ledger.register(title, text=PLANT) for title in "甲乙丙")
    ending = ledger.ask(one, "ledger.merge", into=into)
    with pytest.raises(Refused, match="正在审批"):
        actions.keep_apart([fresh(one), fresh(into)], actor=actor)
    ledger.decide(ending)
    with pytest.raises(Refused, match="已经并案"):
        actions.keep_apart([fresh(one), fresh(into)], actor=actor)
    with pytest.raises(Refused, match="不是它反复"):
        actions.link_recurrence([fresh(later), fresh(one)], actor=actor)


def test_who_may_decide_and_about_what(ledger):
    cast = ledger.cast
    one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
    with pytest.raises(NotVisible):
        actions.keep_apart([one, other], actor=cast.outsider.actor)
    with pytest.raises(NotAllowed):
        actions.keep_apart([one, other], actor=cast.sector_handler.actor)
    with pytest.raises(NotVisible):
        actions.keep_apart([one, ledger.restricted()], actor=cast.coordinator.actor)
    for wrong in ([one], [one, one], [one, other, ledger.register("丙")]):
        with pytest.raises(Refused, match="两个不同"):
            actions.keep_apart(wrong, actor=cast.coordinator.actor)
    kept = actions.keep_apart([one, other], actor=cast.coordinator.actor)
    with pytest.raises(NotVisible):
        actions.take_back_comparison(kept, actor=cast.outsider.actor)


def test_a_retried_call_decides_once(ledger):
    one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
    keep = actions.keep_apart.call(key="once")
    made = {keep([one, other], actor=ledger.cast.coordinator.actor).pk for _ in range(2)}
    assert len(made) == 1
    assert JournalEvent.objects.filter(verb="ledger.keep_apart", stream__in=made).count() == 1


def test_replay_gives_the_rows(ledger):
    one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
    actions.keep_apart([one, other], reason="两个站", actor=ledger.cast.coordinator.actor)
    assert [verify_partition(name).found for name in partitions()] == [[]] * len(partitions())
    assert verify_derived().found == []


@given(
    st.text("甲乙丙丁戊己庚辛壬癸", min_size=1, max_size=40),
    st.text("甲乙丙丁戊己庚辛壬癸", min_size=1, max_size=40),
)
def test_a_decision_holds_for_both_sides_or_for_neither(one, other):
    before, now = [signature_of(one), signature_of(other)], [signature_of(other), signature_of(one)]
    assert still_holds(before, before)
    assert still_holds(before, now) == still_holds(now, before) == still_holds(before[::-1], now[::-1])


@action("tests.rebound", may=system_only)
def come_back(problem: Problem, *, actor: Actor) -> None:
    """What a look back does to a problem that was wrongly merged, and what this room does then."""
    problem.state, problem.merged_into = "registered", None
    problem.save()
    take_back_merger(Happened("lookback.rebound", actor, [problem], []))


@pytest.fixture
def rebound():
    return lambda problem: come_back(fresh(problem), actor=THE_SYSTEM)


def finding_sets(*problems):
    return [
        set(FindingLink.objects.filter(problem=one).values_list("finding", flat=True)) for one in problems
    ]


def test_a_merger_loses_no_finding_and_taken_back_returns_each(ledger, rebound):
    batch = ledger.batch(source_unit=ledger.cast.water)
    findings = ledger.findings(batch, "一。", "二。", "三。")
    one, two, three = (
        ledger.register(title, batch=batch, findings=[finding])
        for title, finding in zip("甲乙丙", findings, strict=True)
    )
    own = [{finding.pk} for finding in findings]
    ledger.end(one, "ledger.merge", into=two)
    ledger.end(two, "ledger.merge", into=three)
    assert finding_sets(one, two, three) == [own[0], own[0] | own[1], own[0] | own[1] | own[2]]
    rebound(one)
    assert finding_sets(one, two, three) == [own[0], own[1], own[1] | own[2]]
    rebound(two)
    assert finding_sets(one, two, three) == own


def test_who_raised_it_follows_it_where_it_goes_on(ledger):
    batch = ledger.batch(source_unit=ledger.cast.water)
    one = ledger.register("甲", batch=batch, findings=ledger.findings(batch))
    into = ledger.register("乙")
    ledger.end(one, "ledger.merge", into=into)
    assert into.involvements.filter(role="source_authority", unit=ledger.cast.water).exists()


class TestPages:
    def test_the_page_names_what_may_repeat_and_decides(self, ledger, client_as):
        one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
        client = client_as(ledger.cast.coordinator)
        page = client.get(at("alike", one.pk))
        assert page.status_code == 200
        assert other.problem_no in page.content.decode()
        address = at("keep_apart", one.pk, other.pk)
        assert client.get(address).status_code == 200
        assert client.post(address, {"reason": ""}).status_code == 302
        assert other.problem_no in client.get(at("alike", one.pk)).content.decode()
        kept = Comparison.objects.get()
        assert client.post(at("take_back_comparison", kept.pk)).status_code == 302
        assert Comparison.objects.get().outcome == "taken_back"

    def test_recurrence_from_the_page(self, ledger, client_as):
        one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
        client = client_as(ledger.cast.coordinator)
        assert client.post(at("link_recurrence", other.pk, one.pk), {"reason": ""}).status_code == 422
        ledger.walk(one, "closed")
        assert client.post(at("link_recurrence", other.pk, one.pk), {"reason": ""}).status_code == 302

    def test_outsiders_and_insiders_without_the_right(self, ledger, client_as):
        one, other = ledger.register("甲", text=PLANT), ledger.register("乙", text=PLANT)
        hidden = ledger.restricted()
        outsider, insider = client_as(ledger.cast.outsider), client_as(ledger.cast.sector_handler)
        for name, args in (("alike", [one.pk]), ("keep_apart", [one.pk, other.pk])):
            assert outsider.get(at(name, *args)).status_code == 404
        assert insider.post(at("keep_apart", one.pk, other.pk), {"reason": ""}).status_code == 403
        office = client_as(ledger.cast.coordinator)
        assert office.get(at("keep_apart", one.pk, hidden.pk)).status_code == 404
        assert office.get(at("take_back_comparison", hidden.pk)).status_code in {404, 405}
        assert office.put(at("keep_apart", one.pk, other.pk)).status_code == 405


def test_days_do_not_matter_for_the_pair(ledger):
    """An imported problem keeps its own dates; the later one recurs, whichever was typed in first."""
    one = ledger.register("甲", text=PLANT)
    assert sought_for(one).day == one.registered_on == dt.date(2026, 3, 2)
