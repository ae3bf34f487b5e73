"""How a refusal of an action looks: the same words as page, as part of a page, and as note in a form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bihuan.journal.errors import NotVisible, Refused, Stale
from bihuan.journal.wording import listed
from bihuan.web.sections import Change, Conflict, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from bihuan.web.components import Shown, Words


def refusal_note(refused: Refused) -> Note:
    """For the head of a form: what is wrong, and what would be accepted."""
    return Note(title=refused.message, lines=[refused.accepted] if refused.accepted else [], tone="refusal")


def conflict_of(
    stale: Stale, *, labels: Mapping[str, Words] | None = None, typed: Mapping[str, Shown] | None = None
) -> Conflict:
    """For the head of a form whose subject changed meanwhile; `labels` and `typed` by field name."""
    names, mine = labels or {}, typed or {}
    changes = [
        Change(
            label=names.get(one.field, one.field),
            before=_plain(one.before),
            now=_plain(one.after),
            typed=mine.get(one.field),
        )
        for one in stale.changes
    ]
    last = stale.changes[-1] if stale.changes else None
    return Conflict(
        who=last.who if last else "", at=parse_datetime(last.at) if last else None, changes=changes
    )


def _plain(value: object) -> Shown:
    """A journal value as words: it may be any JSON."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list):
        return listed(str(one) for one in value)
    return str(value)


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Not seeing and not existing must look the same, so the one is answered with the page of the other."""
    part = request.headers.get("HX-Request") == "true"
    if isinstance(refused, NotVisible):
        return error_page(request, 404, part=part)
    context: dict[str, object] = {
        "status": refused.status,
        "title": _("没有办成"),
        "refused": refused,
        "note": refusal_note(refused),
    }
    if isinstance(refused, Stale):
        context |= {"title": _("别人先改了"), "conflict": replace(conflict_of(refused), form_below=False)}
    template = "web/errors/part.html" if part else "web/errors/refused.html"
    return render(request, template, context, status=refused.status)


def error_page(request: HttpRequest, status: int, *, part: bool = False) -> HttpResponse:
    template = "web/errors/part.html" if part else f"web/errors/{status}.html"
    context = {"status": status, "note": Note(title=_title(status), tone="refusal")}
    return render(request, template, context, status=status)


def _title(status: int) -> str:
    return {
        400: _("这个请求读不懂"),
        403: _("您的岗位不能办这件事"),
        404: _("没有这一页，或不在您的知悉范围内"),
    }.get(status, _("服务器出错了"))
