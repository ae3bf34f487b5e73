"""What a content says of itself, asked in a child process; and what a picture is handed out without."""

from __future__ import annotations

import datetime as dt
import io
import zlib
from decimal import Decimal

import pytest
from PIL import Image

from bihuan.files.facts import find_facts, taken_at
from bihuan.files.jobs import destroy_content, look_into
from bihuan.files.kinds import JPEG, PNG, TIFF, WEBP
from bihuan.files.models import FileFacts
from bihuan.files.near_pictures import near_pictures
from bihuan.files.picture_hashes import alike, hashes_of
from bihuan.files.stripping import stripped
from tests.authenticity.pictures import camera, cropped, jpeg, noon, paper, photograph, scene
from tests.rectification.conftest import clock, story

__all__ = ["clock", "story"]
DAY = dt.date(2026, 3, 5)
TOLD = {"taken": noon(DAY), "spot": (30.25, 104.6), "turned": 6}


def handed_in(story, file):
    return story.prove(story.rectifying(), upload=file, kind="after", caption="后").file


@pytest.mark.django_db
def test_a_photograph_says_when_where_and_with_what(story):
    found = find_facts(handed_in(story, photograph(1, **TOLD)).blob)
    assert (found.failure, found.width, found.device) == ("", 640, "Yunchuan Phone 7")
    assert found.taken_at == dt.datetime(2026, 3, 5, 4, 30, tzinfo=dt.UTC)
    assert (found.latitude, found.longitude) == (Decimal("30.250000"), Decimal("104.600000"))
    assert len(found.hashes) == 18


@pytest.mark.django_db
def test_asking_twice_asks_once(story):
    blob = handed_in(story, photograph(2)).blob
    look_into(blob.sha256)
    first = FileFacts.objects.get()
    look_into(blob.sha256)
    assert FileFacts.objects.get().made_at == first.made_at


@pytest.mark.django_db
def test_a_paper_says_when_it_was_signed_and_begun(story):
    file = paper("报告.docx", "水质监测报告", ["低于限值。"], "二〇二六年三月五日", begun=noon(DAY))
    found = find_facts(handed_in(story, file).blob)
    assert (found.signed_on, found.begun_on, found.general, found.hashes) == (DAY, DAY, False, [])


@pytest.mark.django_db
def test_hostile_pictures_cost_their_own_facts_only(story):
    def chunk(name, body):
        whole = name + body
        return len(body).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    cut = photograph(3).getvalue()[:900]
    blob = handed_in(story, photograph(4)).blob
    from bihuan.files import store

    for content, failure in (
        (bomb, "too_large"),
        (cut, "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 90, "damaged"),
    ):
        FileFacts.objects.all().delete()
        store.destroy(store.name_of(blob.sha256))
        store.write(store.name_of(blob.sha256), content)
        assert find_facts(blob).failure == failure


@pytest.mark.django_db
def test_what_was_expunged_leaves_nothing_here(story):
    blob = handed_in(story, photograph(5)).blob
    look_into(blob.sha256)
    type(blob).objects.filter(pk=blob.pk)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'tests', true)")
        cursor.execute("UPDATE files_blob SET kept = false WHERE id = %s", [blob.pk])
    destroy_content(blob.sha256)
    assert not FileFacts.objects.exists()
    blob.refresh_from_db()
    assert find_facts(blob) is None


@pytest.mark.parametrize(
    ("written", "offset", "hour"),
    [
        ("2026:03:05 12:30:00", "", 4),
        ("2026:03:05 12:30:00", "+08:00", 4),
        ("2026:03:05 12:30:00", "+00:00", 12),
        ("2026:03:05 12:30:00", "nonsense", 4),
    ],
)
def test_a_camera_that_names_no_zone_means_its_own(written, offset, hour):
    assert taken_at(written, offset).astimezone(dt.UTC).hour == hour


@pytest.mark.parametrize("written", ["", "0000:00:00 00:00:00", "1980:01:01 00:00:00", "yesterday"])
def test_what_is_no_time_is_none(written):
    assert taken_at(written, "") is None


@pytest.mark.django_db
def test_near_pictures_are_found_among_others():
    from django.utils import timezone

    from bihuan.files.picture_hashes import keys_of

    pictures = {f"{seed:064d}": hashes_of(scene(seed)) for seed in range(100, 130)}
    FileFacts.objects.bulk_create(
        FileFacts(sha256=name, hashes=found, keys=keys_of(found), made_at=timezone.now())
        for name, found in pictures.items()
    )
    changed = hashes_of(cropped(scene(117), 0.06))
    assert [near.sha256 for near in near_pictures(changed, besides="")] == [f"{117:064d}"]
    assert near_pictures(pictures[f"{117:064d}"], besides=f"{117:064d}") == []
    assert near_pictures(hashes_of(scene(999)), besides="") == []


def test_a_picture_that_shows_nothing_is_like_nothing():
    blank = hashes_of(Image.new("L", (400, 300), 240))
    assert blank == []
    assert alike(blank, hashes_of(scene(1))) is None
    assert near_pictures(blank, besides="") == []


# ---- handing out ---------------------------------------------------------------------------------------------------


def saved(kind, exif=None):
    stored = io.BytesIO()
    scene(7).save(stored, kind, **({"exif": exif} if exif else {}))
    return stored.getvalue()


@pytest.mark.parametrize(("name", "kind"), [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)])
def test_camera_data_go_and_the_picture_stays(name, kind):
    content = saved(name, camera(taken=noon(DAY), spot=(30.25, 104.6)))
    assert b"Phone 7" in content
    found = stripped(content, kind)
    assert b"Phone 7" not in found
    with Image.open(io.BytesIO(found)) as opened, Image.open(io.BytesIO(content)) as before:
        assert opened.tobytes() == before.tobytes()
        assert dict(opened.getexif()) == {}


def test_how_it_is_to_be_turned_stays():
    found = stripped(saved("JPEG", camera(taken=noon(DAY), turned=6)), JPEG)
    with Image.open(io.BytesIO(found)) as opened:
        assert dict(opened.getexif()) == {0x0112: 6}


def test_a_picture_that_tells_nothing_comes_out_unchanged():
    for name, kind in (("JPEG", JPEG), ("PNG", PNG)):
        assert stripped(saved(name), kind) == saved(name)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff", b"\xff\xd8abc" * 9, b"RIFF"])
def test_what_cannot_be_taken_apart_is_not_handed_out_so(content):
    for kind in (JPEG, PNG, WEBP, TIFF):
        assert stripped(content, kind) in {None, b"\xff\xd8"}


@pytest.mark.django_db
def test_only_who_judges_is_handed_the_camera_data(story, client_as):
    reference = handed_in(story, jpeg(scene(8), "后.jpg", exif=camera(taken=noon(DAY))))
    address = f"/files/{reference.pk}/"
    handed = {
        player: b"".join(client_as(getattr(story.cast, player)).get(address).streaming_content)
        for player in ("handler", "coordinator")
    }
    assert b"Phone 7" not in handed["handler"]
    assert b"Phone 7" in handed["coordinator"]
