"""拟办表: proposals with their reasons, one handling a row, all rows or none, and on to the order."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.journal.action import NotVisible, Refused
from bihuan.ledger import actions as ledger
from bihuan.ledger.handling import HandlingDraft
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.rectification.handling.facts import proposals_for
from bihuan.rectification.handling.rules import Pick, Why
from bihuan.rectification.views import handling as views
from tests.rectification.conftest import fresh
from tests.web.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def address(*problems):
    picks = "&".join(f"pick={problem.pk}" for problem in problems)
    return f"{reverse('rectification:handling')}?{picks}"


def row_of(problem, **cells):
    """What a browser sends of one row."""
    row = {
        "taken": "on",
        "handling": "由市水务局牵头整改。",
        "lead_unit": "市水务局",
        "supporting_units": "",
        "sector_authority": "",
        "deputy_in_charge": "",
        "sponsor": "",
        "external_deadline": "2026-06-30",
    }
    given = {f"{problem.pk.hex}-{name}": value for name, value in (row | cells).items()}
    return {name: value for name, value in given.items() if value is not None}


def proposed_of(problem):
    return proposals_for([problem])[problem.pk]


def test_without_a_history_the_sectors_steward_is_proposed_and_says_so(story):
    problem = story.register()
    found = proposed_of(problem)
    assert found.lead == Pick(story.cast.ecology.pk, Why.STEWARD)
    assert found.authority == found.lead
    assert found.deadline == (problem.external_deadline, Why.SOURCE)


def test_who_led_the_like_of_it_before_is_proposed_with_the_count(story):
    story.issue(story.proposed(3))
    assert proposed_of(story.register()).lead == Pick(story.cast.water.pk, Why.USUAL, 3, 3)


def test_cases_long_ago_make_no_habit(story, clock):
    story.issue(story.proposed(3))
    clock.go_on(26 * 31)
    assert proposed_of(story.register()).lead == Pick(story.cast.ecology.pk, Why.STEWARD)


def test_who_helped_before_and_who_governs_the_place_are_proposed_to_help(story):
    problems = [story.register() for _ in range(3)]
    story.propose(*problems, supporting_units=[story.cast.data])
    story.issue(problems)
    new = story.register(more={"territorial_unit_id": story.cast.county.pk})
    assert proposed_of(new).supporting == (
        Pick(story.cast.data.pk, Why.USUAL, 3, 3),
        Pick(story.cast.county.pk, Why.TERRITORY),
    )


def test_where_the_source_sets_no_date_the_rule_does(story, clock):
    problem = story.register(external_deadline=None)
    day, why = proposed_of(problem).deadline
    assert why is Why.TERM
    assert day >= clock.today + dt.timedelta(days=88)


def test_the_deputy_whose_portfolio_it_is_is_proposed(story):
    (problem,) = story.proposed()
    assert proposed_of(problem).deputy == Pick(story.cast.deputy.post.pk, Why.PORTFOLIO)


def test_a_sheet_costs_the_same_number_of_queries_however_long_it_is(story, django_assert_max_num_queries):
    few = [story.register() for _ in range(2)]
    many = [*few, *(story.register() for _ in range(6))]
    loaded = list(
        Problem.objects.select_related("source", "sector", "jurisdiction", "sponsor").filter(
            pk__in=[p.pk for p in many]
        )
    )
    with django_assert_max_num_queries(16):
        proposals_for(loaded)


# ---- proposing


def test_each_problem_gets_its_own_handling_in_one_act(story):
    one, two = story.register(), story.register()
    drafts = [
        HandlingDraft(problem=one.pk, lead_unit=story.cast.water.pk, supporting_units=(story.cast.data.pk,)),
        HandlingDraft(problem=two.pk, lead_unit=story.cast.ecology.pk, handling="由市生态环境局牵头。"),
    ]
    ledger.propose([one, two], handling="照此办理。", each=drafts, actor=story.cast.coordinator.actor)
    one, two = fresh([one, two])
    assert (one.lead_unit, one.proposed_handling) == (story.cast.water, "照此办理。")
    assert (two.lead_unit, two.proposed_handling) == (story.cast.ecology, "由市生态环境局牵头。")
    helping = Involvement.objects.get(role=InvolvementRole.SUPPORTING)
    assert (helping.problem, helping.unit) == (one, story.cast.data)


def test_one_bad_row_and_nothing_is_proposed(story):
    one, two = story.register(), story.register()
    drafts = [
        HandlingDraft(problem=one.pk, lead_unit=story.cast.water.pk),
        HandlingDraft(problem=two.pk, external_deadline=dt.date(2020, 1, 1), lead_unit=story.cast.water.pk),
    ]
    with pytest.raises(Refused, match="已经过去") as refused:
        ledger.propose([one, two], handling="照此办理。", each=drafts, actor=story.cast.coordinator.actor)
    assert refused.value.data["problem"] == str(two.pk)
    assert {problem.state for problem in fresh([one, two])} == {"registered"}


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ({}, "没有写明由谁牵头"),
        ({"lead_unit": "00000000-0000-7000-8000-000000000000"}, "不存在的单位"),
        ({"lead_unit": "water", "deputy_in_charge": "mayor"}, "不是牵头单位的岗位"),
        ({"lead_unit": "water", "supporting_units": ("water",)}, "不能同时配合"),
    ],
)
def test_what_is_not_proposed(story, draft, words):
    problem = story.register()
    ids = {"water": story.cast.water.pk, "mayor": story.cast.mayor.post.pk}
    read = {
        name: tuple(ids[one] for one in value) if isinstance(value, tuple) else ids.get(value, value)
        for name, value in draft.items()
    }
    with pytest.raises(Refused, match=words):
        ledger.propose(
            [problem],
            handling="照此办理。",
            each=[HandlingDraft(problem=problem.pk, **read)],
            actor=story.cast.coordinator.actor,
        )


def test_a_row_for_a_problem_that_was_not_picked_is_refused(story):
    one, two = story.register(), story.register()
    with pytest.raises(Refused, match="不在所选范围内"):
        ledger.propose(
            [one],
            handling="照此办理。",
            lead_unit=story.cast.water,
            each=[HandlingDraft(problem=two.pk)],
            actor=story.cast.coordinator.actor,
        )


def test_the_deputy_goes_with_the_lead_and_is_involved_when_it_is_assigned(story):
    (problem,) = story.proposed()
    draft = HandlingDraft(problem=problem.pk, deputy_in_charge=story.cast.deputy.post.pk)
    common = {"handling": "照此办理。", "actor": story.cast.coordinator.actor}
    ledger.propose([problem], each=[draft], lead_unit=story.cast.water, **common)
    assert fresh([problem])[0].deputy_in_charge == story.cast.deputy.post
    ledger.propose(fresh([problem]), lead_unit=story.cast.ecology, **common)
    assert fresh([problem])[0].deputy_in_charge is None
    ledger.propose(fresh([problem]), each=[draft], lead_unit=story.cast.water, **common)
    story.issue(fresh([problem]))
    assert Involvement.objects.filter(
        problem=problem, role=InvolvementRole.DEPUTY, post=story.cast.deputy.post, until=None
    ).exists()


# ---- the page


def test_the_sheet_shows_each_proposal_with_its_reason(story, client_as):
    problem = story.register()
    page = client_as(story.cast.coordinator).get(address(problem)).content
    words = read(page).words
    assert problem.problem_no in words
    assert "行业主管" in words
    assert "来源规定" in words


def test_the_sheet_tells_what_day_a_deadline_falls_on(story, client_as):
    one, two = story.register(), story.register()
    page = client_as(story.cast.coordinator).get(address(one, two)).content.decode()
    assert page.count('hx-get="/calendars/about/"') == page.count("data-about-day aria-live") == 2


def test_the_authority_stands_on_the_sheet_and_may_be_another(story, client_as):
    problem = story.register()
    client = client_as(story.cast.coordinator)
    page = client.get(address(problem)).content.decode()
    cell = page.partition(f'name="{problem.pk.hex}-sector_authority"')[2]
    assert 'value="市生态环境局"' in cell.partition(">")[0]
    assert client.post(address(problem), row_of(problem, sector_authority="市数据局")).status_code == 302
    assert fresh([problem])[0].sector_authority == story.cast.data
    assert proposed_of(fresh([problem])[0]).authority == Pick(story.cast.data.pk, Why.WRITTEN)


def test_a_cell_the_program_leaves_empty_says_why(story, clock, client_as):
    problem = story.register(grade="minor", external_deadline=clock.today + dt.timedelta(days=5))
    clock.go_on(6)
    words = read(client_as(story.cast.coordinator).get(address(problem)).content).words
    assert f"来源规定的 {problem.external_deadline} 已过，请另定" in words
    assert "按规定这个等级不要求包抓领导" in words
    assert "往例没有固定的配合单位" in words
    assert "没有登记分管这个领域的负责人" in words


def test_what_is_taken_is_proposed_and_the_order_is_drafted_next(story, client_as):
    one, two = story.register(), story.register()
    client = client_as(story.cast.coordinator)
    sent = row_of(one, supporting_units="市生态环境局、市数据局") | row_of(
        two, taken=None, lead_unit="没有这个局"
    )
    answer = client.post(address(one, two), sent)
    assert answer.status_code == 302, read(answer.content).words
    assert answer["Location"] == f"{reverse('rectification:draft_order')}?pick={one.pk}"
    one, two = fresh([one, two])
    assert (one.state, one.lead_unit, str(one.external_deadline)) == (
        "proposed",
        story.cast.water,
        "2026-06-30",
    )
    assert two.state == "registered"


def test_where_a_row_says_nothing_what_is_common_to_all_holds(story, client_as):
    one, two = story.register(), story.register()
    sent = row_of(one, handling="") | row_of(two, handling="限期更换。") | {"handling": "照此办理。"}
    assert client_as(story.cast.coordinator).post(address(one, two), sent).status_code == 302
    assert [problem.proposed_handling for problem in fresh([one, two])] == ["照此办理。", "限期更换。"]


def test_without_any_handling_nothing_is_proposed(story, client_as):
    problem = story.register()
    answer = client_as(story.cast.coordinator).post(address(problem), row_of(problem, handling=""))
    assert answer.status_code == 422
    assert "请填写拟办意见" in answer.content.decode()


def test_a_name_that_is_no_units_is_said_in_its_cell_and_everything_typed_stays(story, client_as):
    problem = story.register()
    sent = row_of(problem, lead_unit="市水利局", handling="限期更换。")
    answer = client_as(story.cast.coordinator).post(address(problem), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有叫“市水利局”的单位" in page
    assert "限期更换。" in page
    assert fresh([problem])[0].state == "registered"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(story, client_as):
    problem = story.register()
    client = client_as(story.cast.coordinator)
    page = read(client.get(address(problem)).content)
    seen = next(one for one in page.all("input") if one.get("name") == "seen").get("value")
    story.propose(problem)
    answer = client.post(address(problem), row_of(problem) | {"seen": seen})
    assert answer.status_code == 422
    assert fresh([problem])[0].proposed_handling == "由市水务局牵头整改。"


def test_what_does_not_fit_on_the_sheet_is_counted(story, client_as, monkeypatch):
    monkeypatch.setattr(views, "MOST_ROWS", 1)
    problems = [story.register(), story.register()]
    page = read(client_as(story.cast.coordinator).get(address(*problems)).content).words
    assert "另有 1 件不在这张表上" in page


def test_the_sheet_is_the_offices(story, client_as):
    problem = story.register()
    assert client_as(story.cast.outsider).get(address(problem)).status_code == 404
    (seen,) = story.assigned()
    assert client_as(story.cast.handler).get(address(seen)).status_code == 403
    with pytest.raises(NotVisible):
        ledger.propose([problem], handling="照办。", each=[], actor=story.cast.outsider.actor)
