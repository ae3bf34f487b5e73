"""What people may send to this room's actions. Fields are named as the arguments they become."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.lookback.queries import units_with_inspectors


class AssignForm(forms.Form):
    """Who is sent, and perhaps another date."""

    unit = forms.ModelChoiceField(
        label=_("核查单位"),
        queryset=units_with_inspectors(),
        empty_label=_("请选择"),
        help_text=_("没有承担整改、没有参加验收的单位。"),
    )
    due_on = forms.DateField(label=_("改到"), required=False, help_text=_("不改日期的留空。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_with_inspectors()  # type: ignore[attr-defined]  # today's, not the start's


class LookForm(forms.Form):
    """What was seen, when, and how."""

    on = forms.DateField(label=_("核查日期"), initial=today)
    opinion = forms.CharField(
        label=_("核查情况"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("看了什么、问了谁、指标现在多少，写事实。"),
    )
    covert = forms.BooleanField(label=_("暗访"), required=False)
    file = forms.FileField(label=_("核查材料"), required=False)


class ReboundForm(LookForm):
    """The same, and the date of the new round."""

    deadline = forms.DateField(
        label=_("新一轮整改期限"), required=False, help_text=_("留空的，按整改时限规则从今天起算。")
    )


class OpenForm(forms.Form):
    """One more look."""

    due_on = forms.DateField(label=_("应于"), initial=today)
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}))
