"""One's own keys for programs: the list, making one (shown a single time), withdrawing one."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from bihuan.exchange import actions, forms
from bihuan.exchange.queries import keys_of, opens
from bihuan.exchange.verbs import LABELS, ExchangeVerb
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form, act_on_record
from bihuan.organizations.authority import acts_as_administrator

if TYPE_CHECKING:
    import uuid

    from bihuan.exchange.models import ApiKey
    from bihuan.organizations.acting import Request

KEY_BYTES = 32


@require_safe
def keys(request: Request) -> HttpResponse:
    """The person's keys."""
    context = {
        "title": _("接口密钥"),
        "table": _table(list(keys_of(request.actor))),
        "may_make": not acts_as_administrator(request.actor),
    }
    return render(request, "exchange/keys.html", context)


@never_cache
@sensitive_variables("key", "shown")
def make_key(request: Request) -> HttpResponse:
    """Make one: the answer to the form is the only place where it is ever written."""
    shown: list[str] = []

    def call(cleaned: dict[str, Any], meta: Meta) -> ApiKey:
        key = secrets.token_urlsafe(KEY_BYTES)
        made = actions.make_key.call(**meta)(digest=actions.digest_of(key), actor=request.actor, **cleaned)
        # A form sent twice is one call: what it made the first time opens with the key of that time.
        if made.digest == actions.digest_of(key):
            shown.append(key)
        return made

    page = ActionPage(
        title=LABELS[ExchangeVerb.MAKE_KEY],
        consequence=_("程序持此密钥，可以办理您在当前岗位上能办的一切事项，日志记您的名。只显示一次。"),
        cancel_url=reverse("exchange:keys"),
        done=lambda _made: reverse("exchange:keys"),
    )
    response = act_on_form(request, partial(forms.KeyForm, actor=request.actor), page, call)
    if not shown:
        return response
    return render(request, "exchange/made.html", {"title": page.title, "key": shown[0]})


def withdraw_key(request: Request, pk: uuid.UUID) -> HttpResponse:
    """End one of one's own."""
    key = keys_of(request.actor).filter(pk=pk).first()
    if key is None:
        raise Http404
    page = ActionPage(
        title=LABELS[ExchangeVerb.WITHDRAW_KEY],
        consequence=_("用它的程序立刻不能再进来。不能恢复，需要时另行签发。"),
        subjects=[key.purpose],
        cancel_url=reverse("exchange:keys"),
        done=lambda _none: reverse("exchange:keys"),
        said=_("密钥已停用。"),
    )
    return act_on_record(request, actions.withdraw_key, key, page)


def _table(rows: list[ApiKey]) -> dict[str, Any]:
    return {
        "caption": _("接口密钥"),
        "columns": [
            {"key": "purpose", "label": _("用途")},
            {"key": "post", "label": _("以谁的名义")},
            {"key": "made", "label": _("签发")},
            {"key": "until", "label": _("有效期至")},
            {"key": "state", "label": _("状态")},
            {"key": "act", "label": _("办理")},
        ],
        "rows": [
            {
                "id": str(key.pk),
                "cells": [
                    key.purpose,
                    f"{key.post.unit} · {key.post.name}",
                    key.made_at,
                    key.expires_on,
                    _state(key),
                    _withdrawing(key),
                ],
            }
            for key in rows
        ],
        "empty": {
            "title": _("还没有接口密钥"),
            "sentence": _("别的系统要以您的名义办理或读取时才需要。"),
        },
    }


def _state(key: ApiKey) -> str:
    if key.withdrawn_at is not None:
        return _("已停用")
    return _("有效") if opens(key) else _("已到期")


def _withdrawing(key: ApiKey) -> dict[str, Any] | str:
    if not opens(key):
        return ""
    return {"piece": "link", "words": _("停用"), "url": reverse("exchange:withdraw_key", args=[key.pk])}
