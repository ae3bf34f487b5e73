"""Batches: the list, a new one, its page with the files, sending files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.intake import actions, queries
from bihuan.intake.forms import BatchForm, UploadForm
from bihuan.intake.sealing.sample_page import seal_offer
from bihuan.intake.unpacking import Handed
from bihuan.intake.views.finding import find_batch, require_desk
from bihuan.ledger.actions import create_batch
from bihuan.organizations.action_pages import ActionPage, act_on_form
from bihuan.organizations.authority import jurisdiction_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from bihuan.ledger.models import Batch


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Every batch with its meter."""
    actor = require_desk(request)
    return render(request, "intake/list.html", {"rows": queries.batch_rows(actor)})


@require_http_methods(["GET", "HEAD", "POST"])
def new_batch(request: HttpRequest) -> HttpResponse:
    """Open a batch in one's own jurisdiction."""
    actor = require_desk(request)
    place = jurisdiction_of(actor)

    def form(*args: Any) -> BatchForm:
        return BatchForm(*args, actor=actor)

    def call(values: dict[str, Any], meta: dict[str, Any]) -> Batch:
        return create_batch.call(key=meta["key"])(jurisdiction=place, actor=actor, **values)  # type: ignore[arg-type]

    page = ActionPage(
        title=_("新建批次"),
        done=lambda batch: reverse("intake:batch", args=[batch.pk]),
        consequence=_("建好以后上传这一批的反馈文件；全部片段有交代后由第二人封账。"),
        submit_label=_("建立批次"),
        said=_("批次已建立，请上传反馈文件。"),
        cancel_url=reverse("intake:list"),
        crumbs=[_crumb()],
    )
    return act_on_form(request, form, page, call)


@require_safe
def batch_page(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The files of a batch, the meter, and where to send more."""
    found = find_batch(request, batch)
    return render(request, "intake/batch.html", _batch_context(request, found, UploadForm()))


def _batch_context(request: HttpRequest, batch: Batch, form: UploadForm) -> dict[str, Any]:
    meter = queries.meter_of(queries.standing_of(batch))
    scans = queries.scans_of(batch)
    return {
        "batch": batch,
        "rows": queries.document_rows(batch),
        "scans": scans,
        "scans_moving": any(scan.moving for scan in scans),
        "meter": meter,
        "seal": seal_offer(batch, meter, request.actor),  # type: ignore[attr-defined]
        "problems": batch.problems.count(),
        "certificates": batch.certificates.select_related("file").order_by("-number"),
        "form": form,
        "crumbs": [_crumb(), {"words": batch.code, "url": ""}],
    }


@require_POST
def upload(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take files in. A script sends them one by one and hears of each; a plain form sends all and comes back."""
    found = find_batch(request, batch)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "intake/batch.html", _batch_context(request, found, form), status=422)
    handed = (Handed(file.name, file.read()) for file in form.cleaned_data["files"])
    results = list(actions.receive_each(handed, found, actor=request.actor))  # type: ignore[attr-defined]
    if request.headers.get("X-One-By-One"):
        status = 200 if all(result.refusal is None for result in results) else 422
        return render(request, "intake/_received.html", {"results": results, "batch": found}, status=status)
    for result in results:
        if result.scan is not None:
            messages.success(request, _("“%(file)s”是扫描件，正在识别文字。") % {"file": result.name})
        elif result.refusal is None:
            messages.success(request, _("“%(file)s”已收下。") % {"file": result.name})
        else:
            messages.error(request, str(result.refusal))
    return redirect("intake:batch", found.pk)


def _crumb() -> dict[str, str]:
    return {"words": _("摸底"), "url": reverse("intake:list")}
