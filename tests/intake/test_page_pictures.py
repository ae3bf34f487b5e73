"""The pictures of pages, and the pages nobody sees because a clue stands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from bihuan.intake import actions, page_images
from bihuan.intake.models import IntakeDocument, Passage
from bihuan.intake.unpacking import Handed
from bihuan.ledger.models import Batch
from tests.documents.making import pdf
from tests.intake.conftest import LETTER
from tests.intake.test_actions import CLUE, settle
from tests.intake.test_views import review_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.organizations.cast import Cast, Player

    ClientAs = Callable[[Player], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


@pytest.fixture
def paged(batch: Batch, cast: Cast) -> IntakeDocument:
    content = pdf([["1. The station is not inspected."], ["2. The plan is out of date."]])
    return actions.receive_documents([Handed("letter.pdf", content)], batch, actor=cast.coordinator.actor)[0]


def test_a_page_is_drawn_once_and_kept(
    paged: IntakeDocument, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = reverse("intake:page_image", args=[paged.pk, 2])
    first = desk.get(url)
    assert first.content.startswith(b"\x89PNG")
    monkeypatch.setattr(page_images, "_draw", lambda *given: pytest.fail("drawn again"))
    assert desk.get(url).content == first.content


def test_where_passages_stand_on_a_page_is_told(paged: IntakeDocument, desk: Client) -> None:
    places = desk.get(reverse("intake:page_places", args=[paged.pk, 1])).json()
    first = Passage.objects.filter(document=paged, page=1).order_by("n").first()
    assert first is not None
    ((left, top, width, height),) = places[str(first.n)]
    assert 0 < left < left + width < 100
    assert 0 < top < top + height < 100


def test_a_page_beyond_the_last_is_not_found(paged: IntakeDocument, desk: Client) -> None:
    assert desk.get(reverse("intake:page_image", args=[paged.pk, 3])).status_code == 404


def test_a_page_picture_is_not_for_outsiders(paged: IntakeDocument, cast: Cast, client_as: ClientAs) -> None:
    url = reverse("intake:page_image", args=[paged.pk, 1])
    assert client_as(cast.outsider).get(url).status_code == 404


def test_a_page_with_a_clue_is_shown_to_nobody(paged: IntakeDocument, cast: Cast, desk: Client) -> None:
    held = Passage.objects.filter(document=paged, page=2).order_by("n").first()
    assert held is not None
    actions.dispose(paged, passages=[held.n], disposition="clue", actor=cast.coordinator.actor)
    assert desk.get(reverse("intake:page_image", args=[paged.pk, 2])).status_code == 404
    assert desk.get(reverse("intake:page_image", args=[paged.pk, 1])).status_code == 200


def test_the_words_of_a_clue_are_on_no_page(batch: Batch, cast: Cast, desk: Client) -> None:
    document = actions.receive_documents(
        [Handed("含线索.txt", (LETTER + CLUE).encode())], batch, actor=cast.coordinator.actor
    )[0]
    settle(document, cast)
    pages = [
        review_url(document),
        reverse("intake:batch", args=[batch.pk]),
        reverse("intake:seal", args=[batch.pk]),
    ]
    assert not [url for url in pages if "王某" in desk.get(url).content.decode()]
