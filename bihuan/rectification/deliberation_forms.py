"""The part of a form that asks for the unit's meeting: only where policy asks for one, and what is there already said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.rectification.deliberating import DeliberationDraft, standing, wanted
from bihuan.rectification.models import Deliberation

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem

NAMES: Final = ("body", "held_on", "document_no", "approved_on", "deliberation_file")


def add_deliberation(form: forms.Form, problem: Problem, about: Deliberation.About) -> None:
    """Put the fields into the form, if this problem needs them. What is missing the action says, all at once."""
    if not wanted(problem, about):
        return
    known = standing(problem, about)
    note = (
        _("本轮已登记：%(body)s %(on)s %(no)s。重新研究过的再填。")
        % {
            "body": known.get_body_display(),
            "on": known.held_on.isoformat(),
            "no": known.document_no,
        }
        if known
        else _("这个问题按规定要先经会议研究、主要负责人批准。")
    )
    fields = {
        "body": forms.ChoiceField(
            label=gettext_lazy("研究的会议"),
            choices=Deliberation.Body.choices,
            required=False,
            help_text=note,
        ),
        "held_on": forms.DateField(label=gettext_lazy("会议日期"), required=False),
        "document_no": forms.CharField(label=gettext_lazy("会议纪要或文号"), max_length=100, required=False),
        "approved_on": forms.DateField(label=gettext_lazy("主要负责人批准日期"), required=False),
        "deliberation_file": forms.FileField(label=gettext_lazy("纪要或签批件"), required=False),
    }
    form.fields.update(fields)


def take_deliberation(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, as the action takes it: one draft for the fields of this part."""
    if "deliberation_file" not in cleaned:
        return cleaned
    rest = {name: value for name, value in cleaned.items() if name not in NAMES}
    draft = DeliberationDraft(
        body=cleaned.get("body") or "",
        held_on=cleaned.get("held_on"),
        document_no=cleaned.get("document_no") or "",
        approved_on=cleaned.get("approved_on"),
        file=cleaned.get("deliberation_file"),
    )
    return rest | {"deliberation": draft}
