"""A person's messages: read by opening what they point to, or all at once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.messages import queries
from bihuan.messages.kinds import words_of

if TYPE_CHECKING:
    from bihuan.messages.models import Message


def _person(request: HttpRequest) -> uuid.UUID | None:
    """Who is signed in, as the room above left it on the request."""
    actor = getattr(request, "actor", None)
    return actor.person if actor is not None else None


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """A page of messages, the newest first."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    found = queries.recent(person, before=_cursor(request.GET.get("before", "")))
    context = {
        "title": _("消息"),
        "unread": queries.unread_count(person),
        "table": {
            "caption": _("消息"),
            "columns": [
                {"key": "title", "label": _("内容")},
                {"key": "no", "label": _("编号")},
                {"key": "since", "label": _("时间")},
                {"key": "read", "label": ""},
            ],
            "rows": [_row(message) for message in found],
            "empty": {"title": _("没有消息"), "sentence": _("有事等您办理时，这里和工作台会提示。")},
            "pager": {"next_url": f"?before={found[-1].pk}"} if len(found) == queries.PAGE else None,
        },
    }
    return render(request, "messages/list.html", context)


def _row(message: Message) -> dict[str, Any]:
    chip: Any = "" if message.read_at else {"piece": "chip", "words": _("未读"), "tone": "strong"}
    cells = [words_of(message), message.number, timezone.localtime(message.created_at), chip]
    return {"id": str(message.pk), "url": message.link, "cells": cells}


def _cursor(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    queries.mark_read(person)
    return redirect("messages:list")
