from __future__ import annotations

import uuid

import pytest
from django.http import HttpResponse
from django.urls import include, path, reverse

from bihuan import urls as program
from bihuan.journal import timesource
from bihuan.messages.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def handler404(request, exception):
    return HttpResponse(status=404)


urlpatterns = [
    *(one for one in program.urlpatterns if getattr(one, "namespace", None) != "messages"),
    path("messages/", include("bihuan.messages.urls")),
]


@pytest.fixture
def message(cast):
    return Message.objects.create(
        to_person=cast.handler.person.pk,
        kind="approvals.waiting",
        number="ZG-2026-0001",
        link="/approvals/",
        created_at=timesource.now(),
    )


def test_my_messages_lead_to_what_they_are_about(cast, client_as, message):
    page = client_as(cast.handler).get(reverse("messages:list")).content.decode()
    assert 'href="/approvals/"' in page
    assert "ZG-2026-0001" in page


def test_anothers_messages_are_not_mine(cast, client_as, message):
    assert "ZG-2026-0001" not in client_as(cast.outsider).get(reverse("messages:list")).content.decode()


def test_reading_all_reads_mine_alone(cast, client_as, message):
    client_as(cast.outsider).post(reverse("messages:read_all"))
    message.refresh_from_db()
    assert message.read_at is None
    client_as(cast.handler).post(reverse("messages:read_all"))
    message.refresh_from_db()
    assert message.read_at is not None


def test_getting_does_not_mark_anything_read(cast, client_as, message):
    assert client_as(cast.handler).get(reverse("messages:read_all")).status_code == 405


@pytest.mark.parametrize("name", ["list", "read_all"])
def test_the_anonymous_are_led_to_sign_in(client, name):
    send = client.get if name == "list" else client.post
    assert send(reverse(f"messages:{name}")).status_code == 302


def test_a_damaged_cursor_is_not_found(cast, client_as):
    assert client_as(cast.handler).get(f"{reverse('messages:list')}?before=nonsense").status_code == 404


def test_an_older_page_begins_behind_the_last_one(cast, client_as, message):
    url = f"{reverse('messages:list')}?before={message.pk}"
    assert "ZG-2026-0001" not in client_as(cast.handler).get(url).content.decode()
    assert (
        "ZG-2026-0001"
        in client_as(cast.handler)
        .get(f"{reverse('messages:list')}?before={uuid.UUID(int=2**128 - 1)}")
        .content.decode()
    )
