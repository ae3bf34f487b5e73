"""A unit's own sheet: seen, filled in here, taken along and brought back, and let pass by its head."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.files import store
from bihuan.files.taking_in import prepare
from bihuan.journal import access
from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.wording import listed
from bihuan.organizations.authority import in_unit
from bihuan.reviews import answering, forms, pressing, sheet_pages
from bihuan.reviews.below import sheets_below
from bihuan.reviews.comparing import Entry, compared
from bihuan.reviews.lines import lines_of
from bihuan.reviews.models import MonthlyReview, ReviewSheet
from bihuan.reviews.queries import named
from bihuan.reviews.returned_sheet import entries_in, marked_bytes, sheet_bytes
from bihuan.reviews.rules import Cell
from bihuan.reviews.verbs import LABELS, Verb
from bihuan.reviews.views.finding import find_sheet, read_what_led_here, serve

if TYPE_CHECKING:
    from bihuan.files.taking_in import Incoming
    from bihuan.organizations.acting import Request

SALT: Final = "bihuan.reviews.upload"
OPEN_FOR: Final = 24 * 60 * 60
MOST_BYTES: Final = 20 * 1024 * 1024
REFUSED: Final = 422
form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The sheet as it stands; sent, it reports what was changed."""
    found = find_sheet(request, pk)
    if request.method != "POST":
        read_what_led_here(request)
        context = sheet_pages.page_of_sheet(request.actor, found, key=str(uuid.uuid4()))
        return render(request, "reviews/sheet.html", context)
    entries = _entries_of(request)
    rest = answering.LATER if request.POST.get("later") else answering.UNCHANGED
    key = request.POST.get("idempotency_key", "")
    answer = answering.answer_sheet.call(key=key and f"form:{key}")
    try:
        answer(found, entries=entries, rest=rest, actor=request.actor)
    except NotVisible:
        raise
    except Refused as refused:
        context = sheet_pages.page_of_sheet(
            request.actor, found, key=str(uuid.uuid4()), entries=entries, refused=refused
        )
        return render(request, "reviews/sheet.html", context, status=refused.status)
    return _answered(request, pk)


def _answered(request: Request, pk: uuid.UUID) -> HttpResponse:
    after = ReviewSheet.objects.select_related("unit", "review").get(pk=pk)
    said = {
        ReviewSheet.State.PREPARED: _("已填好，等单位负责人审定。"),
        ReviewSheet.State.PART: _("已报这几行，其余的还可以接着报。"),
    }
    messages.success(request, said.get(ReviewSheet.State(after.state), _("调度表已报送，进展已记入各问题。")))
    owing = sheets_below(after)
    if owing:
        words = _("下级还有 %(n)s 个单位没有报：%(units)s。报上来的会直接记入台账，不用您再填。")
        messages.info(request, words % {"n": len(owing), "units": listed(one.unit.name for one in owing)})
    return redirect(reverse("reviews:sheet", args=[pk]))


def _entries_of(request: Request) -> list[Entry]:
    """Every row of the form. A cell that was not sent is one that could not be written."""
    entries = []
    for at, key in enumerate(request.POST.getlist("key")):
        sent = {cell.value: request.POST.get(f"{cell.value}_{at}") for cell in Cell}
        entries.append(Entry(key=key, cells={name: text for name, text in sent.items() if text is not None}))
    return entries


@require_safe
def download(request: Request, pk: uuid.UUID) -> FileResponse:
    """The sheet in Excel, to be filled in and sent back; who took it is in the access log."""
    found = find_sheet(request, pk)
    if found.review.state != MonthlyReview.State.ISSUED or not in_unit(request.actor, found.unit):
        raise Http404
    lines = lines_of(found, request.actor)
    access.record(request.actor, "export:reviews.sheet", subjects=[found], rows=len(lines))
    return _file(found, sheet_bytes(found, lines), _("调度表-%(unit)s-%(title)s.xlsx"))


@form_view
def upload(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send the filled sheet. What is wrong is named row by row, and a marked copy can be taken along."""
    found = find_sheet(request, pk)
    answering.answer_sheet.may(request.actor, [found], {})
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        **sheet_pages.page_around(found),
        "form": form,
        "title": _("上传调度表"),
        "submit_label": LABELS[Verb.ANSWER],
    }
    if request.method != "POST" or not form.is_valid():
        status = REFUSED if request.method == "POST" else 200
        return render(request, "reviews/upload.html", context, status=status)
    sent: Incoming | None = None
    try:
        sent = prepare(form.cleaned_data["file"], name=form.cleaned_data["file"].name, limit=MOST_BYTES)
        entries = entries_in(sent.name, _content(sent.sha256))
        rest = answering.LATER if form.cleaned_data["later"] else answering.UNCHANGED
        answering.answer_sheet(found, entries=entries, rest=rest, actor=request.actor)
    except NotVisible:
        raise
    except Refused as refused:
        context["note"] = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
        if sent is not None and "lines" in refused.data:
            written = compared(entries, lines_of(found, request.actor))
            context["wrong"] = sheet_pages.wrong_rows(written)
            context["marked_url"] = (
                f"{reverse('reviews:marked', args=[pk])}?file={_token(request, found, sent)}"
            )
        return render(request, "reviews/upload.html", context, status=refused.status)
    return _answered(request, pk)


def _token(request: Request, found: ReviewSheet, sent: Incoming) -> str:
    note = {
        "sha256": sent.sha256,
        "name": sent.name,
        "sheet": str(found.pk),
        "person": str(request.actor.person),
    }
    return signing.dumps(note, salt=SALT)


def _content(sha256: str) -> bytes:
    with store.open_stored(store.name_of(sha256)) as kept:
        content: bytes = kept.read()
    return content


@require_safe
def marked(request: Request, pk: uuid.UUID) -> FileResponse:
    """The file that was refused, with what is wrong marked; for who sent it, for a day."""
    found = find_sheet(request, pk)
    try:
        note = signing.loads(request.GET.get("file", ""), salt=SALT, max_age=OPEN_FOR)
        content = _content(note["sha256"])
    except (signing.BadSignature, FileNotFoundError) as error:
        raise Http404 from error
    if (note["sheet"], note["person"]) != (str(found.pk), str(request.actor.person)):
        raise Http404
    written = compared(entries_in(note["name"], content), lines_of(found, request.actor))
    return _file(found, marked_bytes(found, written), _("调度表-%(unit)s-要改的已标出.xlsx"))


def _file(found: ReviewSheet, content: bytes, name: str) -> FileResponse:
    filename = name % {"unit": found.unit.name, "title": named(found.review)}
    return FileResponse(BytesIO(content), as_attachment=True, filename=filename)


@form_view
def remind_below(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Remind those below who have not answered."""
    found = find_sheet(request, pk)
    return serve(request, Verb.REMIND_BELOW, pressing.remind_below, found, back=_page_of(found))


@form_view
def pass_sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The head lets it pass."""
    found = find_sheet(request, pk)
    return serve(request, Verb.PASS, answering.pass_sheet, found, back=_page_of(found))


@form_view
def return_sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The head sends it back."""
    found = find_sheet(request, pk)
    return serve(
        request, Verb.RETURN, answering.return_sheet, found, back=_page_of(found), form=forms.ReasonForm
    )


def _page_of(found: ReviewSheet) -> str:
    return reverse("reviews:sheet", args=[found.pk])
