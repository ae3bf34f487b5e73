"""What people may send on an approval; the fields are named as the actions' arguments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.organizations.choices import person_field, post_field


class OpinionForm(forms.Form):
    """Agreeing, in one's own words or in the usual one."""

    opinion = forms.CharField(
        label=_("意见"), max_length=1000, required=False, widget=forms.Textarea, help_text=_("留空即“同意”。")
    )


class ReturnForm(forms.Form):
    """What is missing."""

    reason = forms.CharField(
        label=_("退回理由"), max_length=1000, widget=forms.Textarea, help_text=_("写明缺什么、要补什么。")
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea)


class SignerForm(forms.Form):
    """Another post on the route."""

    post = post_field(_("加签岗位"))
    name = forms.CharField(label=_("环节名称"), max_length=40, initial=_("会签"))
    after = forms.ChoiceField(
        label=_("顺序"),
        choices=[("", _("先由其签署，再回到当前环节")), ("1", _("当前环节之后"))],
        required=False,
    )

    def clean_after(self) -> bool:
        """As the action takes it."""
        return bool(self.cleaned_data["after"])


class PaperForm(forms.Form):
    """A decision taken on paper."""

    outcome = forms.ChoiceField(label=_("结果"), choices=[("approve", _("同意")), ("return", _("退回"))])
    decided_by_name = forms.CharField(label=_("签批人姓名"), max_length=60)
    decided_by = person_field(
        _("在系统中的人员"), required=False, help_text=_("同名或不在该岗位时选定；系统外的领导留空。")
    )
    decided_on = forms.DateField(label=_("签批日期"), initial=today)
    opinion = forms.CharField(
        label=_("签批意见原文"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("照签批件抄录，一字不改。"),
    )
    document_no = forms.CharField(label=_("文号"), max_length=100, required=False)
    upload = forms.FileField(label=_("签批件扫描件"), help_text=_("PDF 或图片。"))
