"""What people may send to the ladder's actions. Fields are named as the arguments they become."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.ladder.conducting import LONGEST, NONE
from bihuan.deadlines.models import Conduct


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class DelistForm(ReasonForm):
    """To which level, and what has changed."""

    to = forms.ChoiceField(label=_("降为"))

    def __init__(self, *args: Any, levels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = levels  # type: ignore[attr-defined]  # a choice field has choices
        self.order_fields(["to", "reason"])


class OpenConductForm(forms.Form):
    """What kind of conduct, on which facts, against which rule."""

    kind = forms.ChoiceField(label=_("整改行为"), choices=Conduct.Kind.choices)
    facts = forms.CharField(
        label=_("事实"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("何时、何事、何据，一条一条写；牵头单位看得到，可以申辩。"),
    )
    basis = forms.CharField(
        label=_("依据"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("法规、文件的名称、文号和条款。"),
    )


class ReplyForm(forms.Form):
    """The unit's own words."""

    reply = forms.CharField(label=_("申辩"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))


class DetermineForm(forms.Form):
    """What is to be decided."""

    finding = forms.ChoiceField(label=_("拟认定为"), choices=[*Conduct.Kind.choices, (NONE, _("不予认定"))])
    opinion = forms.CharField(
        label=_("意见"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("对事实和申辩逐条说明是否成立。"),
    )
