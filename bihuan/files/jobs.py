"""Background work of the files room: previews, and clearing content that must or may go."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from bihuan.files import store
from bihuan.files.facts import find_facts
from bihuan.files.kinds import KINDS, PDF
from bihuan.files.models import Blob, FileFacts, Preview, PreviewSize
from bihuan.files.previews import PIXELS, draw
from bihuan.journal import timesource

ORPHAN_AGE = timedelta(days=2)


@app.task(name="files.make_previews", queue="previews", retry=2)
def make_previews(sha256: str, media_type: str) -> None:
    """Draw the previews of one content. Running again does nothing twice."""
    kind = KINDS.get(media_type)
    if kind is None or not (kind.is_picture or kind is PDF):
        return
    for size in PreviewSize.values:
        if Preview.objects.filter(sha256=sha256, size=size).exists():
            continue
        # An expunged content must not come back as a picture.
        if not Blob.objects.filter(sha256=sha256, kept=True).exists():
            return
        drawn = draw(sha256, kind, PIXELS[size])
        if drawn.picture:
            store.write(store.preview_name(sha256, size), drawn.picture)
        Preview.objects.update_or_create(
            sha256=sha256,
            size=size,
            defaults={
                "width": drawn.width,
                "height": drawn.height,
                "failure": drawn.failure,
                "made_at": timesource.now(),
            },
        )
    if not Blob.objects.filter(sha256=sha256, kept=True).exists():
        destroy_content(sha256)


@app.task(name="files.look_into", queue="previews", retry=2)
def look_into(sha256: str, name: str = "") -> None:
    """Find out what one content says of itself. Running again does nothing twice."""
    blob = Blob.objects.filter(sha256=sha256).first()
    if blob is not None:
        find_facts(blob, name)


@app.task(name="files.destroy_content", queue="files", retry=10)
def destroy_content(sha256: str) -> None:
    """Destroy an expunged content and its previews; refuses one that is still kept."""
    if Blob.objects.filter(sha256=sha256, kept=True).exists():
        return
    store.destroy(store.name_of(sha256))
    for size in PreviewSize.values:
        store.destroy(store.preview_name(sha256, size))
    store.destroy(store.pages_name(sha256))
    Preview.objects.filter(sha256=sha256).delete()
    FileFacts.objects.filter(sha256=sha256).delete()


@app.periodic(cron="40 3 * * *", periodic_id="files.sweep_orphans")
@app.task(name="files.sweep_orphans", queue="files")
def sweep_orphans(timestamp: int = 0) -> int:
    """Clear contents no row mentions, left by a crash or a refused action; young ones may still be on their way."""
    from django.utils import timezone

    cleared = 0
    for sha256 in store.stored_digests():
        name = store.name_of(sha256)
        # The age of a stored file is a fact of the machine, so the machine's own clock is asked.
        if (
            timezone.now() - store.changed_at(name) > ORPHAN_AGE
            and not Blob.objects.filter(sha256=sha256).exists()
        ):
            store.destroy(name)
            cleared += 1
    return cleared
