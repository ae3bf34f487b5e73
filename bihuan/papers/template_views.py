"""The words of papers, which a place owns: their list, one kind with its versions, and the form with its live preview."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.journal.action import NotAllowed
from bihuan.journal.timesource import today
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.tree import ids_on
from bihuan.papers import actions, forms, templating
from bihuan.papers.kinds import KINDS, PaperKind, offered_names
from bihuan.papers.models import PaperTemplate
from bihuan.papers.policy import is_of_office
from bihuan.papers.queries import versions_for, words_for
from bihuan.papers.rules import template_in_force
from bihuan.papers.starting_words import STARTING_WORDS
from bihuan.papers.verbs import LABELS, Verb

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.acting import Request
    from bihuan.organizations.models import Unit


@require_safe
def templates(request: Request) -> HttpResponse:
    """Every kind with the words that hold here today."""
    place = _place(request)
    chain = list(reversed(ids_on(place.path)))
    found: dict[str, list[PaperTemplate]] = {}
    for one in PaperTemplate.objects.filter(jurisdiction__in=chain).select_related("jurisdiction"):
        found.setdefault(one.kind, []).append(one)
    rows = [
        _row(kind, template_in_force(found.get(kind.code, []), chain=chain, on=today()))
        for kind in KINDS.values()
    ]
    heads = (("kind", _("种类")), ("family", _("类别")), ("title", _("标题")), ("words", _("现行文字")))
    table = {
        "caption": _("文书模板"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": rows,
    }
    return render(request, "papers/templates.html", {"table": table, "place": place.name})


def _row(kind: PaperKind, held: PaperTemplate | None) -> dict[str, Any]:
    title = held.title if held else STARTING_WORDS[kind.code].title
    return {
        "id": kind.code,
        "url": reverse("papers:template", args=[kind.code]),
        "name": str(kind.label),
        "cells": [kind.label, _("表单") if kind.is_form else _("公文"), title, _origin(held)],
    }


def _origin(held: PaperTemplate | None) -> str:
    if held is None:
        return _("起始文字")
    return _("%(place)s · 第 %(version)d 版") % {"place": held.jurisdiction.name, "version": held.version}


@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """One kind: the words that hold here, what they may use, and every version."""
    sort, place = _kind(kind), _place(request)
    words, held = words_for(kind, place)
    edits = is_of_office(request.actor, place)
    return render(
        request,
        "papers/template.html",
        {
            "title": sort.label,
            "crumbs": [{"words": _("文书模板"), "url": reverse("papers:templates")}],
            "words": words,
            "origin": _origin(held),
            "names": offered_names(sort),
            "versions": _versions(request, kind, place) if held or versions_for(kind, place) else None,
            "edit_url": reverse("papers:edit_template", args=[kind]) if edits else "",
        },
    )


def _versions(request: Request, kind: str, place: Unit) -> dict[str, Any]:
    heads = (("no", _("版本")), ("place", _("制定")), ("from", _("自")), ("until", _("至")), ("act", ""))
    return {
        "caption": _("历次版本"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [
            {
                "id": str(one.pk),
                "cells": [
                    _("第 %(version)d 版") % {"version": one.version},
                    one.jurisdiction.name,
                    one.valid_from,
                    one.valid_until,
                    _withdrawal(request, one),
                ],
            }
            for one in versions_for(kind, place)
        ],
    }


def _withdrawal(request: Request, one: PaperTemplate) -> Any:
    over = one.valid_until is not None and one.valid_until < today()
    if over or not is_of_office(request.actor, one.jurisdiction):
        return ""
    return {"piece": "link", "words": _("停用"), "url": reverse("papers:withdraw_template", args=[one.pk])}


def edit(request: Request, kind: str) -> HttpResponse:
    """New words, beginning with those that hold."""
    sort, place = _kind(kind), _place(request)
    if request.method != "POST":
        actions.enact_template.may(request.actor, (), {"jurisdiction": place})
    words, _held = words_for(kind, place)
    form = partial(forms.TemplateForm, initial={"title": words.title, "body": words.body})

    def call(cleaned: dict[str, Any], meta: Meta) -> PaperTemplate:
        cleaned.pop("seen", None)
        return actions.enact_template.call(**meta)(
            kind=kind, jurisdiction=place, actor=request.actor, **cleaned
        )

    page = ActionPage(
        title=_("修改模板：%(kind)s") % {"kind": sort.label},
        done=lambda _made: reverse("papers:template", args=[kind]),
        consequence=_("新版本从生效日起用于本级和下级新起草的文书；已起草的不变。"),
        submit_label=_("制定新版本"),
        said=_("新模板已制定。"),
        cancel_url=reverse("papers:template", args=[kind]),
        crumbs=[{"words": _("文书模板"), "url": reverse("papers:templates")}],
        template="papers/edit_template.html",
        context={
            "names": offered_names(sort),
            "shown_url": reverse("papers:show_template", args=[kind]),
            "is_form": sort.is_form,
            "asks": sort.asks,
        },
    )
    return act_on_form(request, form, page, call)


@require_POST
def shown(request: Request, kind: str) -> HttpResponse:
    """How the words being typed would look, with the names of their places in them; nothing is written."""
    sort = _kind(kind)
    actions.enact_template.may(request.actor, (), {"jurisdiction": _place(request)})
    title = request.POST.get("title", "")[: actions.LONGEST_TEMPLATE_TITLE]
    body = request.POST.get("body", "")[: templating.LONGEST_BODY]
    offered = offered_names(sort)
    faults = [*templating.faults_in(title, offered), *templating.faults_in(body, offered)]
    values = {name: f"〈{name}〉" for name in offered}
    context = {"faults": faults, "heading": templating.filled(title, values), "is_form": sort.is_form}
    if sort.is_form:
        context["rows"] = templating.form_lines(body, values)
    else:
        context["lines"] = templating.filled_lines(body, values)
    return render(request, "papers/shown.html", context)


def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """End a version."""
    found = PaperTemplate.objects.select_related("jurisdiction").filter(pk=pk).first()
    if found is None or found.jurisdiction_id not in ids_on(_place(request).path):
        raise Http404
    if request.method != "POST":
        actions.withdraw_template.may(request.actor, [found], {})

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        cleaned.pop("seen", None)
        actions.withdraw_template.call(**meta)(found, actor=request.actor, **cleaned)

    back = reverse("papers:template", args=[found.kind])
    page = ActionPage(
        title=LABELS[Verb.WITHDRAW],
        done=lambda _result: back,
        consequence=_("停用后恢复此前的版本、上级模板或起始文字。"),
        submit_label=_("停用"),
        said=_("模板已停用。"),
        cancel_url=back,
        subjects=[f"{_kind(found.kind).label} · {_origin(found)}"],
    )
    return act_on_form(request, forms.WithdrawForm, page, call, subjects=[found])


def _kind(code: str) -> PaperKind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def _place(request: Request) -> Unit:
    """The jurisdiction the actor's post lies in."""
    found = jurisdiction_of(request.actor)
    if found is None:
        raise NotAllowed(_("您的岗位不属于任何设有整改办的单位。"), accepted=_("请换用有岗位的身份。"))
    return found
