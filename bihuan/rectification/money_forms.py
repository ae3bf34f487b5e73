"""What is typed about money: amount with its unit, way, day, document."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.ledger.models import TermKind
from bihuan.ledger.taxonomy import term_choices
from bihuan.rectification.money_queries import correctable, reductions_asked
from bihuan.rectification.money_rules import Unit

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem

UNITS: Final = [(Unit.WAN.value, _("万元")), (Unit.YUAN.value, _("元")), (Unit.YI.value, _("亿元"))]


class AmountForm(forms.Form):
    """An amount in the unit it was written in; it is kept in yuan, exactly."""

    amount = forms.DecimalField(label=_("金额"), max_digits=20, decimal_places=10)
    unit = forms.ChoiceField(label=_("单位"), choices=UNITS)


class MoneyForm(AmountForm):
    """One sum put right."""

    way = forms.ChoiceField(label=_("方式"), choices=lambda: term_choices(TermKind.MONEY_WAY))
    on = forms.DateField(label=_("日期"), initial=today)
    document_no = forms.CharField(
        label=_("凭据"), max_length=120, help_text=_("缴款书、回单、调账凭证等的编号。")
    )
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    explanation = forms.CharField(
        label=_("多于涉及金额的原因"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如利息、滞纳金；不多出的不填。"),
    )
    file = forms.FileField(label=_("凭据扫描件"), required=False)


class EntryForm(forms.Form):
    """Which entry."""

    entry = forms.ChoiceField(label=_("哪一笔"))

    def offer(self, entries: list[Any]) -> None:
        """The entries there are."""
        self.fields["entry"].choices = [(str(one.pk), str(one)) for one in entries]  # type: ignore[attr-defined]

    def clean_entry(self) -> uuid.UUID:
        """Its id."""
        return uuid.UUID(self.cleaned_data["entry"])


class CorrectForm(EntryForm, AmountForm):
    """What would have been right."""

    amount = forms.DecimalField(
        label=_("正确的金额"),
        max_digits=20,
        decimal_places=10,
        min_value=0,
        help_text=_("填 0 即撤销这一笔。"),
    )
    reason = forms.CharField(label=_("更正理由"), widget=forms.Textarea(attrs={"rows": 2}))
    explanation = forms.CharField(
        label=_("多于涉及金额的原因"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(correctable(problem))
        self.order_fields(["entry", "amount", "unit", "reason", "explanation"])


class ReductionForm(AmountForm):
    """So much is not in question."""

    on = forms.DateField(label=_("日期"), initial=today)
    document_no = forms.CharField(label=_("凭据"), max_length=120)
    reason = forms.CharField(label=_("核减理由"), widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=_("凭据扫描件"), required=False)


class DecideReductionForm(EntryForm):
    """A second person's word on it."""

    approve = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("同意核减")), ("no", _("不同意核减"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("审批意见"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(reductions_asked(problem))
