from __future__ import annotations

import uuid
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from bihuan.files import jobs, policy
from bihuan.files.actions import receive
from bihuan.journal.models import AccessEntry

pytestmark = pytest.mark.django_db
SUBJECT = uuid.UUID(int=7)


@pytest.fixture
def reference(cast, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(
        policy._sights, "batch", lambda actor, subject: actor.person == cast.handler.person.pk
    )
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "seagreen").save(buffer, "JPEG")
    buffer.seek(0)
    return receive(
        upload=buffer, name="整改后 现场.jpg", subject_kind="batch", subject=SUBJECT, actor=cast.handler.actor
    )


def address(reference):
    return reverse("files:download", args=[reference.pk])


def test_who_sees_the_subject_gets_the_file(cast, client_as, reference):
    response = client_as(cast.handler).get(address(reference))
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
    response.close()


def test_a_file_is_handed_out_so_that_no_browser_runs_it(cast, client_as, reference):
    response = client_as(cast.handler).get(address(reference))
    response.close()
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%95%B4")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")


def test_an_outsider_is_told_there_is_nothing(cast, client_as, reference):
    assert client_as(cast.outsider).get(address(reference)).status_code == 404


def test_a_missing_file_looks_the_same_to_an_outsider(cast, client_as, reference):
    client = client_as(cast.outsider)
    hidden = client.get(address(reference))
    missing = client.get(reverse("files:download", args=[uuid.uuid4()]))
    assert (hidden.status_code, missing.status_code) == (404, 404)


def test_a_refused_look_is_entered_in_the_access_log(cast, client_as, reference):
    client_as(cast.outsider).get(address(reference))
    entry = AccessEntry.objects.using("access_log").get(what="refused:files.download")
    assert (entry.person, entry.subject) == (cast.outsider.person.pk, reference.row_key)


def test_the_anonymous_get_nothing(client, reference):
    assert client.get(address(reference)).status_code in {302, 404}


def test_posting_is_not_reading(cast, client_as, reference):
    assert client_as(cast.handler).post(address(reference)).status_code == 405


def test_a_preview_is_shown_inline(cast, client_as, reference):
    jobs.make_previews(reference.blob.sha256, reference.blob.media_type)
    response = client_as(cast.handler).get(reverse("files:preview", args=[reference.pk, "thumbnail"]))
    response.close()
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("size", ["thumbnail", "huge"])
def test_a_preview_that_is_not_there_is_not_found(cast, client_as, reference, size):
    assert client_as(cast.handler).get(reverse("files:preview", args=[reference.pk, size])).status_code == 404
