"""What the keeper of restricted channels and the receiver of clues may send. Fields are named as the arguments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.ledger.forms import DAY, TEXT, PostField


class ChannelForm(forms.Form):
    """A new channel."""

    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("不要写出内容，例如 ZX-01。"))
    name = forms.CharField(label=_("名称"), max_length=120)
    number_pattern = forms.CharField(
        label=_("编号样式"),
        max_length=80,
        initial="ZX-{year}-{serial:03}",
        help_text=_("专线里的问题另成一列编号；要有流水号，开头不能和台账的编号相同。"),
    )


class AdmitForm(forms.Form):
    """A post, and for how long."""

    post = PostField(label=_("岗位"))
    since = forms.DateField(label=_("自"), widget=DAY, initial=today)
    last_day = forms.DateField(
        label=_("最后一天"), widget=DAY, required=False, help_text=_("长期知悉的留空。")
    )


class DismissForm(forms.Form):
    """Why a post may not know any more."""

    reason = forms.CharField(label=_("理由"), widget=TEXT)


class HandOverForm(forms.Form):
    """The receipt of the body that took the clue over."""

    receipt_no = forms.CharField(
        label=_("回执编号"), max_length=100, help_text=_("接收机关出具的回执上的编号。")
    )


class ReturnClueForm(forms.Form):
    """Why what was held is no clue."""

    reason = forms.CharField(label=_("退回理由"), max_length=200)
