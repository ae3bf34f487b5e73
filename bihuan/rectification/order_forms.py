"""What is asked when an assignment order is drafted and issued."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.journal.timesource import today
from bihuan.ledger.forms import UnitField
from bihuan.organizations.queries import open_units
from bihuan.rectification.forms import text


class OrderForm(forms.Form):
    """Head of an assignment order."""

    title = forms.CharField(label=_("标题"), max_length=200)
    requirement = text(_("交办要求"), required=False)


class IssueForm(forms.Form):
    """What the document office gave."""

    document_no = forms.CharField(label=_("文号"), max_length=100, help_text=_("例如：云整改〔2026〕3号"))
    issued_on = forms.DateField(label=_("下达日期"), initial=today)


class ItemForm(forms.Form):
    """One row of an order."""

    task = text(_("任务"), rows=2, required=False)
    measure = text(_("措施"), rows=3, required=False, help_text=_("一行一条；单位的方案可以补充，不能少。"))
    lead_unit = UnitField(label=_("牵头单位"))
    external_deadline = DeadlineField(label=_("外部期限"))
    internal_deadline = DeadlineField(label=_("内部期限"))
    requirement = text(_("具体要求"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supporting_units"] = forms.ModelMultipleChoiceField(
            label=_("配合单位"), queryset=open_units().order_by("level", "path"), required=False
        )
        self.order_fields(
            ["task", "measure", "lead_unit", "supporting_units", "external_deadline", "internal_deadline"]
        )
