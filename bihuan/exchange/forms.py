"""What people may send to this room's actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.exchange.actions import policy_at
from bihuan.journal.timesource import today

if TYPE_CHECKING:
    from bihuan.journal.action import Actor


class KeyForm(forms.Form):
    """What the key is for, and until when."""

    purpose = forms.CharField(
        label=_("用途"), max_length=120, help_text=_("写明哪个系统、做什么，如“政务内网门户取待办”。")
    )
    expires_on = forms.DateField(
        label=_("有效期至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("最长 %(days)d 天，到期自动失效。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = policy_at(actor, today()).body
        expires = self.fields["expires_on"]
        expires.initial = today() + timedelta(days=terms["proposed_days"])
        # Filled in where somebody reads it: in the class it would speak the language the program was started in.
        expires.help_text = expires.help_text % {"days": terms["longest_days"]}
