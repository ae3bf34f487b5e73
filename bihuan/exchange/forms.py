"""What people may send to this room's actions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.exchange.actions import LONGEST_DAYS
from bihuan.journal.timesource import today

FIRST_DAYS = 90


def first_end() -> date:
    """The last day a form proposes."""
    return today() + timedelta(days=FIRST_DAYS)


class KeyForm(forms.Form):
    """What the key is for, and until when."""

    purpose = forms.CharField(
        label=_("用途"), max_length=120, help_text=_("写明哪个系统、做什么，如“政务内网门户取待办”。")
    )
    expires_on = forms.DateField(
        label=_("有效期至"),
        initial=first_end,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("最长 %(days)d 天，到期自动失效。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Filled in where somebody reads it: in the class it would speak the language the program was started in.
        expires = self.fields["expires_on"]
        expires.help_text = expires.help_text % {"days": LONGEST_DAYS}
