"""Handing a file out: only to who sees its subject, never so that a browser would run it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.files import store
from bihuan.files.models import FileReference, PreviewSize
from bihuan.files.policy import may_read_camera, may_see
from bihuan.files.without_camera import handed_out_picture
from bihuan.journal import access

if TYPE_CHECKING:
    import uuid

    from django.http.response import HttpResponseBase

    from bihuan.journal.action import Actor

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
def download(request: HttpRequest, reference: uuid.UUID) -> HttpResponseBase:
    """The file itself, as an attachment."""
    found = _visible(request, reference, "files.download")
    if not found.blob.kept:
        return HttpResponse(_("文件内容已按规定清除。"), status=410, content_type="text/plain; charset=utf-8")
    if _tells_too_much(request, found):
        return _without_camera_data(found)
    response = _sent(store.name_of(found.blob.sha256))
    response["Content-Type"] = "application/octet-stream"
    if (
        found.blob.media_type.startswith(("image/", "video/", "audio/"))
        or found.blob.media_type == "application/pdf"
    ):
        response["Content-Type"] = found.blob.media_type
    response["Content-Disposition"] = _attachment(found.name)
    response["Cache-Control"] = "private, no-store"
    return response


def _tells_too_much(request: HttpRequest, found: FileReference) -> bool:
    """Whether it is a picture, for somebody who is not to know when and where it was taken."""
    return found.blob.media_type.startswith("image/") and not may_read_camera(
        getattr(request, "actor", None), found
    )


def _without_camera_data(found: FileReference) -> HttpResponseBase:
    """The same picture without time, place and device; where it cannot be taken apart, the picture drawn from it."""
    shown = handed_out_picture(found.blob.sha256, found.blob.media_type)
    if shown is None:
        raise Http404
    content, ending = shown
    response = _guarded(FileResponse(BytesIO(content)))
    response["Content-Type"] = f"image/{ending}" if ending else found.blob.media_type
    name = f"{found.name.rpartition('.')[0]}.{ending}" if ending else found.name
    response["Content-Disposition"] = _attachment(name)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def preview(request: HttpRequest, reference: uuid.UUID, size: str) -> HttpResponseBase:
    """A picture of the file, drawn by us, without what the camera wrote into it."""
    found = _visible(request, reference, "files.preview")
    if size not in PreviewSize.values or not found.blob.kept:
        raise Http404
    response = _sent(store.preview_name(found.blob.sha256, size))
    response["Content-Type"] = "image/webp"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _visible(request: HttpRequest, reference: uuid.UUID, what: str) -> FileReference:
    """The reference, or 404 whether it does not exist or is not this person's to see."""
    actor: Actor | None = getattr(request, "actor", None)
    found: FileReference | None = FileReference.objects.select_related("blob").filter(pk=reference).first()
    if found is None:
        raise Http404
    if not may_see(actor, found):
        if actor is not None:
            access.record(actor, f"refused:{what}", outcome="NotVisible", subjects=[found])
        raise Http404
    return found


def _sent(name: str) -> FileResponse:
    try:
        content: BinaryIO = store.open_stored(name)
    except FileNotFoundError:
        raise Http404 from None
    return _guarded(FileResponse(content))


def _guarded(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
