"""Pages of the shell itself: where one lands, the joined stylesheet, errors, lock-out, the style guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from bihuan.web import showcase
from bihuan.web.context import Shell, demonstrates
from bihuan.web.refusals import error_page
from bihuan.web.stylesheet import stylesheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

FOREVER = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The first place of the person who is signed in: my desk, where it is served."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    first = next(iter(Shell(request).places), None)
    if first is None:
        return render(request, "web/nowhere.html", status=200)
    return redirect(first.url)


@login_not_required
@require_safe
def site_stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The joined stylesheet. An old name still answers, so that a page opened before an update keeps its look."""
    sheet = stylesheet()
    squeezed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        sheet.squeezed if squeezed else sheet.text, content_type="text/css; charset=utf-8"
    )
    if squeezed:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = FOREVER if digest == sheet.digest else "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this name on answers that are no pages of ours (JSON, downloads)."""
    return redirect(static("web/img/icon.svg"))


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component at work; only for those who build: while debugging, or in a demonstration."""
    if not _may_show_styleguide():
        raise Http404
    return render(request, "web/styleguide.html", showcase.everything())


@login_not_required
def styleguide_dialog(request: HttpRequest) -> HttpResponse:
    """A form that is never satisfied: sent, it comes back with its errors and every word typed."""
    if not _may_show_styleguide():
        raise Http404
    sent = request.method == "POST"
    context = {
        "title": "审核延期申请",
        "form": showcase.SampleForm(request.POST, request.FILES) if sent else showcase.SampleForm(),
        "consequence": "同意后转市生态环境局会签；期限改为填写的日期。",
        "submit_label": "同意",
        "cancel_url": reverse("web:styleguide"),
        "subjects": request.GET.getlist("pick"),
    }
    return render(request, "web/action_form.html", context, status=422 if sent else 200)


def _may_show_styleguide() -> bool:
    return settings.DEBUG or demonstrates()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400, part=_is_part(request))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403, part=_is_part(request))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404, part=_is_part(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of request, session or database: any of them may be what failed."""
    return HttpResponse(render_to_string("web/errors/500.html", {"status": 500}), status=500)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is old (signed out in another window, cookies cleared): say how to go on."""
    return render(request, "web/errors/form_expired.html", {"status": 403}, status=403)


@login_not_required
def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Too many wrong passwords. It never says whether the account exists."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "web/errors/locked_out.html", {"status": 429, "minutes": minutes}, status=429)


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
