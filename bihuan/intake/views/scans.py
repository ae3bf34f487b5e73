"""Scans that are being recognised: the batch's page shows them, and here one is stopped or put away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.intake.scans import running
from bihuan.intake.scans.scan import Scan
from bihuan.intake.views.finding import find_batch

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@require_POST
def cancel(request: HttpRequest, batch: UUID, scan: UUID) -> HttpResponse:
    """Stop one that is under way, of which nothing stays; or no longer show one that failed."""
    found: Scan | None = Scan.objects.filter(pk=scan, batch=batch).first()
    # Asked in any case, so that a missing one and a hidden one take the same way.
    find_batch(request, batch)
    if found is None:
        raise Http404
    was_moving = found.moving
    running.cancel(found)
    if was_moving:
        messages.success(request, _("已停下，这份扫描件没有留存。"))
    return redirect("intake:batch", batch)
