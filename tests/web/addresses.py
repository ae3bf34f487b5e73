"""The addresses of these tests: the shell, the accounts, and views that fail in every way a view can."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from bihuan.journal.errors import ForeignChange, NotAllowed, NotVisible, Refused, Stale

handler400 = "bihuan.web.views.bad_request"
handler403 = "bihuan.web.views.permission_denied"
handler404 = "bihuan.web.views.page_not_found"
handler500 = "bihuan.web.views.server_error"

COOLOFF = timedelta(minutes=15)


def _fails_with(error: Exception):
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


@login_not_required
def elsewhere(request: HttpRequest) -> HttpResponse:
    messages.success(request, "已签收 3 件")
    return redirect("/styleguide/")


@login_not_required
def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html>")


CHANGE = ForeignChange(
    record="problem",
    field="lead_unit",
    before="平桥县水利局",
    after="平桥县农业农村局",
    who="沈砚",
    verb="ledger.assign",
    at="2026-11-23T10:12:00+08:00",
)
FAILING = {
    "bad": BadRequest("?"),
    "forbidden": PermissionDenied(),
    "gone": Http404("secret words"),
    "broken": RuntimeError("secret words"),
    "refused": Refused("期限不能早于今天", accepted="请填 2026-11-24 或更晚的日期"),
    "not-allowed": NotAllowed("您的岗位不能批准延期", accepted="请送分管负责人批准"),
    "not-visible": NotVisible("secret words"),
    "stale": Stale("别人先改了", changes=[CHANGE]),
}

ledger = (
    [
        path("", plain, name="list"),
        path("one/", plain, name="problem"),
        path("archive/", plain, name="archive"),
        path("archive/one/", plain, name="archived"),
    ],
    "ledger",
)
measures = ([path("", plain, name="list")], "rectification")
desk = ([path("", plain, name="desk")], "desk")

urlpatterns = [
    path("", include("bihuan.web.urls")),
    path("account/", include("allauth.urls")),
    path("ledger/", include(ledger)),
    path("measures/", include(measures)),
    path("desk/", include(desk)),
    path("elsewhere/", elsewhere),
    *[path(f"{name}/", _fails_with(error)) for name, error in FAILING.items()],
]
