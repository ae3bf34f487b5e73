"""What people send to this room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why one goes back."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea,
        help_text=_("一句话即可，例如“近期几条明显说错”。"),
    )
