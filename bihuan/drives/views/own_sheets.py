"""A unit's own sheet: sent as it is, and where nobody knows its columns, they are asked for once.

A file that was refused because no table in it was recognised is not asked for again: its content is kept for the upload
already, and a signed note of which one it is leads to the page of its columns, for this person and this line alone.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.drives import actions, forms, pages
from bihuan.drives.policy import may_answer
from bihuan.drives.verbs import Verb
from bihuan.drives.views.finding import find_line, serve
from bihuan.files import store
from bihuan.files.taking_in import prepare
from bihuan.intake.imports.asked_tables import Table, facts_chosen, lines_chosen, said_of, tables_of
from bihuan.intake.source_columns import READ_FACTS, known_columns
from bihuan.journal.action import Refused

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from bihuan.drives.models import DriveLine
    from bihuan.files.taking_in import Incoming
    from bihuan.organizations.acting import Request

SALT: Final = "bihuan.drives.own_sheet"
OPEN_FOR: Final = 24 * 60 * 60
REFUSED: Final = 422
form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send the unit's own sheet."""
    found = find_line(request, pk)
    sent: list[Incoming] = []

    def given(cleaned: Mapping[str, Any]) -> dict[str, Any]:
        sent.append(prepare(cleaned["file"], name=cleaned["file"].name, is_source=True))
        return {"file": sent[0]}

    answer = serve(
        request,
        Verb.ANSWER_FILE,
        actions.answer_with_file,
        found,
        form=forms.SheetForm,
        back=_page_of(found),
        given=given,
        said=_("已收下，等整改办审核。"),
    )
    if answer.status_code == REFUSED and sent and _wants_columns(found, sent[0]):
        note = {"sha256": sent[0].sha256, "name": sent[0].name}
        token = signing.dumps({**note, "line": str(pk), "person": str(request.actor.person)}, salt=SALT)
        return redirect(f"{reverse('drives:columns', args=[pk])}?{urlencode({'file': token})}")
    return answer


@form_view
def columns(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What the columns of a sheet are that was sent and not understood; saying so hands it in."""
    found = find_line(request, pk)
    may_answer(request.actor, [found], {})
    given = request.POST if request.method == "POST" else request.GET
    token = given.get("file", "")
    name, content = _sent_before(request, found, token)
    tables = _tables(found, name, content, lines_chosen(given))
    note = None
    if request.method == "POST":
        try:
            said = said_of(tables, facts_chosen(tables, request.POST))
            file = prepare(BytesIO(content), name=name, is_source=True)
            actions.answer_with_file(found, file=file, columns=said, actor=request.actor)
        except Refused as refused:
            note = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
        else:
            return redirect(_page_of(found))
    context = {
        "line": found,
        "file_name": name,
        "token": token,
        "tables": tables,
        "facts": list(READ_FACTS.items()),
        "note": note,
        "crumbs": [*pages.crumbs(), {"words": str(found.drive), "url": _page_of(found)}],
    }
    return render(request, "drives/columns.html", context, status=REFUSED if note else 200)


def _sent_before(request: Request, found: DriveLine, token: str) -> tuple[str, bytes]:
    """The file the note speaks of, if it was written for this person and this line, not too long ago."""
    try:
        note = signing.loads(token, salt=SALT, max_age=OPEN_FOR)
    except signing.BadSignature as error:
        raise Http404 from error
    if (note["line"], note["person"]) != (str(found.pk), str(request.actor.person)):
        raise Http404
    try:
        with store.open_stored(store.name_of(note["sha256"])) as kept:
            return note["name"], kept.read()
    except FileNotFoundError as error:
        raise Http404 from error


def _wants_columns(found: DriveLine, file: Incoming) -> bool:
    """Whether there is a table in the file, and none of which it is known what its columns are."""
    with store.open_stored(store.name_of(file.sha256)) as kept:
        content = kept.read()
    try:
        tables = _tables(found, file.name, content, {})
    except Refused:
        return False
    return bool(tables) and not any(table.recognised for table in tables)


def _tables(found: DriveLine, name: str, content: bytes, lines: Mapping[int, int]) -> list[Table]:
    known = known_columns(found.drive.batch, found.unit)
    return tables_of(name, content, remembered=known, lines=lines)


def _page_of(found: DriveLine) -> str:
    return reverse("drives:line", args=[found.pk])
