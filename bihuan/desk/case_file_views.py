"""Pages of case files: one at once, many by a job, and the list where they are found again."""

from __future__ import annotations

import tempfile
import uuid
from typing import IO, Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.desk import case_file_binding as binding
from bihuan.desk.case_file import RELATED, case_file_of
from bihuan.desk.case_file_archive import Archive, folder_of
from bihuan.desk.case_file_word import size_words
from bihuan.desk.models import Binding
from bihuan.files import store
from bihuan.journal import access, timesource
from bihuan.journal.action import NotAllowed, Refused
from bihuan.ledger.forms import picked
from bihuan.ledger.listing import Filters, slice_of
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.acting import Request
from bihuan.organizations.sight import sight_of
from bihuan.web import components as ui

KEPT_IN_MEMORY: Final = 8 * 1024 * 1024
SHOWN: Final = 30
WHY: Final = {
    "post": gettext_lazy("您已不在当时的岗位上，请用现在的岗位重新装订。"),
    "nothing": gettext_lazy("选中的问题您现在都看不到了。"),
    "too_large": gettext_lazy("附件太大，超出一个压缩包的上限，请分批装订。"),
    "error": gettext_lazy("装订时出错，请再装订一次；仍不行请告诉系统管理员。"),
    "expunged": gettext_lazy("有内容按规定清除，此前装订的卷宗一并清除，可以重新装订。"),
}


@require_safe
def case_file(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    """The case file of one problem, bound while one waits."""
    found = visible(request.actor, Problem.objects.select_related(*RELATED)).filter(pk=pk).first()
    if found is None:
        raise Http404
    at = timesource.now()
    # The response closes the file when it was sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    with Archive(file, at) as archive:
        written = archive.bind(case_file_of(request.actor, found, at))
    file.seek(0)
    binding.enter(request.actor, found, manifest=written.manifest_sha256, files=written.files)
    return _sent(file, _("卷宗-%(number)s.zip") % {"number": folder_of(found.problem_no)})


@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: Request) -> HttpResponse:
    """Ask for the case files of the ticked problems, or of a slice; a job binds them."""
    problems = _chosen(request)
    context: dict[str, Any] = {
        "title": _("装订卷宗"),
        "submit_label": _("装订"),
        "subjects": [f"{problem.problem_no}　{problem.title}" for problem in problems[: binding.MOST]],
        "cancel_url": reverse("desk:ledger"),
        "most": binding.MOST,
        "kept_days": binding.kept_days(request.actor.post),
    }
    try:
        binding.refuse_number(len(problems))
        if request.method == "POST":
            binding.ask(request.actor, problems)
            messages.success(request, _("已开始装订，可以离开，完成后在“卷宗”页下载。"))
            return redirect("desk:case_files")
    except Refused as refused:
        context["note"] = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
        return render(request, "desk/bind.html", context, status=refused.status)
    return render(request, "desk/bind.html", context)


def _chosen(request: Request) -> list[Problem]:
    """One more than may be bound, so that too many is noticed; by number, as the folders will stand."""
    if sight_of(request.actor).nothing:
        raise Http404
    if request.GET.get("scope") == "all":
        found = slice_of(request.actor, Filters.from_query(QueryDict(request.GET.get("filter", ""))))
    else:
        ids = picked(request.GET.getlist("pick"))
        found = visible(request.actor, Problem.objects.filter(pk__in=ids))
    rows: list[Problem] = list(
        found.only("id", "problem_no", "title").order_by("problem_no")[: binding.MOST + 1]
    )
    return rows


@require_safe
def bindings(request: Request) -> HttpResponse:
    """What one asked for, newest first; while something is under way the page asks again by itself."""
    rows = list(_own(request).order_by("-asked_at")[:SHOWN])
    first = visible(request.actor, Problem.objects.filter(pk__in=[row.problems[0] for row in rows]))
    numbers = {str(pk): number for pk, number in first.values_list("pk", "problem_no")}
    context = {
        "bindings": [_shown(row, numbers) for row in rows],
        "moving": any(row.state in binding.UNFINISHED for row in rows),
        "kept_days": binding.kept_days(request.actor.post),
        "empty": ui.Empty(
            title=_("还没有装订过卷宗"),
            sentence=_("在台账里勾选问题后点“装订卷宗”；单个问题可在问题页直接装订下载。"),
            link=ui.Link(words=_("去台账"), url=reverse("desk:ledger")),
        ),
    }
    return render(request, "desk/case_files.html", context)


@require_safe
def fetch(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    """The finished archive, to who asked for it, in the same post, while they still see all that is in it."""
    row = _own_one(request, pk)
    if row.state != Binding.State.READY or (row.kept_until and row.kept_until < timesource.now()):
        raise Http404
    seen = visible(request.actor, Problem.objects.filter(pk__in=row.problems)).count()
    if seen != row.total:
        raise NotAllowed(
            _("其中有您现在看不到的问题，这份卷宗不能再下载。"), accepted=_("请重新选择问题装订。")
        )
    try:
        file = store.open_stored(row.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    access.record(request.actor, "download:case_files", rows=row.total, binding=str(row.pk))
    day = timezone.localdate(row.asked_at).isoformat()
    return _sent(file, _("卷宗-%(day)s-%(count)d件.zip") % {"day": day, "count": row.total})


@require_POST
def bind_again(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Once more, after a failure or when the days were over."""
    binding.again(_own_one(request, pk))
    return redirect("desk:case_files")


def _own(request: Request) -> Any:
    """The person's, asked for from the post in use: another post sees other things."""
    person, post = request.actor.person, request.actor.post
    if person is None or post is None or sight_of(request.actor).nothing:
        raise Http404
    return Binding.objects.filter(person=person, post=post)


def _own_one(request: Request, pk: uuid.UUID) -> Binding:
    row: Binding | None = _own(request).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _shown(row: Binding, numbers: dict[str, str]) -> dict[str, Any]:
    state = Binding.State(row.state)
    number = numbers.get(row.problems[0], "")
    if number and row.total > 1:
        title = _("%(number)s 等 %(count)d 件卷宗") % {"number": number, "count": row.total}
    else:
        title = number or _("%(count)d 件卷宗") % {"count": row.total}
    return {
        "id": row.pk,
        "title": title,
        "asked_at": row.asked_at,
        "state": state.label,
        "moving": state in binding.UNFINISHED,
        "ready": state is Binding.State.READY,
        "again": state in (Binding.State.FAILED, Binding.State.GONE),
        "why": WHY.get(row.failure, ""),
        "progress": {"title": state.label, "done": row.done, "total": row.total},
        "size": size_words(row.size),
        "kept_until": row.kept_until,
    }


def _sent(file: IO[bytes], name: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response
