"""The page on which the second person looks at the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from bihuan.intake import actions
from bihuan.intake.models import IntakeDocument, SampledPassage, SealSample
from bihuan.intake.unpacking import Handed
from bihuan.ledger.models import Batch, Problem
from bihuan.organizations.actions import grant_role
from bihuan.organizations.models import Role
from tests.intake.sealing import agree, draw
from tests.intake.test_actions import open_numbers, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.organizations.cast import Cast, Player

    ClientAs = Callable[[Player], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


@pytest.fixture
def reviewed(letter: IntakeDocument, cast: Cast) -> IntakeDocument:
    settle(letter, cast)
    return letter


@pytest.fixture
def second(cast: Cast, client_as: ClientAs) -> Client:
    """The reviewer's browser."""
    return client_as(cast.reviewer)


def at(name: str, batch: Batch) -> str:
    return reverse(f"intake:{name}", args=[batch.pk])


def answer(client: Client, batch: Batch, place: int, what: str, **more: str) -> Any:
    headers = {"HX-Request": "true"}
    return client.post(
        at("check_passages", batch), {"places": str(place), "answer": what, **more}, headers=headers
    )


def test_the_batch_leads_the_second_person_to_the_sample(
    reviewed: IntakeDocument, batch: Batch, second: Client
) -> None:
    assert at("sample", batch) in second.get(at("batch", batch)).content.decode()


def test_before_the_draw_there_is_nothing_but_the_button(
    reviewed: IntakeDocument, batch: Batch, second: Client
) -> None:
    page = second.get(at("sample", batch)).content.decode()
    assert (at("draw_sample", batch) in page, 'data-place="1"' in page) == (True, False)


def test_who_decided_gets_no_button(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, client_as: ClientAs
) -> None:
    page = client_as(cast.coordinator).get(at("sample", batch)).content.decode()
    assert (at("draw_sample", batch) in page, "须由另一位同志" in page) == (False, True)


def test_a_draw_too_early_says_what_is_missing(letter: IntakeDocument, batch: Batch, second: Client) -> None:
    page = second.post(at("draw_sample", batch), follow=True).content.decode()
    assert "先交代 11 段" in page
    assert not SealSample.objects.exists()


def test_each_passage_stands_among_its_neighbours_with_what_it_became(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Client
) -> None:
    second.post(at("draw_sample", batch))
    page = second.get(at("sample", batch)).content.decode()
    assert page.count("data-place=") == 10
    numbers = Problem.objects.values_list("problem_no", flat=True)
    assert any(number in page for number in numbers)
    assert 'class="around"' in page


def test_a_script_gets_the_passage_and_the_head(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Client
) -> None:
    draw(batch, cast.reviewer.actor)
    page = answer(second, batch, 3, "agrees").content.decode()
    assert ("还有 9 段没有复核" in page, page.count("data-place=")) == (True, 1)


def test_a_difference_without_a_reason_is_refused_in_place(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Client
) -> None:
    draw(batch, cast.reviewer.actor)
    response = answer(second, batch, 3, "differs")
    assert (response.status_code, "哪里不一致" in response.content.decode()) == (422, True)


def test_a_difference_leads_to_a_new_draw(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Client
) -> None:
    draw(batch, cast.reviewer.actor)
    page = answer(second, batch, 3, "differs", reason="漏了一个问题").content.decode()
    assert "1 段不一致，已退回重新交代" in page
    assert second.get(at("seal", batch)).status_code == 302
    actions.dispose(
        reviewed, passages=open_numbers(reviewed), disposition="context", actor=cast.coordinator.actor
    )
    page = second.get(at("sample", batch)).content.decode()
    assert ("漏了一个问题" in page, "重新抽取样本" in page) == (True, True)


def test_a_plain_form_answers_too(reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Client) -> None:
    draw(batch, cast.reviewer.actor)
    response = second.post(at("check_passages", batch), {"places": "3", "answer": "agrees"})
    assert (response.status_code, response.headers["Location"]) == (302, at("sample", batch) + "#s-3")
    assert SampledPassage.objects.get(place=3).answer == "agrees"


def test_the_seal_comes_last(reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Client) -> None:
    assert second.get(at("seal", batch)).headers["Location"] == at("sample", batch)
    assert second.post(at("seal", batch)).status_code == 422
    agree(batch, cast.reviewer.actor)
    assert "抽查复核 10 段，全部一致" in second.get(at("seal", batch)).content.decode()
    assert second.post(at("seal", batch)).status_code == 302
    batch.refresh_from_db()
    assert batch.state == Batch.State.SEALED


def test_another_second_person_draws_for_themselves(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, client_as: ClientAs
) -> None:
    draw(batch, cast.reviewer.actor)
    grant_role(cast.channel_keeper.post, role=Role.REVIEWER, actor=cast.system)
    page = client_as(cast.channel_keeper).get(at("sample", batch)).content.decode()
    assert ("另一位同志抽取" in page, "data-place=" in page) == (True, False)


def test_the_page_asks_as_often_for_twenty_passages_as_for_ten(
    reviewed: IntakeDocument,
    batch: Batch,
    cast: Cast,
    second: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    draw(batch, cast.reviewer.actor)
    second.get(at("sample", batch))
    with django_assert_max_num_queries(40) as few:
        second.get(at("sample", batch))
    handed = [Handed(f"{n}.txt", f"第{n}份。总体情况良好。".encode()) for n in range(11)]
    for document in actions.receive_documents(handed, batch, actor=cast.coordinator.actor):
        numbers = open_numbers(document)
        actions.dispose(document, passages=numbers, disposition="praise", actor=cast.coordinator.actor)
    draw(batch, cast.reviewer.actor)
    with django_assert_max_num_queries(len(few)) as many:
        page = second.get(at("sample", batch))
    assert page.content.decode().count("data-place=") > 10
    assert len(many) == len(few)
