from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.rectification import actions as do
from bihuan.rectification import queries
from bihuan.rectification.offers import offers_for
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def cost(work):
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_the_page_of_an_order_costs_the_same_whatever_its_length(story, client_as):
    actor = story.cast.coordinator.actor
    short = do.draft_order(story.proposed(), title="短", actor=actor)
    long = do.draft_order(story.proposed(6), title="长", actor=actor)
    client = client_as(story.cast.coordinator)
    pages = [reverse("rectification:order", args=[order.pk]) for order in (short, long)]
    client.get(pages[0])
    costs = [cost(lambda page=page: client.get(page)) for page in pages]
    assert costs[0] == costs[1]
    assert costs[0] <= 40


def test_the_list_of_orders_costs_the_same_whatever_its_length(story, client_as):
    actor = story.cast.coordinator.actor
    client = client_as(story.cast.coordinator)
    page = reverse("rectification:orders")
    do.draft_order(story.proposed(), title="一", actor=actor)
    client.get(page)
    one = cost(lambda: client.get(page))
    for _turn in range(4):
        do.draft_order(story.proposed(), title="又一", actor=actor)
    assert cost(lambda: client.get(page)) == one


def test_the_offers_of_a_problem_have_a_bound(story):
    problem = story.rectifying(*[story.draft() for _turn in range(5)])
    assert cost(lambda: offers_for(story.cast.handler.actor, problem)) <= 60


def test_each_pile_of_the_desk_holds_what_waits_for_its_people(story):
    cast = story.cast
    (proposed,) = story.assigned()
    assert list(queries.to_acknowledge(cast.liaison.actor)) == [proposed]
    assert not queries.to_acknowledge(cast.outsider.actor).exists()
    do.acknowledge([proposed], actor=cast.liaison.actor)
    assert list(queries.to_plan(cast.handler.actor)) == [proposed]
    working = story.rectifying()
    (measure,) = story.measures(working)
    assert list(queries.my_measures(cast.handler.actor)) == [measure]
    story.report(working, measure=measure)
    assert list(queries.to_apply(cast.handler.actor)) == [working]
    story.prove(working)
    story.apply(fresh([working])[0])
    assert list(queries.to_accept(cast.acceptor.actor)) == [working]
    story.accept(fresh([working])[0])
    assert not queries.notices_over(cast.coordinator.actor).exists()
    story.clock.go_on(20)
    assert [notice.problem for notice in queries.notices_over(cast.coordinator.actor)] == [working]
    do.end_notice(fresh([working])[0], actor=cast.coordinator.actor)
    assert list(queries.to_close(cast.decider.actor)) == [working]
    story.close(fresh([working])[0])
    assert list(queries.to_file(cast.coordinator.actor)) == [working]


def test_an_approved_order_waits_to_be_issued(story):
    order = story.order(story.proposed())
    assert not queries.to_issue(story.cast.coordinator.actor).exists()
    story.decide(order.approval)
    assert list(queries.to_issue(story.cast.coordinator.actor)) == [order]
    assert not queries.to_issue(story.cast.handler.actor).exists()
