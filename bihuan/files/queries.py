"""Reading files: those of a subject, their contents, their previews."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

from bihuan.files import store
from bihuan.files.models import FileReference, Preview, PreviewSize
from bihuan.journal.action import Refused

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from django.db.models import QuerySet


def files_of(subject_kind: str, subjects: Iterable[uuid.UUID]) -> QuerySet[FileReference]:
    """The files of some subjects, oldest first, with their blobs; who may see them is asked elsewhere."""
    found: QuerySet[FileReference] = FileReference.objects.filter(
        subject_kind=subject_kind, subject__in=list(subjects)
    )
    return found.select_related("blob").order_by("uploaded_at", "id")


def open_content(reference: FileReference) -> BinaryIO:
    """The content of a file, to be closed by the caller."""
    if not reference.blob.kept:
        raise Refused(_("文件内容已清除。"))
    return store.open_stored(store.name_of(reference.blob.sha256))


def content_of(reference: FileReference) -> bytes:
    """The whole content of a file."""
    with open_content(reference) as file:
        return file.read()


def has_preview(references: Iterable[FileReference], size: str = PreviewSize.THUMBNAIL) -> set[uuid.UUID]:
    """The ids of those files a picture was made of; one query for a whole list."""
    found = {reference.pk: reference.blob.sha256 for reference in references}
    made = set(
        Preview.objects.filter(sha256__in=found.values(), size=size, failure="").values_list(
            "sha256", flat=True
        )
    )
    return {pk for pk, sha256 in found.items() if sha256 in made}


def same_content(reference: FileReference) -> QuerySet[FileReference]:
    """Other files with the very same content: one photograph handed in as proof of two things."""
    others: QuerySet[FileReference] = FileReference.objects.filter(blob=reference.blob_id).exclude(
        pk=reference.pk
    )
    return others.order_by("uploaded_at", "id")
