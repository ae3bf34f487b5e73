"""What people may send to this room's actions. Fields are named as the arguments they become."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.authenticity.actions import ANSWERS


class WeighForm(forms.Form):
    """What the acceptor says of a doubt."""

    weight = forms.ChoiceField(
        label=_("判断"), choices=[(one.value, one.label) for one in ANSWERS], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("判断理由"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("问了谁、看了什么、对照了哪份材料。"),
    )
