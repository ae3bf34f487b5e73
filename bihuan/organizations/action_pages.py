"""One view for the form of any action: shown, sent, refused in place with every word kept, or done and led on.

A room gives the form, the page's words and the call; sight and authority are the action's affair. `meta` is what
belongs to the call: an idempotency key, so that a second click does nothing twice, and the last event of each subject
the person had seen, so that somebody else's change is not overwritten unread.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime

from bihuan.journal.errors import NotVisible, Refused, Stale
from bihuan.journal.models import StreamHead
from bihuan.journal.records import Record

if TYPE_CHECKING:
    from bihuan.journal.action import Verb
    from bihuan.organizations.acting import Request

Meta = dict[str, Any]
SEEN = "seen"
KEY = "idempotency_key"


@dataclass(frozen=True, kw_only=True)
class ActionPage:
    """The words around a form. `done` leads on from the action's result; `labels` name columns in a conflict."""

    title: Any
    done: Callable[[Any], str]
    consequence: Any = ""
    submit_label: Any = ""
    said: Any = ""
    cancel_url: str = ""
    subjects: Sequence[Any] = ()
    crumbs: Sequence[Any] = ()
    labels: Mapping[str, Any] = field(default_factory=dict)
    template: str = "web/action_form.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def act_on_form(
    request: HttpRequest,
    form_class: Callable[..., forms.BaseForm],
    page: ActionPage,
    call: Callable[[dict[str, Any], Meta], Any],
    *,
    subjects: Sequence[Record] = (),
) -> HttpResponse:
    """GET shows the form; POST calls the action, and answers 422 or 409 with the form as typed when refused."""
    if request.method != "POST":
        return _show(request, form_class(), page, seen_now(subjects), str(uuid.uuid4()), status=200)
    form = form_class(request.POST, request.FILES)
    seen, key = request.POST.get(SEEN, ""), request.POST.get(KEY, "")
    if not form.is_valid():
        return _show(request, form, page, seen, key, status=422)
    try:
        result = call(dict(form.cleaned_data), {"key": key and f"form:{key}", "seen": read_seen(seen)})
    except NotVisible:
        raise
    except Stale as stale:
        # What was read is now the present state: sending again is a decision made knowing it.
        return _show(
            request,
            form,
            page,
            seen_now(subjects),
            str(uuid.uuid4()),
            status=stale.status,
            conflict=_conflict(stale, page, form),
        )
    except Refused as refused:
        return _show(
            request, form, page, seen, str(uuid.uuid4()), status=refused.status, note=_note(refused, form)
        )
    if page.said:
        messages.success(request, str(page.said))
    return redirect(page.done(result))


def act_on_record(
    request: Request,
    action: Verb[..., Any],
    record: Record,
    page: ActionPage,
    *,
    form_class: Callable[..., forms.BaseForm] = forms.Form,
    given: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> HttpResponse:
    """The form of an action on one record; without fields of its own pressing is the deed.

    `given` makes the action's arguments of what was filled in. The caller has found the record for this reader.
    """

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(record, **given(cleaned), actor=request.actor)

    return act_on_form(request, form_class, page, call, subjects=[record])


def seen_now(subjects: Sequence[Record]) -> str:
    """The last event of each subject, as a hidden field carries it."""
    heads = StreamHead.objects.filter(pk__in=[subject.pk for subject in subjects]).values_list("pk", "seq")
    return ",".join(f"{pk}:{seq}" for pk, seq in heads)


def read_seen(text: str) -> dict[uuid.UUID, int]:
    """What the hidden field said; a damaged one says nothing, and then nothing can be called stale."""
    found: dict[uuid.UUID, int] = {}
    for part in text.split(","):
        pk, _, seq = part.partition(":")
        try:
            found[uuid.UUID(pk)] = int(seq)
        except ValueError:
            continue
    return found


def _show(
    request: HttpRequest,
    form: forms.BaseForm,
    page: ActionPage,
    seen: str,
    key: str,
    *,
    status: int,
    **more: Any,
) -> HttpResponse:
    if SEEN not in form.fields:
        form.fields[SEEN] = forms.CharField(widget=forms.HiddenInput, required=False)
    if form.is_bound:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data[SEEN] = seen  # type: ignore[index]
    else:
        form.initial[SEEN] = seen
    context = {
        "title": page.title,
        "form": form,
        "consequence": page.consequence,
        "submit_label": page.submit_label,
        "cancel_url": page.cancel_url,
        "subjects": page.subjects,
        "crumbs": page.crumbs,
        "idempotency_key": key,
        **page.context,
        **more,
    }
    return render(request, page.template, context, status=status)


def _note(refused: Refused, form: forms.BaseForm) -> dict[str, Any]:
    """The refusal at the head of the form, and beside its field where it names one."""
    if refused.field in form.fields:
        form.add_error(refused.field, str(refused))
    return {
        "title": refused.message,
        "lines": [refused.accepted] if refused.accepted else [],
        "tone": "refusal",
    }


def _conflict(stale: Stale, page: ActionPage, form: forms.BaseForm) -> dict[str, Any]:
    last = stale.changes[-1]
    return {
        "who": last.who,
        "at": parse_datetime(last.at),
        "changes": [
            {
                "label": page.labels.get(change.field, change.field),
                "before": _plain(change.before),
                "now": _plain(change.after),
                "typed": _plain(form.data.get(change.field)),
            }
            for change in stale.changes
        ],
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else str(value)
