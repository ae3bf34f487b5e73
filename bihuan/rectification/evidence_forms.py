"""A corrected file for a proof that is there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bihuan.rectification.forms import EvidenceField, ProblemForm, text
from bihuan.rectification.models import Evidence


class ReplaceEvidenceForm(ProblemForm):
    """Which proof, the file that takes its place, and why."""

    def offer(self) -> None:
        """The proofs of this round; those of earlier rounds stay as they were."""
        proofs = Evidence.objects.filter(problem=self.problem, round=self.problem.round).order_by("-id")
        self.fields["evidence"] = EvidenceField(label=_("要更换的佐证"), queryset=proofs)
        self.fields["upload"] = forms.FileField(label=_("更正后的文件"))
        self.fields["taken_on"] = forms.DateField(label=_("形成日期"), required=False)
        self.fields["caption"] = forms.CharField(
            label=_("说明"), max_length=200, required=False, help_text=_("不填的沿用原来的说明。")
        )
        self.fields["reason"] = text(
            _("更换理由"), help_text=_("原来的版本连同理由保留，验收人看得到全部版本。")
        )

    def clean(self) -> dict[str, Any]:
        """Nothing typed for the caption means the earlier one."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["caption"] = cleaned.get("caption") or ""
        return cleaned
