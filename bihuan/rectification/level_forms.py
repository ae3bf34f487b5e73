"""What is typed when the level that is told for the record does not take a closure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.rectification.acceptance_words import FAILED, GATES
from bihuan.rectification.forms import text


class RefuseFilingForm(forms.Form):
    """Who refused the filing, by which document, at which gates and for want of what."""

    authority = forms.CharField(label=_("备案机关"), max_length=120)
    document_no = forms.CharField(label=_("文号"), max_length=100)
    refused_on = forms.DateField(label=_("日期"))
    what_is_missing = text(_("缺什么、怎样补正"), rows=5)
    file = forms.FileField(label=_("来文"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["failed"] = forms.MultipleChoiceField(
            label=_("哪一关不符合"), choices=list(GATES.items()), widget=forms.CheckboxSelectMultiple
        )
        self.order_fields(["authority", "document_no", "refused_on", "failed", "what_is_missing", "file"])

    def clean(self) -> dict[str, Any]:
        """The gates as the action takes them."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["gates"] = dict.fromkeys(cleaned.pop("failed", []), FAILED)
        return cleaned
