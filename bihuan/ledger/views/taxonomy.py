"""The office's own lists: reading them, and the forms by which each place keeps its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.journal.action import NotAllowed
from bihuan.ledger import actions
from bihuan.ledger import taxonomy_forms as forms
from bihuan.ledger.models import LocalWording, Sector, Source, TermKind
from bihuan.ledger.models.taxonomy import Labelled
from bihuan.ledger.pages import taxonomy as pages
from bihuan.ledger.taxonomy import LIST_NAMES, entries_of, inherited_by
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.acting import Request
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.models import Unit


def _place_of(request: Request) -> Unit:
    """The jurisdiction whose lists are read: that of the post in use."""
    place = jurisdiction_of(request.actor)
    if place is None:
        raise NotAllowed(_("您的岗位不属于任何设有整改办的单位。"), accepted=_("请换用有岗位的身份。"))
    return place


def _entry(place: Unit, list_name: str, pk: uuid.UUID) -> Labelled:
    """An entry of the list as it stands in this place; those of places elsewhere are not there."""
    if list_name not in LIST_NAMES:
        raise Http404
    found: Labelled | None = inherited_by(entries_of(list_name), place).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def lists(request: Request) -> HttpResponse:
    """One list; the tabs lead to the others."""
    asked = request.GET.get("list", "")
    list_name = asked if asked in LIST_NAMES else LIST_NAMES[0]
    past = request.GET.get("past") == "1"
    context = pages.list_context(request.actor, _place_of(request), list_name, past=past)
    return render(request, "ledger/lists.html", context)


@require_safe
def entry(request: Request, list_name: str, pk: uuid.UUID) -> HttpResponse:
    """One entry."""
    place = _place_of(request)
    context = pages.entry_context(request.actor, place, _entry(place, list_name, pk))
    return render(request, "ledger/entry.html", context)


def add_entry(request: Request, list_name: str) -> HttpResponse:
    """A new entry in the list of one's own place."""
    if list_name not in LIST_NAMES:
        raise Http404
    place = _place_of(request)
    actions.add_entry.may(request.actor, [], {"jurisdiction": place})

    def call(cleaned: dict[str, Any], meta: Meta) -> Labelled:
        return actions.add_entry.call(**meta)(
            list_name=list_name, jurisdiction=place, actor=request.actor, **cleaned
        )

    form = forms.AddSectorForm if list_name == Sector.Stream.kind else forms.AddEntryForm
    page = ActionPage(
        title=_("增加：%(list)s") % {"list": pages.list_label(list_name)},
        consequence=_("本级和所有下级从启用日起都可以选它。"),
        submit_label=_("增加"),
        cancel_url=f"{reverse('ledger:lists')}?list={list_name}",
        done=lambda made: reverse("ledger:entry", args=[list_name, made.pk]),
    )
    return act_on_form(request, form, page, call)


def edit_entry(request: Request, list_name: str, pk: uuid.UUID) -> HttpResponse:
    """Names, dates, order."""
    found = _entry(_place_of(request), list_name, pk)
    initial = {name: getattr(found, name) for name in forms.EditEntryForm.base_fields}
    form = partial(forms.EditEntryForm, initial=initial)
    return _serve(
        request,
        found,
        form,
        actions.edit_label,
        then=_("代码不变；已登记的资金保留登记时的叫法。")
        if list_name == TermKind.MONEY_WAY
        else _("代码不变，已归入的问题跟着改叫法。"),
    )


def retire_entry(request: Request, list_name: str, pk: uuid.UUID) -> HttpResponse:
    """The last day of an entry."""
    found = _entry(_place_of(request), list_name, pk)
    then = _("不能再选；已归入的问题、规则和统计照旧。")
    return _serve(request, found, forms.RetireForm, actions.retire_entry, then=then)


def move_sector(request: Request, list_name: str, pk: uuid.UUID) -> HttpResponse:
    """Another place in the tree."""
    found = _entry(_place_of(request), list_name, pk)
    if not isinstance(found, Sector):
        raise Http404
    form = partial(forms.MoveForm, sector=found)
    then = _("新位置立新代码，旧的今天起停用并指向新的；已归入的问题和按旧代码定的规则不动。")
    return _serve(request, found, form, actions.move_sector, then=then)


def edit_customs(request: Request, list_name: str, pk: uuid.UUID) -> HttpResponse:
    """How problems of a source are handled."""
    found = _entry(_place_of(request), list_name, pk)
    if not isinstance(found, Source):
        raise Http404
    sent: list[forms.CustomsForm] = []

    def form(*data: Any) -> forms.CustomsForm:
        sent.append(forms.CustomsForm(*data, initial=forms.CustomsForm.initial_of(found)))
        return sent[-1]

    then = _("从现在起，这个来源的问题按新的办法验收、公示和销号。")
    return _serve(
        request, found, form, actions.edit_customs, then=then,
        arguments=lambda _cleaned: sent[-1].arguments(),
    )  # fmt: skip


def word_locally(request: Request, list_name: str, pk: uuid.UUID) -> HttpResponse:
    """What one's own place calls an inherited entry."""
    place = _place_of(request)
    found = _entry(place, list_name, pk)
    actions.word_locally.may(request.actor, [], {"jurisdiction": place})
    known: dict[str, Any] = {"jurisdiction": place, "list_name": list_name, "code": found.code}
    present = LocalWording.objects.filter(**known).first()
    initial = {name: getattr(present, name) for name in ("zh", "en", "hidden")} if present else {}

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return actions.word_locally.call(**meta)(**known, actor=request.actor, **cleaned)

    page = _page(found, LedgerVerb.WORD_LOCALLY, _("只改本级和下级的叫法或停用，统计仍按代码合到一起。"))
    return act_on_form(request, partial(forms.WordingForm, initial=initial), page, call)


def _serve(
    request: Request,
    found: Labelled,
    form: Callable[..., Any],
    verb: Any,
    *,
    then: str,
    arguments: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> HttpResponse:
    """The form of a verb about an entry: authority is asked before anything is typed, and again when it is sent."""
    if request.method != "POST":
        verb.may(request.actor, [found], {})

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return verb.call(**meta)(found, actor=request.actor, **arguments(cleaned))

    return act_on_form(request, form, _page(found, LedgerVerb(verb.name), then), call, subjects=[found])


def _page(found: Labelled, name: LedgerVerb, consequence: str) -> ActionPage:
    back = reverse("ledger:entry", args=[found.list_name, found.pk])

    def done(made: Any) -> str:
        return reverse("ledger:entry", args=["sector", made.pk]) if isinstance(made, Sector) else back

    return ActionPage(
        title=LABELS[name],
        subjects=[f"{found.label} · {found.code}"],
        consequence=consequence,
        submit_label=LABELS[name],
        said=_("已办理：%(title)s") % {"title": LABELS[name]},
        cancel_url=back,
        done=done,
    )
