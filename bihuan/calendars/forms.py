"""What people may send to this room's actions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

WORKING, OFF, AS_ABOVE = "working", "off", "as_above"


class DayForm(forms.Form):
    """What a day is, and what it is called."""

    what = forms.ChoiceField(
        label=_("这一天"),
        choices=[(OFF, _("休息")), (WORKING, _("上班")), (AS_ABOVE, _("不单独设定（按星期或上级日历）"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("名称"), max_length=40, required=False, help_text=_("如“国庆节”“调休上班”。")
    )


class BasisForm(forms.Form):
    """The notice a calendar rests on."""

    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("放假通知的名称和文号。"))
