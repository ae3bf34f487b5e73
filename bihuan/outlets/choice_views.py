"""One's own choice: what is told outside the program and how, with what nobody may switch off shown locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.vault import open_personal
from bihuan.messages.kinds import Matter
from bihuan.organizations.action_pages import ActionPage, act_on_form
from bihuan.organizations.models import Person
from bihuan.organizations.pages import SignedInPage
from bihuan.organizations.rules import masked_email, masked_mobile
from bihuan.organizations.tables import page_of
from bihuan.outlets import actions
from bihuan.outlets.queries import compulsory_for, declined_by, reaching
from bihuan.outlets.routing import address_reference, declining
from bihuan.outlets.ways import Way

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# As people call what arrives; to an administrator the ways are a mail server and a gateway.
WAYS = {Way.MAIL: gettext_lazy("邮件"), Way.SMS: gettext_lazy("短信")}


class ChoiceForm(forms.Form):
    """Which boxes stay ticked; a box that is locked is not among them."""

    wanted = forms.MultipleChoiceField(
        required=False,
        choices=[(declining(matter, way), "") for matter in Matter.values for way in WAYS],
        widget=forms.CheckboxSelectMultiple,
    )


class OwnChoice(SignedInPage):
    """The page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is chosen."""
        return self.answer()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Choose."""
        return self.answer()

    def answer(self) -> HttpResponse:
        """The form, or its result."""
        person = Person.objects.get(pk=self.actor.person)
        table = choice_table(person)
        page = ActionPage(
            title=_("消息接收"),
            done=lambda _made: reverse("outlets:choose"),
            submit_label=_("保存"),
            said=_("已保存。"),
            cancel_url=page_of(person),
            template="outlets/choice.html",
            context={"table": table, "person_url": page_of(person)},
        )

        def call(cleaned: dict[str, Any], meta: dict[str, Any]) -> Any:
            free = {cell["value"] for row in table["rows"] for cell in row["cells"] if not cell["locked"]}
            return actions.choose.call(**meta)(
                declined=sorted(free - set(cleaned["wanted"])), actor=self.actor
            )

        return act_on_form(self.request, ChoiceForm, page, call)


def choice_table(person: Person) -> dict[str, Any]:
    """A row a matter, a column a way; each cell ticked or not, free or locked with the reason."""
    on = {outlet.way: outlet for outlet in reaching(person.pk)}
    compulsory, declined = compulsory_for(person.pk), declined_by(person.pk)
    return {
        "heads": list(WAYS.values()),
        "facts": [_fact(person, way, reached=way in on) for way in WAYS],
        "rows": [
            {
                "label": matter.label,
                "cells": [_cell(matter, way, compulsory, declined) for way in WAYS],
            }
            for matter in Matter
        ],
    }


def _cell(matter: Matter, way: str, compulsory: frozenset[str], declined: frozenset[str]) -> dict[str, Any]:
    value, locked = declining(matter, way), matter in compulsory
    return {
        "value": value,
        "head": WAYS[Way(way)],
        "ticked": locked or value not in declined,
        "locked": locked,
        "why": _("规则规定必须接收") if locked else "",
    }


def _fact(person: Person, way: Way, *, reached: bool) -> dict[str, Any]:
    """Where the way leads, masked, and why nothing comes that way where nothing does."""
    mask = masked_email if way == Way.MAIL else masked_mobile
    address = open_personal(address_reference(person, way))
    words = mask(address) if address else _missing(way)
    if not reached:
        words = _("%(address)s · 本地还没有启用这种渠道") % {"address": words}
    return {"label": WAYS[way], "value": words}


def _missing(way: str) -> str:
    return _("没有登记邮箱") if way == Way.MAIL else _("没有登记手机号")
